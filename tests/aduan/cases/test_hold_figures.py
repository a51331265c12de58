"""What the public is shown of holds: each counted once, with the hours for which lines were cut wrongly."""

from __future__ import annotations

import datetime as dt

import pytest

from aduan.accounts.models import User
from aduan.appeals.services import request_lift
from aduan.cases import services
from aduan.cases.queries import hold_figures
from aduan.operators.models import Operator
from tests.aduan.appeals.test_objections import answered, objected, proven
from tests.factories import cases as make
from tests.factories import holds
from tests.factories.blocklists import a_block

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def rules(db: None) -> None:
    holds.hold_rules()


def test_each_hold_is_counted_where_it_ended(
    telkomsel: Operator, budi: User, citra: User, agus: User, now: dt.datetime
) -> None:
    first, second, third = (
        holds.held(telkomsel, first=budi, second=citra, at=now + turn * dt.timedelta(minutes=10))
        for turn in range(3)
    )
    assert first.confirmed_at is not None
    assert third.ends_at is not None
    services.end_hold(first, by=budi, at=first.confirmed_at + 2 * HOUR, mistake=True)
    make.proposed(second.case, by=citra, at=now + HOUR)
    make.signed(second.case, by=agus, at=now + HOUR)
    services.lapse_holds(at=third.ends_at)

    week = hold_figures(since=now - HOUR, until=now + 8 * DAY)
    assert (week.holds, week.lapsed, week.became_blocks, week.released_as_wrong) == (3, 1, 1, 1)
    assert week.wrong_hours == pytest.approx(2)
    assert week.blocks == 1
    assert week.wrong_hours_per_thousand_blocks == pytest.approx(2000)
    before = hold_figures(since=now - 9 * DAY, until=now - DAY)
    assert (before.holds, before.wrong_hours, before.wrong_hours_per_thousand_blocks) == (0, 0, None)


def test_hours_of_a_lift_are_not_wrongly_blocked(telkomsel, budi, citra, agus, now):
    block = a_block(telkomsel, by=(budi, citra), at=now, digits=6281270001234)
    request_lift(proven(objected(now + HOUR), now + HOUR), at=now + 3 * HOUR)
    answered(block.case, by=agus, at=now + 10 * HOUR, upheld=True, reason="Benar miliknya")
    block.refresh_from_db()
    figures = hold_figures(since=now - HOUR, until=now + DAY)
    assert (figures.lifts, figures.lifts_restored) == (1, 0)
    began = block.confirmed_at
    assert figures.wrong_hours == pytest.approx((now + 3 * HOUR - began) / HOUR, abs=0.01)


def test_an_objection_that_is_not_right_is_counted_as_put_back(telkomsel, budi, citra, agus, now):
    block = a_block(telkomsel, by=(budi, citra), at=now, digits=6281270001234)
    request_lift(proven(objected(now + HOUR), now + HOUR), at=now + HOUR)
    answered(block.case, by=agus, at=now + 2 * HOUR, upheld=False, reason="Dipakai menipu")
    figures = hold_figures(since=now - HOUR, until=now + DAY)
    assert (figures.lifts, figures.lifts_restored, figures.wrong_hours) == (1, 1, 0)
