"""Facts that come after the complaint: since when a number is in use, what it resembles, where it stands."""

from __future__ import annotations

import datetime as dt

import pytest

from aduan.accounts.models import User
from aduan.cases import services
from aduan.cases.models import Case
from aduan.cases.workflow import Status
from aduan.core.audit_actions import AuditAction
from aduan.core.errors import Forbidden, Invalid, WrongState
from aduan.core.models import AuditLogEntry
from aduan.numbers import services as numbers
from aduan.numbers.models import PhoneNumber
from aduan.numbers.parsing import parse
from aduan.operators.actors import Actor, actor_for
from aduan.operators.models import Operator
from tests.factories import cases as make

pytestmark = pytest.mark.django_db
SINCE = dt.date(2015, 3, 1)


@pytest.fixture
def machine(dewi: User) -> Actor:
    return actor_for(dewi)


def test_a_number_long_in_use_takes_three(
    telkomsel: Operator, machine: Actor, budi: User, now: dt.datetime
) -> None:
    case = make.make_case(telkomsel, at=now)
    services.set_in_use_since(case.number.digits or 0, since=SINCE, actor=machine, at=now)
    case.refresh_from_db()
    assert case.in_use_since == SINCE
    assert case.events.latest("id").detail == {"operator": telkomsel.pk, "in_use_since": "2015-03-01"}
    assert make.proposed(case, by=budi, at=now).third_because == "long_in_use"
    entry = AuditLogEntry.objects.get(action=AuditAction.NUMBER_SET_IN_USE_SINCE)
    assert (entry.actor, entry.subject) == (machine.label, f"number:{case.number_id}")


def test_a_proposal_that_two_could_have_signed_is_made_again(
    telkomsel: Operator, machine: Actor, budi: User, citra: User, now: dt.datetime
) -> None:
    case = make.make_case(telkomsel, at=now)
    make.proposed(case, by=budi, at=now)
    services.set_in_use_since(case.number.digits or 0, since=SINCE, actor=machine, at=now)
    with pytest.raises(WrongState) as refusal:
        make.signed(case, by=citra, at=now)
    assert refusal.value.code == "proposal_outdated"


def test_the_number_keeps_it_for_its_next_case(
    telkomsel: Operator, machine: Actor, budi: User, now: dt.datetime
) -> None:
    """Told before anybody complained; known to the case that begins later."""
    services.set_in_use_since(6281299990000, since=SINCE, actor=machine, at=now)
    number = PhoneNumber.objects.get(canonical="+6281299990000")
    case = services.open_or_join(number, report=make.report(), at=now)
    assert case.in_use_since == SINCE


def test_saying_it_twice_is_noted_once(telkomsel: Operator, machine: Actor, now: dt.datetime) -> None:
    for _time in range(2):
        services.set_in_use_since(6281299990000, since=SINCE, actor=machine, at=now)
    assert AuditLogEntry.objects.filter(action=AuditAction.NUMBER_SET_IN_USE_SINCE).count() == 1


def test_only_the_operator_of_the_number_may_say_it(telkomsel: Operator, eko: User, now: dt.datetime) -> None:
    with pytest.raises(Forbidden):
        services.set_in_use_since(6281299990000, since=SINCE, actor=actor_for(eko), at=now)
    assert PhoneNumber.objects.count() == 0
    assert not AuditLogEntry.objects.exists()


@pytest.mark.parametrize("since", [dt.date(2026, 11, 19), dt.date(1899, 1, 1)])
def test_a_day_that_cannot_be_is_refused(machine: Actor, now: dt.datetime, since: dt.date) -> None:
    with pytest.raises(Invalid):
        services.set_in_use_since(6281299990000, since=since, actor=machine, at=now)


def test_a_recycled_number_is_no_longer_long_in_use(
    telkomsel: Operator, machine: Actor, now: dt.datetime
) -> None:
    case = make.make_case(telkomsel, at=now)
    services.set_in_use_since(case.number.digits or 0, since=SINCE, actor=machine, at=now)
    services.record_operator_outcome(case, operator_id=telkomsel.pk, answer="recycled", at=now)
    case.number.refresh_from_db()
    assert case.number.in_use_since is None


def test_a_lookalike_is_seen_on_its_case_from_the_first_complaint(
    register: None, budi: User, now: dt.datetime
) -> None:
    case = services.open_or_join(
        numbers.register(parse("0812-12-14071"), at=now), report=make.report(), at=now
    )
    assert case.resembles_protected
    assert make.proposed(case, by=budi, at=now).third_because == "resembles_protected"


def test_live_cases_follow_the_register_of_protected_numbers(
    register: None, rini: User, now: dt.datetime
) -> None:
    number = numbers.register(parse("0812-3456-7980"), at=now)
    case = services.open_or_join(number, report=make.report(), at=now)
    digest = case.contents_digest
    row = numbers.protect(
        "0812-3456-7890", owner="RSUP", kind="hospital", source="surat", reason="diminta", by=rini, at=now
    )
    assert (services.sync_lookalike_flags(at=now), services.sync_lookalike_flags(at=now)) == (1, 0)
    case.refresh_from_db()
    assert case.resembles_protected
    assert case.contents_digest != digest
    numbers.unprotect(row, reason="pindah nomor", by=rini, at=now)
    assert services.sync_lookalike_flags(at=now) == 1
    case.refresh_from_db()
    assert (case.resembles_protected, case.status) == (False, Status.OPEN)


@pytest.mark.parametrize(
    ("text", "region"),
    [("0274-512345", "Yogyakarta"), ("021-5551234", "Jabodetabek"), ("0812-3456-7890", "")],
)
def test_a_landlines_area_code_tells_its_region(now: dt.datetime, text: str, region: str) -> None:
    case = services.open_or_join(numbers.register(parse(text), at=now), report=make.report(), at=now)
    assert Case.objects.get(pk=case.pk).region == region
