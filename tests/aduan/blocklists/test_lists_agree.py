"""Monthly, interim and hold lists never disagree about one number: through a whole life, after each round."""

from __future__ import annotations

import datetime as dt

import pytest

from aduan.accounts.models import User
from aduan.appeals import services as appeals
from aduan.blocklists.queries import numbers_in_force
from aduan.blocklists.services import build_holds, build_interims, build_removals, end_finished_holds
from aduan.cases.models import Block, Hold
from aduan.operators.models import Operator
from tests.aduan.appeals.test_objections import answered, objected, proven
from tests.factories import cases as make
from tests.factories import holds
from tests.factories.blocklists import published

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_keys")]
MINUTE, DAY = dt.timedelta(minutes=1), dt.timedelta(days=1)
NUMBER = 6281270001234


@pytest.fixture
def hold(telkomsel: Operator, budi: User, citra: User, now: dt.datetime) -> Hold:
    holds.hold_rules()
    return holds.held(telkomsel, first=budi, second=citra, at=now, digits=NUMBER)


def listed(operator: Operator, at: dt.datetime) -> list[str]:
    """The series of the lists that carry the number after a round of the loop and of the worker."""
    end_finished_holds(at=at)
    build_holds(at=at)
    build_removals(at=at)
    build_interims(at=at)
    found = numbers_in_force(operator, at=at)
    return [str(ground.series) for one in found for ground in one.grounds]


def test_a_number_is_on_a_list_exactly_while_a_measure_is_in_force(
    telkomsel: Operator, hold: Hold, budi: User, citra: User, agus: User, now: dt.datetime
) -> None:
    assert listed(telkomsel, now) == ["hold"]
    make.proposed(hold.case, by=budi, at=now + MINUTE)
    make.signed(hold.case, by=citra, at=now + MINUTE)
    assert listed(telkomsel, now + 2 * MINUTE) == ["hold"], "between the decision and its list"
    published(telkomsel, at=now + 5 * MINUTE)
    listed(telkomsel, now + 8 * MINUTE)
    assert listed(telkomsel, now + 9 * MINUTE) == ["hold", "block"], "until the operator has the second"
    appeals.request_lift(proven(objected(now + 10 * MINUTE), now + 10 * MINUTE), at=now + 10 * MINUTE)
    assert listed(telkomsel, now + 10 * MINUTE) == [], "lifted on both"
    answered(hold.case, by=agus, at=now + 20 * MINUTE, upheld=False, reason="Dipakai menipu")
    assert listed(telkomsel, now + 21 * MINUTE) == ["block"]
    make.released(Block.objects.get().case, by=agus, at=now + 30 * MINUTE)
    assert listed(telkomsel, now + 30 * MINUTE) == []


def test_a_block_released_before_its_list_takes_its_hold_along(
    telkomsel: Operator, hold: Hold, budi: User, citra: User, agus: User, now: dt.datetime
) -> None:
    listed(telkomsel, now)
    make.proposed(hold.case, by=budi, at=now + MINUTE)
    make.signed(hold.case, by=citra, at=now + MINUTE)
    make.released(Block.objects.get().case, by=agus, at=now + 2 * MINUTE)
    assert listed(telkomsel, now + 3 * MINUTE) == []
