"""Half a minute in which one person takes back what they did alone; no complainant hears of it."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import DatabaseError, transaction

from aduan.cases import queries, services
from aduan.cases.dto import ContentsChange
from aduan.cases.models import Case, CaseNotice
from aduan.cases.workflow import Status
from aduan.core.errors import Forbidden, WrongState
from tests.factories import cases as make

pytestmark = pytest.mark.django_db
SECOND = dt.timedelta(seconds=1)
HALF_A_MINUTE = 30 * SECOND
STEPS = {
    "test-ask": services.request_information,
    "test-dismiss": services.dismiss,
    "test-declare_not_ours": services.declare_not_ours,
}


@pytest.fixture
def case(telkomsel, now) -> Case:
    make.reasons()
    return make.make_case(telkomsel, at=now - dt.timedelta(hours=1))


def act(case: Case, by, at, code: str = "test-dismiss") -> Case:
    return STEPS[code](
        case, by=by, at=at, seen_digest=case.contents_digest, reason_code=code, undo_within=HALF_A_MINUTE
    )


@pytest.mark.parametrize("code", STEPS)
def test_what_was_undone_was_never_announced_and_the_old_clock_goes_on(budi, case, now, code):
    due = case.due_at
    act(case, budi, now, code)
    case.refresh_from_db()
    assert queries.announced_status(case, at=now + 29 * SECOND) == Status.OPEN
    assert queries.announcements(case, since=now - SECOND, at=now + 29 * SECOND) == []
    services.undo(case, by=budi, at=now + 29 * SECOND)
    case.refresh_from_db()
    assert case.status == Status.OPEN
    assert case.closed_at is None
    assert case.decided_at is None
    assert case.reopened_count == 0
    assert abs(case.due_at - due) <= HALF_A_MINUTE
    assert queries.announcements(case, since=now - SECOND, at=now + dt.timedelta(days=1)) == []
    assert queries.newest_announcement(case, at=now + dt.timedelta(days=1)) is None


def test_after_half_a_minute_it_stands_and_is_announced(budi, case, now):
    act(case, budi, now)
    with pytest.raises(WrongState) as refused:
        services.undo(case, by=budi, at=now + HALF_A_MINUTE)
    assert refused.value.code == "too_late_to_undo"
    case.refresh_from_db()
    assert queries.announced_status(case, at=now + HALF_A_MINUTE) == Status.DISMISSED
    assert len(queries.announcements(case, since=now, at=now + HALF_A_MINUTE)) == 1


def test_only_its_author_undoes_it_and_only_once(budi, citra, lina, case, now):
    act(case, budi, now)
    with pytest.raises(WrongState):
        services.undo(case, by=citra, at=now + SECOND)
    with pytest.raises(Forbidden):
        services.undo(case, by=lina, at=now + SECOND)
    services.undo(case, by=budi, at=now + SECOND)
    with pytest.raises(WrongState):
        services.undo(case, by=budi, at=now + 2 * SECOND)


def test_a_case_that_moved_on_is_not_undone(budi, case, now):
    act(case, budi, now, "test-ask")
    services.update_contents(case, change=ContentsChange(fingerprint="x", complete=True), at=now + SECOND)
    with pytest.raises(WrongState):
        services.undo(case, by=budi, at=now + 2 * SECOND)


def test_a_proposal_is_withdrawn_not_undone(budi, case, now):
    make.proposed(case, by=budi, at=now)
    with pytest.raises(WrongState):
        services.undo(case, by=budi, at=now + SECOND)


def test_the_database_withdraws_no_notice_that_was_announced(budi, case, now):
    act(case, budi, now)
    notices = CaseNotice.objects.filter(case=case)
    for too_late in (HALF_A_MINUTE, dt.timedelta(days=1)):
        with pytest.raises(DatabaseError), transaction.atomic():
            notices.update(withdrawn_at=now + too_late)
    with pytest.raises(DatabaseError), transaction.atomic():
        notices.update(withdrawn_at=now, text_id="lain")
    notices.update(withdrawn_at=now + SECOND)
    with pytest.raises(DatabaseError), transaction.atomic():
        notices.update(withdrawn_at=None)


def test_an_undone_decision_is_not_read_again_and_stands_among_the_own(budi, agus, case, now):
    act(case, budi, now)
    assert queries.own_decisions(budi, at=now + SECOND)[0].undo_until == now + HALF_A_MINUTE
    services.undo(case, by=budi, at=now + SECOND)
    mine = queries.own_decisions(budi, at=now + 2 * SECOND)
    assert [one.action.value for one in mine] == ["undo", "dismiss"]
    assert all(one.undo_until is None for one in mine)
    assert queries.waiting_quality_reviews(viewer=agus, at=now + dt.timedelta(days=60)) == ()
