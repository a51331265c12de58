"""A block ends by its date, its operator's outcome, or two people who did not decide it.

Until 2026-11-27 (9f931d8) one person released a block, and one list manager who protected `08210*` ended all
blocks under it within seconds.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.db import IntegrityError, transaction

from aduan.accounts.models import User
from aduan.accounts.roles import Role
from aduan.accounts.services import record_step_up
from aduan.cases import services
from aduan.cases.models import Block, Case, ChangeRequest
from aduan.cases.queries import count_waiting_changes, waiting_changes
from aduan.cases.workflow import Status
from aduan.core.audit_actions import AuditAction
from aduan.core.errors import DomainError, Forbidden, Invalid, WrongState
from aduan.core.models import AuditLogEntry
from aduan.numbers.models import RoutingTask
from aduan.operators.models import Operator
from tests.database import as_administrator
from tests.factories import cases as make
from tests.factories.accounts import person, step_up

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def case(telkomsel: Operator, budi: User, citra: User, now: dt.datetime) -> Case:
    return make.confirmed(telkomsel, first=budi, second=citra, at=now)


def _ended(case: Case) -> tuple[str, str, dt.date | None]:
    case.refresh_from_db()
    block = Block.objects.get(case=case)
    return case.status, block.release_reason, block.released_on


def test_by_its_own_date_in_jakarta(case: Case, now: dt.datetime) -> None:
    last = now.replace(year=2027, hour=23, minute=59) - DAY
    assert services.expire_blocks(at=last) == 0
    assert services.expire_blocks(at=last + dt.timedelta(minutes=1)) == 1
    assert _ended(case) == (Status.RELEASED, "expired", dt.date(2027, 11, 18))
    assert services.expire_blocks(at=last + DAY) == 0


def test_by_the_operator_who_gave_the_number_to_another_person(case: Case, now: dt.datetime) -> None:
    services.record_operator_outcome(case, operator_id=1, answer="blocked", at=now + DAY)
    assert _ended(case)[0] == Status.CONFIRMED
    services.record_operator_outcome(case, operator_id=1, answer="recycled", at=now + 2 * DAY)
    assert _ended(case) == (Status.RELEASED, "recycled", dt.date(2026, 11, 20))


def test_not_ours_asks_a_person(case: Case, now: dt.datetime) -> None:
    assert case.operator_id is not None
    services.record_operator_outcome(
        case, operator_id=case.operator_id, answer="not_ours", note="ported out", at=now + DAY
    )
    task = RoutingTask.objects.get(number=case.number, resolved_at=None)
    assert (task.reason, task.raised_by_id, task.note) == (
        RoutingTask.Reason.NOT_OURS,
        case.operator_id,
        "ported out",
    )
    assert _ended(case)[0] == Status.CONFIRMED


def test_by_two_people_who_did_not_decide_it(
    case: Case, budi: User, citra: User, agus: User, now: dt.datetime
) -> None:
    for decider in (budi, citra):
        with pytest.raises(Forbidden) as refusal:
            make.release_asked(case, by=decider, at=now + DAY)
        assert refusal.value.code == "decided_before"
    request = make.release_asked(case, by=agus, at=now + DAY)
    assert _ended(case) == (Status.CONFIRMED, "", None)
    for person_, code in ((agus, "same_person"), (budi, "decided_before")):
        with pytest.raises(Forbidden) as refusal:
            make.confirmed_by(person_, services.confirm_release, request, at=now + DAY)
        assert refusal.value.code == code
    make.confirmed_by(make.dina(), services.confirm_release, request, at=now + DAY)
    assert _ended(case) == (Status.RELEASED, "error", dt.date(2026, 11, 19))
    block = Block.objects.get(case=case)
    assert (block.released_by, block.released_under) == (make.dina(), request)
    with pytest.raises(WrongState):
        make.release_asked(case, by=agus, at=now + DAY)
    recorded = AuditLogEntry.objects.filter(subject=f"case:{case.pk}").order_by("-id")
    assert [entry.action for entry in recorded[:2]] == ["case.release", "case.request_change"]


def test_only_over_the_contents_that_the_second_person_saw(case: Case, agus: User, now: dt.datetime) -> None:
    request = make.release_asked(case, by=agus, at=now)
    services.open_or_join(case.number, report=make.report(), at=now + DAY)
    with pytest.raises(WrongState, match="contents_changed"):
        make.confirmed_by(make.dina(), services.confirm_release, request, at=now + DAY)


def test_one_request_waits_at_a_time_and_is_at_the_top_of_the_other_persons_desk(
    case: Case, agus: User, lina: User, now: dt.datetime
) -> None:
    dina = make.dina()
    request = make.release_asked(case, by=agus, at=now)
    with pytest.raises(WrongState, match="already_requested"):
        make.release_asked(case, by=dina, at=now)
    assert [count_waiting_changes(viewer=one) for one in (agus, dina, lina)] == [0, 1, 0]
    (line,) = waiting_changes(viewer=dina)
    assert (line.id, line.of_what, line.by, line.block_count) == (
        request.pk,
        case.number_text,
        str(agus),
        1,
    )


def test_asking_gives_the_case_back_so_that_the_other_need_not_wait(
    case: Case, agus: User, now: dt.datetime
) -> None:
    Case.objects.filter(pk=case.pk).update(held_by=agus, held_until=now + DAY)
    request = make.release_asked(case, by=agus, at=now)
    make.confirmed_by(make.dina(), services.confirm_release, request, at=now)
    assert _ended(case)[0] == Status.RELEASED


def test_a_request_is_declined_with_a_reason_or_taken_back(case: Case, agus: User, now: dt.datetime) -> None:
    request = make.release_asked(case, by=agus, at=now)
    with pytest.raises(Invalid):
        services.decline_change(request, by=make.dina(), at=now, reason=" ")
    services.decline_change(request, by=make.dina(), at=now, reason="Bukti cukup kuat")
    with pytest.raises(WrongState) as refusal:
        make.confirmed_by(make.dina(), services.confirm_release, request, at=now)
    assert refusal.value.details["name"] == str(make.dina())
    own = make.release_asked(case, by=agus, at=now + DAY)
    assert services.decline_change(own, by=agus, at=now + DAY, reason="Keliru").state == "withdrawn"
    assert _ended(case) == (Status.CONFIRMED, "", None)


def test_who_left_is_not_the_first_of_two(case: Case, agus: User, now: dt.datetime) -> None:
    request = make.release_asked(case, by=agus, at=now)
    User.objects.filter(pk=agus.pk).update(is_active=False)
    with pytest.raises(WrongState, match="requester_left"):
        make.confirmed_by(make.dina(), services.confirm_release, request, at=now)


def test_by_an_objection_that_is_upheld(
    case: Case, budi: User, citra: User, agus: User, now: dt.datetime
) -> None:
    services.record_objection(case, at=now + DAY)
    with pytest.raises(Forbidden):
        make.settlement_asked(case, by=budi, at=now + DAY, upheld=False)
    request = make.settlement_asked(case, by=agus, at=now + DAY, upheld=True)
    with pytest.raises(Forbidden):
        make.confirmed_by(citra, services.confirm_settlement, request, at=now + DAY)
    make.confirmed_by(make.dina(), services.confirm_settlement, request, at=now + DAY)
    assert _ended(case) == (Status.RELEASED, "objection", dt.date(2026, 11, 19))
    with pytest.raises(WrongState):
        make.settled(case, by=agus, at=now + DAY, upheld=True)


def test_an_objection_that_is_turned_down_leaves_the_block(case: Case, agus: User, now: dt.datetime) -> None:
    services.record_objection(case, at=now + DAY)
    make.settled(case, by=agus, at=now + DAY, upheld=False, reason="Bukti kuat")
    assert _ended(case) == (Status.CONFIRMED, "", None)


def test_a_released_number_can_be_blocked_again(
    case: Case, telkomsel: Operator, budi: User, citra: User, now: dt.datetime
) -> None:
    """The exclusion constraint forbids two blocks on one day, not two in a row."""
    services.record_operator_outcome(case, operator_id=1, answer="recycled", at=now + DAY)
    again = services.open_or_join(case.number, report=make.report(), at=now + 2 * DAY)
    make.proposed(again, by=budi, at=now + 2 * DAY)
    make.signed(again, by=citra, at=now + 2 * DAY)
    assert Block.objects.filter(number=case.number).count() == 2
    assert Block.objects.filter(number=case.number, released_at=None).get().case == again


# What the database holds, whatever the services do.

Change = dict[str, object]


@pytest.mark.parametrize("reason", ["error", "objection", "protected", "expired", "recycled", "rerouted", ""])
def test_the_database_lets_no_block_end_without_two_people_or_a_fact(
    case: Case, now: dt.datetime, reason: str
) -> None:
    block = Block.objects.filter(case=case)
    with pytest.raises(IntegrityError), transaction.atomic():
        block.update(released_at=now, released_on=now.date(), release_reason=reason)


def test_the_database_wants_the_request_of_this_case_and_confirmed(
    case: Case, telkomsel: Operator, budi: User, citra: User, agus: User, now: dt.datetime
) -> None:
    other = make.confirmed(telkomsel, first=budi, second=citra, at=now)
    pending = make.release_asked(case, by=agus, at=now)
    make.released(other, by=agus, at=now)
    elsewhere = ChangeRequest.objects.get(case=other)
    for request in (pending, elsewhere):
        with pytest.raises(IntegrityError), transaction.atomic():
            Block.objects.filter(case=case).update(
                released_at=now, released_on=now.date(), release_reason="error", released_under=request
            )


@pytest.mark.parametrize(
    "second",
    [
        lambda s: s["agus"],
        lambda s: s["budi"],  # decided the block
        lambda s: s["lina"],  # may not release
        lambda s: s["left"],
        lambda s: s["twin"],  # another log-in of Agus
    ],
    ids=["the asker", "a decider", "a list manager", "a person who left", "the asker's other log-in"],
)
def test_the_database_refuses_a_second_person_who_is_none(
    case: Case,
    budi: User,
    agus: User,
    lina: User,
    now: dt.datetime,
    second: Callable[[dict[str, User]], User],
) -> None:
    left = person("left@aduan.example", "Left", Role.APPROVER)
    twin = person("agus+2@aduan.example", "Agus W.", Role.APPROVER)
    signer = second({"agus": agus, "budi": budi, "lina": lina, "left": left, "twin": twin})
    request = make.release_asked(case, by=agus, at=now)
    proof = record_step_up(
        step_up(signer, now),
        by=signer,
        act=AuditAction.CASE_CONFIRM_CHANGE,
        subject=f"case:{case.pk}",
        at=now,
    )
    User.objects.filter(pk=left.pk).update(is_active=False)
    signer.refresh_from_db()
    with pytest.raises(IntegrityError), transaction.atomic():
        ChangeRequest.objects.filter(pk=request.pk).update(
            state="confirmed", settled_by=signer, settled_at=now, settled_digest="x", settled_evidence=proof
        )
    with pytest.raises(DomainError):
        make.confirmed_by(signer, services.confirm_release, request, at=now)


def test_the_database_refuses_a_confirmation_without_the_signers_own_step_up(
    case: Case, agus: User, now: dt.datetime
) -> None:
    """One UPDATE of the application's role names Dina; the evidence at hand is that of Agus."""
    request = make.release_asked(case, by=agus, at=now)
    dina = make.dina()
    for proof in (None, request.requested_evidence):
        with pytest.raises(IntegrityError), transaction.atomic():
            ChangeRequest.objects.filter(pk=request.pk).update(
                state="confirmed", settled_by=dina, settled_at=now, settled_digest="x", settled_evidence=proof
            )


@pytest.mark.parametrize(
    "change",
    [{"reason": "x"}, {"upheld": True}, {"seen_digest": "x"}, {"block_count": 0}, {"state": "pending"}],
    ids=str,
)
def test_the_database_never_changes_what_was_signed(
    case: Case, agus: User, now: dt.datetime, change: Change
) -> None:
    make.released(case, by=agus, at=now)
    with pytest.raises(IntegrityError), transaction.atomic(), as_administrator():
        ChangeRequest.objects.filter(case=case).update(**change)
