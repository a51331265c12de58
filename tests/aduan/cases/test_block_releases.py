"""A block ends by its date, its operator's outcome, another reviewer's release, or an objection."""

from __future__ import annotations

import datetime as dt

import pytest

from aduan.accounts.models import User
from aduan.cases import services
from aduan.cases.models import Block, Case
from aduan.cases.workflow import Status
from aduan.core.errors import Forbidden, WrongState
from aduan.numbers.models import RoutingTask
from aduan.operators.models import Operator
from tests.factories import cases as make

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


def test_by_a_person_who_did_not_decide_it(
    case: Case, budi: User, citra: User, agus: User, now: dt.datetime
) -> None:
    for decider in (budi, citra):
        with pytest.raises(Forbidden) as refusal:
            services.release(case, by=decider, at=now + DAY, reason=Block.ReleaseReason.ERROR, note="Keliru")
        assert refusal.value.code == "decided_before"
    services.release(case, by=agus, at=now + DAY, reason=Block.ReleaseReason.ERROR, note="Keliru")
    assert _ended(case) == (Status.RELEASED, "error", dt.date(2026, 11, 19))
    with pytest.raises(WrongState):
        services.release(case, by=agus, at=now + DAY, reason=Block.ReleaseReason.ERROR, note="Lagi")


def test_no_machine_releases_without_a_reason_of_its_own(case: Case, now: dt.datetime) -> None:
    with pytest.raises(Forbidden):
        services.release(case, by=None, at=now, reason=Block.ReleaseReason.ERROR)


def test_by_an_objection_that_is_upheld(case: Case, budi: User, agus: User, now: dt.datetime) -> None:
    services.record_objection(case, at=now + DAY)
    with pytest.raises(Forbidden):
        services.settle_objection(case, by=budi, at=now + DAY, upheld=False, reason="Tidak")
    services.settle_objection(case, by=agus, at=now + DAY, upheld=True, reason="Nomor kantor")
    assert _ended(case) == (Status.RELEASED, "objection", dt.date(2026, 11, 19))
    with pytest.raises(WrongState):
        services.settle_objection(case, by=agus, at=now + DAY, upheld=True, reason="Lagi")


def test_an_objection_that_is_turned_down_leaves_the_block(case: Case, agus: User, now: dt.datetime) -> None:
    services.record_objection(case, at=now + DAY)
    services.settle_objection(case, by=agus, at=now + DAY, upheld=False, reason="Bukti kuat")
    assert _ended(case) == (Status.CONFIRMED, "", None)


def test_by_protection(case: Case, now: dt.datetime) -> None:
    assert services.set_protected(case.number, protected=True, at=now + DAY) == 1
    assert _ended(case) == (Status.RELEASED, "protected", dt.date(2026, 11, 19))


def test_a_released_number_can_be_blocked_again(
    case: Case, telkomsel: Operator, budi: User, citra: User, now: dt.datetime
) -> None:
    """The exclusion constraint forbids two blocks on one day, not two in a row."""
    services.release(case, by=None, at=now + DAY, reason=Block.ReleaseReason.RECYCLED)
    again = services.open_or_join(case.number, report=make.report(), at=now + 2 * DAY)
    make.proposed(again, by=budi, at=now + 2 * DAY)
    make.signed(again, by=citra, at=now + 2 * DAY)
    assert Block.objects.filter(number=case.number).count() == 2
    assert Block.objects.filter(number=case.number, released_at=None).get().case == again
