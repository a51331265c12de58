"""What belongs to a sandbox is in no figure: the same world is counted, and then given to the sandboxes."""

from __future__ import annotations

import datetime as dt

import pytest

from aduan.accounts.models import User
from aduan.operators.models import Operator
from aduan.statistics import queries
from aduan.statistics.datasets import DATASETS
from aduan.statistics.services.counting import totals_now
from aduan.statistics.services.snapshots import write_snapshot
from tests.conftest import JAKARTA
from tests.factories.accounts import past_triggers
from tests.factories.blocklists import a_block, published
from tests.factories.cases import make_case, reasons, released
from tests.factories.complaints import filed
from tests.factories.holds import held, hold_rules
from tests.factories.objections import proven_objection
from tests.factories.referrals import platform, referred
from tests.factories.statistics import decided_campaign

pytestmark = pytest.mark.django_db
AT = dt.datetime(2026, 10, 20, 9, tzinfo=JAKARTA)


def counted() -> dict[str, int]:
    first, last = AT.date() - dt.timedelta(days=40), AT.date() + dt.timedelta(days=40)
    return {name: sum(totals_now(one, first=first, last=last).values()) for name, one in DATASETS.items()}


def test_what_belongs_to_a_sandbox_is_in_no_figure(
    budi: User, citra: User, agus: User, telkomsel: Operator
) -> None:
    reasons()
    hold_rules()
    platform()
    filed(AT, "0813-9876-5432")
    referred("0812-3456-7890", at=AT, by=budi, second=citra)
    block = a_block(telkomsel, by=(budi, citra), at=AT)
    published(telkomsel, at=AT + dt.timedelta(days=11))
    proven_objection(block.case, at=AT, filed_at=AT, due_at=AT)
    held(telkomsel, first=budi, second=citra, at=AT + dt.timedelta(days=12))
    released(block.case, by=agus, at=AT + dt.timedelta(days=13))
    decided_campaign(10, at=AT)
    for _turn in range(10):
        make_case(telkomsel, at=AT)
    night = AT + dt.timedelta(days=30)
    assert min(counted().values()) >= 1, counted()
    assert [one.code for one in queries.receivers(day=AT.date())] == ["telkomsel", "whatsapp"]
    with past_triggers():
        Operator.objects.update(is_sandbox=True)
    assert set(counted().values()) == {0}, counted()
    snapshot = write_snapshot(at=night)
    figures = queries.figures_of(snapshot)
    assert {value for name, value in figures.items() if name.endswith(".total")} <= {"<10", "*"}
    assert {value for name, value in figures.items() if name.startswith("open_cases.")} == {"<10"}
    assert queries.receivers(day=AT.date()) == []
    assert queries.table_of(snapshot, "lists") == queries.table_of(snapshot, "receivers") == []
