"""Handing over, assigning, and being away."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from aduan.accounts.roles import Role
from aduan.cases import services as cases
from aduan.cases.models import Case
from aduan.core.errors import Forbidden, Invalid, WrongState
from aduan.teamwork import queries, services
from aduan.teamwork.models import Absence, InboxItem
from tests.factories import cases as make
from tests.factories.accounts import person

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def lead(db):
    return person("lea@aduan.example", "Lea", Role.LEAD)


@pytest.fixture
def case(telkomsel, now) -> Case:
    make.reasons()
    return make.make_case(telkomsel, at=now)


def holder_of(case: Case):
    case.refresh_from_db()
    return case.held_by


def test_a_case_that_was_handed_over_is_the_colleagues_for_a_day(budi, citra, agus, case, now):
    cases.claim(case, by=budi, at=now)
    services.hand_over(case, to=citra, by=budi, at=now)
    assert holder_of(case) == citra
    assert InboxItem.objects.get().kind == "handed_over"
    with pytest.raises(WrongState):
        cases.claim(case, by=budi, at=now + 2 * HOUR)
    assert cases.next_case(by=budi, at=now + 2 * HOUR) is None
    assert cases.next_case(by=citra, at=now + 2 * HOUR) == case
    opened = cases.open_case(case.pk, by=citra, at=now + 3 * HOUR, claims=True)
    cases.leave_case(case.pk, by=citra, opened_at=opened.opened_at)
    assert holder_of(case) == citra  # leaving gives back only what was taken by opening
    assert case.held_until == now + 24 * HOUR
    assert cases.next_case(by=budi, at=now + 25 * HOUR) == case


def test_what_was_given_comes_before_what_ranks_higher(budi, citra, lead, telkomsel, case, now):
    higher = make.make_case(telkomsel, at=now)
    Case.objects.filter(pk=higher.pk).update(score=case.score + 1000)
    services.assign_cases([case], to=budi, by=lead, at=now)
    assert cases.next_case(by=budi, at=now) == case
    cases.skip_case(case.pk, by=budi, at=now)
    assert cases.next_case(by=budi, at=now) == higher
    assert holder_of(case) == budi  # skipped, and still theirs


@pytest.mark.parametrize("who", ["budi", "lina", "lead", "away", "part"])
def test_a_case_goes_to_no_one_who_cannot_work_on_it(request, budi, citra, lead, case, now, who):
    if who == "away":
        services.mark_away(citra, until=now.date(), by=citra, at=now)
    if who == "part":
        Case.objects.filter(pk=case.pk).update(conflicted_user_ids=[citra.pk])
    to = request.getfixturevalue(who) if who in ("budi", "lina", "lead") else citra
    with pytest.raises(Invalid):
        services.hand_over(case, to=to, by=budi, at=now)
    assert holder_of(case) is None


def test_who_signed_is_not_given_the_case_again(budi, citra, lead, agus, case, now):
    make.proposed(case, by=budi, at=now)
    result = services.assign_cases([case], to=budi, by=lead, at=now)
    assert not result.done
    assert result.refused[0][1].code == "signed"
    assert services.assign_cases([case], to=agus, by=lead, at=now).done == (case,)


def test_a_lead_assigns_many_past_those_who_hold_them(budi, citra, lead, telkomsel, case, now):
    other = make.make_case(telkomsel, at=now)
    closed = make.make_case(telkomsel, at=now)
    make.dismissed(closed, by=citra, at=now)
    cases.claim(case, by=citra, at=now)
    result = services.assign_cases([case, other, closed], to=budi, by=lead, at=now)
    assert set(result.done) == {case, other}
    assert [refused.pk for refused, _why in result.refused] == [closed.pk]
    assert InboxItem.objects.filter(person=budi, kind="assigned").count() == 2
    with pytest.raises(Forbidden):
        services.assign_cases([case], to=budi, by=citra, at=now)


def test_a_held_case_is_handed_over_only_by_its_holder(budi, citra, agus, case, now):
    cases.claim(case, by=citra, at=now)
    with pytest.raises(WrongState):
        services.hand_over(case, to=budi, by=budi, at=now)


def test_who_is_away_keeps_no_case_and_gets_none(budi, citra, lead, case, now):
    cases.claim(case, by=budi, at=now)
    until = now.date() + dt.timedelta(days=3)
    services.mark_away(budi, until=until, by=lead, at=now)
    assert holder_of(case) is None
    assert queries.my_desk(budi, at=now).away_until == until
    assert budi not in queries.caseworkers(at=now)
    assert budi in queries.caseworkers(at=now + dt.timedelta(days=4))
    with pytest.raises(Forbidden):
        services.come_back(budi, by=citra, at=now)
    services.come_back(budi, by=budi, at=now)
    assert queries.my_desk(budi, at=now).away_until is None


@pytest.mark.parametrize("days", [-1, 367])
def test_an_absence_ends_within_a_year_and_not_before_it_begins(budi, now, days):
    with pytest.raises(Invalid):
        services.mark_away(budi, until=now.date() + dt.timedelta(days=days), by=budi, at=now)


def test_a_person_is_away_once(budi, now):
    services.mark_away(budi, until=now.date(), by=budi, at=now)
    services.mark_away(budi, until=now.date() + dt.timedelta(days=1), by=budi, at=now)
    assert Absence.objects.filter(ended_at=None).count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        Absence.objects.create(person=budi, since=now, until=now.date(), entered_by=budi)


def test_the_team_shows_what_each_holds_and_who_is_away(budi, citra, lead, lina, case, now):
    cases.claim(case, by=budi, at=now)
    services.mark_away(citra, until=now.date(), by=citra, at=now)
    shown = {one.name: one for one in queries.team_members(viewer=lead, at=now)}
    assert shown["Budi Santoso"].cases == 1
    assert shown["Citra Lestari"].away_until == now.date()
    assert "Lina Hartati" not in shown
