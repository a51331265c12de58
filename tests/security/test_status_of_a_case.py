"""The status of a case, written by SQL as the application's role, against what it stands on.

On 49a605f3 `UPDATE cases_case SET status = 'dismissed' WHERE status = 'confirmed'` passed while the block
stayed on the lists, and so did every other untrue status. A released case turned back to confirmed, which
stopped the job that follows numbers to their new operator.
"""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction

from aduan.accounts.models import User
from aduan.cases.models import Case
from aduan.cases.services import route_blocks
from aduan.cases.workflow import MOVES, Status
from aduan.operators.models import Operator
from tests.factories import cases as make
from tests.factories.accounts import past_triggers
from tests.security.injection import run_sql

pytestmark = pytest.mark.django_db

COMMIT = "; SET CONSTRAINTS ALL IMMEDIATE"
LINE = """
    INSERT INTO cases_caseevent
        (case_id, action, from_status, to_status, created_at, reason, system_reason, detail)
    SELECT id, 'dismiss', status, %(to)s, now(), '', '', '{}' FROM cases_case;"""
TURN = "UPDATE cases_case SET status = %(to)s"


def turn(lines: str, *, to: str) -> None:
    """By SQL, after these lines that only the application could have written."""
    with transaction.atomic():
        if lines:
            with past_triggers(), connection.cursor() as cursor:
                cursor.execute(lines, {"to": to})
        run_sql(TURN + COMMIT, to=to)


@pytest.fixture
def blocked(telkomsel: Operator, budi: User, citra: User, now: dt.datetime) -> Case:
    return make.confirmed(telkomsel, first=budi, second=citra, at=now)


@pytest.mark.parametrize(
    "to", [status for status in Status if status not in ("confirmed", "spoofed", "referred")]
)
def test_no_other_status_while_a_block_is_in_force(blocked: Case, to: str, injected: None) -> None:
    with pytest.raises(IntegrityError, match="has a block in force"):
        turn(LINE, to=to)


@pytest.mark.parametrize("to", ["spoofed", "referred"])
def test_no_other_decision_than_the_one_that_was_confirmed(blocked: Case, to: str, injected: None) -> None:
    with pytest.raises(IntegrityError, match="without a confirmed proposal"):
        turn(LINE, to=to)


@pytest.mark.parametrize(
    ("to", "refusal"),
    [
        ("dismissed", "leaves one waiting"),
        ("open", "leaves one waiting"),
        ("released", "leaves one waiting"),
        ("confirmed", "without a confirmed proposal"),
    ],
)
def test_no_proposal_is_left_behind(
    telkomsel: Operator, budi: User, now: dt.datetime, to: str, refusal: str, request: pytest.FixtureRequest
) -> None:
    make.proposed(make.make_case(telkomsel, at=now), by=budi, at=now)
    request.getfixturevalue("injected")
    with pytest.raises(IntegrityError, match=refusal):
        turn(LINE, to=to)


@pytest.mark.parametrize(
    ("to", "refusal"),
    [
        ("proposed", "waits for whom no proposal names"),
        ("dismissed", "no line about its status"),
        ("not_ours", "no line about its status"),
        ("needs_info", "no line about its status"),
    ],
)
def test_an_open_case_is_not_closed_in_silence(
    telkomsel: Operator, now: dt.datetime, to: str, refusal: str, request: pytest.FixtureRequest
) -> None:
    make.make_case(telkomsel, at=now)
    request.getfixturevalue("injected")
    with pytest.raises(IntegrityError, match=refusal):
        turn("", to=to)


def test_a_line_that_changes_nothing_stands_in_no_ones_way(telkomsel: Operator, now: dt.datetime) -> None:
    """Who holds no lock on the case, such as the end of a hold, may write one with the status of before."""
    case = make.make_case(telkomsel, at=now)
    late = LINE.replace("%(to)s", "status")
    turn(LINE + late, to="dismissed")
    case.refresh_from_db()
    assert case.status == "dismissed"


def test_what_was_released_is_not_confirmed_again(
    blocked: Case, agus: User, now: dt.datetime, request: pytest.FixtureRequest
) -> None:
    make.released(blocked, by=agus, at=now)
    assert route_blocks(at=now) == 0
    request.getfixturevalue("injected")
    with pytest.raises(IntegrityError, match="without a confirmed proposal"):
        turn(LINE, to="confirmed")


def test_the_workflow_leads_from_a_decision_only_to_its_end_or_back_to_the_queue() -> None:
    """What the trigger counts on: no step turns one decision into another."""
    ends = {after for (before, _), after in MOVES.items() if before in (Status.CONFIRMED, Status.REFERRED)}
    assert ends == {Status.CONFIRMED, Status.REFERRED, Status.RELEASED, Status.OPEN}
