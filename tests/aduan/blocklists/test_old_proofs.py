"""Downloads and outcomes are proof: kept for ten years, then deleted by the function of the owner alone."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import Error, connection, transaction
from django.utils import timezone

from aduan.accounts.models import User
from aduan.blocklists import services
from aduan.blocklists.models import BlockList, BlockListEntry, Download, Outcome, OutcomeReport
from aduan.blocklists.models import RejectedOutcomeReport as Rejected
from aduan.core.models import AuditLogEntry
from aduan.operators.models import Operator
from tests.database import as_administrator
from tests.factories.blocklists import a_block, published

pytestmark = pytest.mark.django_db
YEAR = dt.timedelta(days=366)
PROOFS = (Download, Outcome, OutcomeReport, Rejected)


@pytest.fixture
def block_list(telkomsel: Operator, budi: User, citra: User, now: dt.datetime) -> BlockList:
    for digits in (6281200000001, 6281200000002):
        a_block(telkomsel, by=(budi, citra), at=now, digits=digits)
    return published(telkomsel, at=now)


def proofs(block_list: BlockList, *, years: float, turn: int) -> None:
    """One download, one report with its outcome, one rejected report, so many years ago."""
    at = timezone.now() - years * YEAR
    of: dict[str, Any] = {"operator": block_list.operator, "block_list": block_list}
    Download.objects.create(**of, file="block.csv", digest="d", complete=True, bytes_sent=1, at=at)
    Rejected.objects.create(**of, code="unknown_list", list_digest="d", at=at)
    report = OutcomeReport.objects.create(
        **of, list_digest="d", rows_digest="r", row_count=1, changed_count=1, at=at
    )
    entry = BlockListEntry.objects.filter(list_id=block_list.pk).order_by("digits")[turn]
    Outcome.objects.create(
        **of, report=report, digits=entry.digits, case_id=entry.case_id, answer="blocked", acted_at=at,
        clock_from=at, due_at=at, reported_at=at, effect_at=at,
    )  # fmt: skip


def counts() -> list[int]:
    return [model._default_manager.count() for model in PROOFS]


def test_only_what_is_older_than_ten_years_goes(block_list: BlockList) -> None:
    proofs(block_list, years=10.1, turn=0)
    proofs(block_list, years=9.9, turn=1)
    assert services.delete_old_proofs(at=timezone.now(), batch=1) == len(PROOFS)
    assert counts() == [1] * len(PROOFS)
    entry = AuditLogEntry.objects.get(action="list_proofs.delete")
    assert entry.detail == {"rows": len(PROOFS)}
    assert services.delete_old_proofs(at=timezone.now()) == 0
    assert AuditLogEntry.objects.filter(action="list_proofs.delete").count() == 1


def test_the_clock_is_the_databases(block_list: BlockList) -> None:
    """A caller that lies about the time deletes nothing."""
    proofs(block_list, years=9, turn=0)
    assert services.delete_old_proofs(at=timezone.now() + 5 * YEAR) == 0
    assert counts() == [1] * len(PROOFS)


@pytest.mark.parametrize("model", PROOFS)
def test_neither_the_application_nor_the_owner_deletes_a_younger_one(
    block_list: BlockList, model: Any
) -> None:
    proofs(block_list, years=9, turn=0)
    delete = f"DELETE FROM {model._meta.db_table}"  # noqa: S608 - a name of ours
    with pytest.raises(Error, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE aduan_app; {delete}")
    with pytest.raises(Error, match="Cannot delete"), transaction.atomic(), as_administrator() as cursor:
        cursor.execute(delete)


@pytest.mark.parametrize("model", [OutcomeReport, Rejected])
def test_a_report_is_never_changed(block_list: BlockList, model: Any) -> None:
    proofs(block_list, years=11, turn=0)
    with pytest.raises(Error, match="Cannot update"), transaction.atomic(), as_administrator() as cursor:
        cursor.execute(f"UPDATE {model._meta.db_table} SET list_digest = ''")  # noqa: S608 - a name of ours


def test_an_outcome_that_was_reported_again_stays_with_its_later_report(block_list: BlockList) -> None:
    proofs(block_list, years=11, turn=0)
    proofs(block_list, years=1, turn=1)
    old, new = OutcomeReport.objects.order_by("pk")
    Outcome.objects.filter(report=old).update(report=new, reported_at=new.at)
    services.delete_old_proofs(at=timezone.now())
    assert Outcome.objects.count() == 2
    assert list(OutcomeReport.objects.all()) == [new]
