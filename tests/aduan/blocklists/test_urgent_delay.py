"""An urgent block leaves after a short delay, in which a signer or a lead stops it alone.

Removals never wait.

Seen on e14b882: an urgent block stood on a published list in the second in which it was signed, and nothing
could stop it any more.
"""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction

from aduan.accounts.models import User
from aduan.accounts.roles import Role
from aduan.blocklists import queries, services
from aduan.blocklists.models import BlockList, ListType
from aduan.blocklists.services import agree_rules, build_interims, build_list, propose_rules
from aduan.blocklists.stop_rules import Thresholds
from aduan.cases.models import Block, Case, CaseNotice
from aduan.cases.workflow import CaseAction
from aduan.core.errors import DomainError, Forbidden, WrongState
from aduan.core.models import AuditLogEntry
from aduan.operators.models import Operator
from tests.factories.accounts import person, step_up
from tests.factories.blocklists import NOVEMBER, URGENT_DELAY, a_block, published
from tests.factories.cases import proposed, released, signed

pytestmark = pytest.mark.django_db
MINUTE = dt.timedelta(minutes=1)
SECOND = dt.timedelta(seconds=1)


@pytest.fixture
def lead(db: None) -> User:
    return person("kepala@aduan.example", "Kepala Meja", Role.LEAD)


@pytest.fixture
def mira(db: None) -> User:
    return person("mira@aduan.example", "Mira Utami", Role.LIST_MANAGER)


def urgent(telkomsel: Operator, budi: User, citra: User, now: dt.datetime) -> Block:
    """An urgent block, confirmed at `now`."""
    return a_block(telkomsel, by=(budi, citra), at=now + URGENT_DELAY, urgent=True)


def stop(block: Block, by: User, at: dt.datetime) -> Case:
    return services.stop_urgent_block(block.case, by=by, at=at, reason="Nomor salah ketik.")


def test_no_list_takes_an_urgent_block_before_its_delay_is_over_and_the_next_one_does(
    telkomsel: Operator, budi: User, citra: User, now: dt.datetime
) -> None:
    published(telkomsel, at=now - MINUTE)
    urgent(telkomsel, budi, citra, now)
    assert build_interims(at=now) == []
    assert build_interims(at=now + URGENT_DELAY - SECOND) == []
    month = build_list(telkomsel, period=NOVEMBER, kind=ListType.MONTHLY, at=now + URGENT_DELAY - SECOND)
    assert month is not None
    assert month.count == 0
    (made,) = build_interims(at=now + URGENT_DELAY)
    assert (made.state, made.added_count) == (BlockList.State.PUBLISHED, 1)


def test_a_removal_does_not_wait(
    telkomsel: Operator, budi: User, citra: User, agus: User, now: dt.datetime
) -> None:
    block = a_block(telkomsel, by=(budi, citra), at=now - MINUTE)
    published(telkomsel, at=now - MINUTE)
    released(block.case, by=agus, at=now)
    urgent(telkomsel, budi, citra, now)
    (removal,) = build_interims(at=now)
    assert (removal.removed_count, removal.added_count) == (1, 0)
    assert removal.state == BlockList.State.PUBLISHED


@pytest.mark.parametrize("who", ["budi", "citra", "lead"])
def test_either_signer_or_a_lead_stops_it_alone_and_the_case_is_in_review_again(
    request: pytest.FixtureRequest,
    who: str,
    telkomsel: Operator,
    budi: User,
    citra: User,
    now: dt.datetime,
) -> None:
    by = request.getfixturevalue(who)
    block = urgent(telkomsel, budi, citra, now)
    assert queries.stoppable_until(block.case, viewer=by, at=now) == now + URGENT_DELAY
    case = stop(block, by, now + MINUTE)
    block.refresh_from_db()
    assert (case.status, block.release_reason, block.released_by) == ("open", "stopped", by)
    assert build_interims(at=now + 5 * MINUTE) == []
    assert AuditLogEntry.objects.filter(action="case.stop_urgent", actor=f"user:{by.pk}").count() == 1


def test_no_one_else_stops_it_and_no_one_does_when_a_list_may_have_it(
    telkomsel: Operator, budi: User, citra: User, agus: User, lina: User, now: dt.datetime
) -> None:
    published(telkomsel, at=now - MINUTE)
    block = urgent(telkomsel, budi, citra, now)
    for other in (agus, lina):
        assert queries.stoppable_until(block.case, viewer=other, at=now) is None
        with pytest.raises(Forbidden):
            stop(block, other, now)
    build_interims(at=now + URGENT_DELAY)
    assert queries.stoppable_until(block.case, viewer=budi, at=now + URGENT_DELAY) is None
    with pytest.raises(WrongState, match="too_late_to_stop"):
        stop(block, budi, now + URGENT_DELAY)


def test_the_database_lets_no_block_end_this_way_that_a_list_has_or_that_another_person_names(
    telkomsel: Operator, budi: User, citra: User, agus: User, now: dt.datetime
) -> None:
    """With the right to write rows, but neither a second person nor a signer's name and moment."""
    published(telkomsel, at=now - MINUTE)
    block = urgent(telkomsel, budi, citra, now)
    forged = """UPDATE cases_block SET released_at = %s, released_on = valid_from,
        release_reason = 'stopped', released_by_id = %s WHERE id = %s"""

    def tried(late: dt.timedelta, by: User) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(forged, [block.confirmed_at + late, by.pk, block.pk])

    for late, by in ((SECOND, agus), (URGENT_DELAY, budi)):
        with pytest.raises(IntegrityError, match="two people"):
            tried(late, by)
    build_interims(at=now + URGENT_DELAY)
    with pytest.raises(IntegrityError, match="two people"):
        tried(SECOND, budi)


def test_what_was_stopped_is_never_announced_and_the_second_decision_is(
    telkomsel: Operator, budi: User, citra: User, now: dt.datetime
) -> None:
    published(telkomsel, at=now - MINUTE)
    block = urgent(telkomsel, budi, citra, now)
    case = stop(block, citra, now + MINUTE)
    proposed(case, by=budi, at=now + 2 * MINUTE, urgent=True)
    signed(case, by=citra, at=now + 2 * MINUTE)
    build_interims(at=now + 2 * MINUTE + URGENT_DELAY)
    notices = CaseNotice.objects.filter(event__action=CaseAction.CONFIRM_BLOCK).order_by("pk")
    assert [notice.announced_at is not None for notice in notices] == [False, True]


def test_two_list_managers_set_the_delay_within_bounds(
    telkomsel: Operator, budi: User, citra: User, lina: User, mira: User, now: dt.datetime
) -> None:
    def rules(seconds: int) -> None:
        asked = propose_rules(
            Thresholds(urgent_delay_seconds=seconds),
            cooling_off=dt.timedelta(hours=1),
            reason="uji",
            by=lina,
            step_up=step_up(lina, now),
            at=now,
        )
        agree_rules(asked, by=mira, step_up=step_up(mira, now), at=now)

    published(telkomsel, at=now - MINUTE)
    urgent(telkomsel, budi, citra, now)
    rules(600)
    assert build_interims(at=now + 599 * SECOND) == []
    assert len(build_interims(at=now + 600 * SECOND)) == 1
    with pytest.raises(DomainError, match="beyond_bounds"):
        rules(0)
