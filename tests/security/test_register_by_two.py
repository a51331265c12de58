"""Who moves a blocked number to another operator's list frees its line: that takes two people.

On f247f0c one list manager handed 0811 to another operator, or set the operator of one number, and its block
left the list of the operator that carries it; SQL as the application role did so with one UPDATE.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError

from aduan.accounts.models import ApprovalRequest, User
from aduan.cases import services as cases
from aduan.cases.models import Block
from aduan.cases.services import RangeChangeResult, Terms
from aduan.core.errors import Forbidden, WrongState
from aduan.numbers.models import HolderOverride, PhoneNumber, RoutingTask
from aduan.numbers.services import open_routing_task
from aduan.operators.models import NumberRange, Operator
from tests.factories.accounts import step_up
from tests.factories.blocklists import a_block
from tests.security.injection import run_sql

pytestmark = pytest.mark.django_db
WHY = "Berita Negara 7/2026"
TABLE = (
    "prefix,operator,brand,status,since,until,source,note\n"
    "0811,indosat,Telkomsel,active,2026-11-18,,Berita Negara,merger\n"
)


@pytest.fixture
def block(telkomsel: Operator, indosat: Operator, budi: User, citra: User, now: dt.datetime) -> Block:
    return a_block(telkomsel, by=(budi, citra), at=now, digits=6281100000001)


def _ways(telkomsel: Operator, indosat: Operator, now: dt.datetime, block: Block) -> dict[str, Terms]:
    row = NumberRange.objects.get(prefix="62811")
    day, number = now.date(), PhoneNumber.objects.get(pk=block.number_id)
    task = open_routing_task(number, reason=RoutingTask.Reason.NOT_OURS, at=now)
    return {
        "end": cases.terms_to_end(row, on=day),
        "transfer": cases.terms_to_transfer(row, to=indosat, on=day, source=WHY),
        "merge": cases.terms_to_merge(telkomsel, to=indosat, on=day, source=WHY),
        "add": cases.terms_to_add(
            "08110000", operator=indosat, brand="", status="active", since=day, until=None, source=WHY
        ),
        "import": cases.terms_to_import(TABLE),
        "holder": cases.terms_to_settle(task, operator=indosat),
    }


def _change(terms: Terms, by: User, at: dt.datetime) -> Any:
    return cases.change_register(terms, reason=WHY, by=by, step_up=step_up(by, at), at=at)


@pytest.mark.parametrize("way", ["end", "transfer", "merge", "import", "holder"])
def test_one_person_moves_no_block(
    telkomsel: Operator, indosat: Operator, block: Block, lina: User, rini: User, now: dt.datetime, way: str
) -> None:
    asked = _change(_ways(telkomsel, indosat, now, block)[way], lina, now)
    assert isinstance(asked, ApprovalRequest)
    assert NumberRange.objects.get(prefix="62811").valid.upper is None
    assert not HolderOverride.objects.exists()
    with pytest.raises(Forbidden, match="same_person"):
        cases.approve_register_change(asked, by=lina, step_up=step_up(lina, now), at=now)
    block.refresh_from_db()
    assert block.released_at is None
    done = cases.approve_register_change(asked, by=rini, step_up=step_up(rini, now), at=now)
    assert done.blocks == (way != "end")
    block.refresh_from_db()
    assert (block.release_reason or "in force") == ("in force" if way == "end" else "rerouted")


def test_without_a_block_one_person_keeps_the_register(
    telkomsel: Operator, indosat: Operator, block: Block, lina: User, now: dt.datetime
) -> None:
    row = NumberRange.objects.get(prefix="62812")
    done = _change(cases.terms_to_transfer(row, to=indosat, on=now.date(), source=WHY), lina, now)
    assert isinstance(done, RangeChangeResult)
    assert NumberRange.objects.filter(prefix="62812", operator=indosat).exists()


def test_a_table_is_approved_with_the_meaning_that_it_had(
    telkomsel: Operator, indosat: Operator, block: Block, lina: User, rini: User, now: dt.datetime
) -> None:
    ways, later = _ways(telkomsel, indosat, now, block), now + dt.timedelta(seconds=1)
    table = _change(ways["import"], lina, now)
    merger = _change(ways["merge"], rini, later)
    cases.approve_register_change(merger, by=lina, step_up=step_up(lina, later), at=later)
    with pytest.raises(WrongState, match="contents_changed"):
        cases.approve_register_change(table, by=rini, step_up=step_up(rini, now), at=now)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE numbers_phonenumber SET operator_id = %(to)s",
        "UPDATE operators_numberrange SET operator_id = %(to)s WHERE prefix = '62811'",
        "UPDATE operators_numberrange SET valid = 'empty' WHERE prefix = '62811'",
        """INSERT INTO operators_numberrange (prefix, operator_id, status, valid, source, note)
        SELECT '6281100', %(to)s, 'active', '[2026-01-01,)', '', ''""",
        """INSERT INTO numbers_holderoverride (number_id, operator_id, reason, by_id, at)
        SELECT number_id, %(to)s, 'x', %(by)s, now() FROM cases_block""",
    ],
)
@pytest.mark.parametrize("first", ["", "SET CONSTRAINTS ALL DEFERRED;"])
def test_sql_moves_no_blocked_number(
    indosat: Operator, block: Block, lina: User, injected: None, statement: str, first: str
) -> None:
    with pytest.raises(IntegrityError):
        run_sql(f"{first} {statement}; SET CONSTRAINTS ALL IMMEDIATE", to=indosat.pk, by=lina.pk)
