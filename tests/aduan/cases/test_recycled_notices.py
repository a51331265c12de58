"""One request with nine rows released nine of nine blocks: above a ceiling a person looks first."""

from __future__ import annotations

import datetime as dt

import pytest

from aduan.accounts.models import User
from aduan.accounts.roles import Role
from aduan.cases import services
from aduan.cases.models import Case, RecycledNotice
from aduan.cases.queries import waiting_recycled
from aduan.cases.services.recycled_notices import ceiling_of
from aduan.core.errors import Forbidden, WrongState
from aduan.core.models import AuditLogEntry
from aduan.notifications.models import OutboxMessage
from aduan.operators.models import Operator
from tests.factories import cases as make
from tests.factories import holds
from tests.factories.accounts import person

DAY, HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)


@pytest.fixture
def blocked(telkomsel: Operator, budi: User, citra: User, now: dt.datetime) -> list[Case]:
    return [make.confirmed(telkomsel, first=budi, second=citra, at=now) for _turn in range(9)]


def said(cases: list[Case], operator: Operator, *, at: dt.datetime, batch: int = 0, **more) -> list[bool]:
    """These notices, as one batch unless `batch` says how many are left of it each time."""
    given = {"operator_id": operator.pk, "source": RecycledNotice.Source.OPERATOR, "at": at, **more}
    return [
        services.take_recycled(case, batch=batch or len(cases) - turn, **given)
        for turn, case in enumerate(cases)
    ]


def released(cases: list[Case]) -> int:
    return Case.objects.filter(pk__in=[case.pk for case in cases], status="released").count()


def test_a_batch_beyond_the_ceiling_waits_as_a_whole_and_alarms_both_sides(blocked, telkomsel, dewi, now):
    person("sinta@aduan.example", "Sinta Lead", Role.LEAD)
    assert said(blocked, telkomsel, at=now + HOUR) == [False] * 9
    assert released(blocked) == 0
    assert len(waiting_recycled()) == 9
    kinds = set(OutboxMessage.objects.values_list("kind", flat=True))
    assert {"recycled_waits", "operator_recycled_waits"} <= kinds
    assert OutboxMessage.objects.filter(kind="recycled_waits").count() == 1  # once a day


def test_a_few_count_at_once_and_the_next_day_begins_anew(blocked, telkomsel, now):
    assert said(blocked[:5], telkomsel, at=now + HOUR) == [True] * 5
    assert said(blocked[5:6], telkomsel, at=now + HOUR) == [False]
    assert said(blocked[6:7], telkomsel, at=now + DAY) == [True]
    assert released(blocked) == 6


def test_the_interfaces_answers_count_against_the_same_ceiling(blocked, telkomsel, now):
    assert said(blocked[:4], telkomsel, at=now + HOUR) == [True] * 4
    more = said(blocked[4:6], telkomsel, at=now + HOUR, source=RecycledNotice.Source.INTERFACE)
    assert more == [False, False]


def test_another_operators_notices_do_not_use_the_ceiling_up(blocked, telkomsel, indosat, budi, citra, now):
    said(blocked[:5], telkomsel, at=now + HOUR)
    other = make.confirmed(indosat, first=budi, second=citra, at=now)
    assert said([other], indosat, at=now + HOUR) == [True]


def test_a_long_list_has_a_ceiling_of_one_in_a_hundred(telkomsel, monkeypatch):
    monkeypatch.setattr("django.db.models.query.QuerySet.count", lambda _self: 1_250)
    assert ceiling_of(telkomsel.pk) == 12


@pytest.mark.parametrize(("believed", "status"), [(True, "released"), (False, "confirmed")])
def test_a_person_settles_what_waits(blocked, telkomsel, agus, now, believed, status):
    said(blocked, telkomsel, at=now + HOUR)
    notice = RecycledNotice.objects.get(case=blocked[0])
    services.settle_recycled(notice, by=agus, at=now + HOUR, believed=believed)
    blocked[0].refresh_from_db()
    assert blocked[0].status == status
    assert AuditLogEntry.objects.filter(action="case.settle_recycled", actor=f"user:{agus.pk}").exists()
    with pytest.raises(WrongState):
        services.settle_recycled(notice, by=agus, at=now + HOUR, believed=True)


def test_not_everyone_settles(blocked, telkomsel, lina, now):
    said(blocked, telkomsel, at=now + HOUR)
    with pytest.raises(Forbidden):
        services.settle_recycled(
            RecycledNotice.objects.filter(case=blocked[0]).get(), by=lina, at=now + HOUR, believed=True
        )


def test_a_held_number_with_a_new_holder_is_held_no_more(telkomsel, budi, citra, now):
    holds.hold_rules()
    hold = holds.held(telkomsel, first=budi, second=citra, at=now)
    assert said([hold.case], telkomsel, at=now + HOUR) == [True]
    hold.refresh_from_db()
    assert hold.end_reason == "recycled"


def test_no_hold_is_signed_while_a_new_holder_waits_for_a_person(blocked, telkomsel, budi, citra, now):
    """Two people held the number of someone who had it for a day, of whom no one had complained."""
    holds.hold_rules()
    first, second = (holds.candidate(telkomsel, at=now) for _turn in range(2))
    waits = holds.proposed_hold(second, by=budi, at=now)
    interface = RecycledNotice.Source.INTERFACE
    assert not any(said([*blocked, first, second], telkomsel, at=now + HOUR, source=interface))
    with pytest.raises(WrongState, match="new_holder_waits"):
        holds.proposed_hold(first, by=budi, at=now + HOUR)
    with pytest.raises(WrongState, match="new_holder_waits"):
        holds.confirmed_hold(waits, by=citra, at=now + HOUR)


@pytest.mark.parametrize(("complained", "status"), [(False, "dismissed"), (True, "open")])
def test_who_complained_after_the_notice_is_not_closed_with_the_complaints_before_it(
    blocked, telkomsel, budi, agus, now, complained, status
):
    case = make.make_case(telkomsel, at=now)
    proposal = make.proposed(case, by=budi, at=now)
    said([*blocked, case], telkomsel, at=now + HOUR, source=RecycledNotice.Source.INTERFACE)
    if complained:  # about the new holder: a person asks the operator only hours later
        services.open_or_join(case.number, report=make.report(), at=now + 2 * HOUR)
    notice = RecycledNotice.objects.get(case=case)
    services.settle_recycled(notice, by=agus, at=now + 3 * HOUR, believed=True)
    case.refresh_from_db()
    proposal.refresh_from_db()
    assert (case.status, proposal.state) == (status, "retracted")
