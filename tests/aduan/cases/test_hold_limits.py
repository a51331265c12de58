"""What is never held, and how many holds two people may sign."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from aduan.accounts.models import User
from aduan.accounts.roles import Role
from aduan.cases import services
from aduan.cases.models import Case, HoldGrounds
from aduan.cases.queries import holds_in_force
from aduan.core.audit_actions import AuditAction
from aduan.core.errors import DomainError, Forbidden, WrongState
from aduan.core.models import AuditLogEntry
from aduan.numbers import services as numbers
from aduan.numbers.models import PhoneNumber
from aduan.operators.actors import actor_for
from aduan.operators.models import Operator
from tests.database import as_administrator
from tests.factories import cases as make
from tests.factories import holds
from tests.factories.accounts import past_triggers, person

MINUTE = dt.timedelta(minutes=1)
DAY = dt.timedelta(days=1)


@pytest.fixture
def sinta(db: None) -> User:
    return person("sinta@aduan.example", "Sinta Lead", Role.LEAD)


@pytest.fixture
def tono(db: None) -> User:
    return person("tono@aduan.example", "Tono Lead", Role.LEAD)


@pytest.fixture(autouse=True)
def rules(db: None) -> None:
    holds.hold_rules()


def code_of(error: pytest.ExceptionInfo[DomainError]) -> str:
    return error.value.code


def test_a_number_is_held_once_in_ninety_days(
    telkomsel: Operator, budi: User, citra: User, now: dt.datetime
) -> None:
    hold = holds.held(telkomsel, first=budi, second=citra, at=now)
    services.end_hold(hold, by=budi, at=now + MINUTE, mistake=False)
    later = now + 90 * DAY
    services.note_hold_grounds(hold.case, grounds=HoldGrounds.EVIDENCE, at=later)
    with pytest.raises(Forbidden) as error:
        holds.proposed_hold(hold.case, by=budi, at=later - MINUTE)
    assert code_of(error) == "hold_once_in_days"
    again = holds.proposed_hold(hold.case, by=budi, at=later)
    assert holds.confirmed_hold(again, by=citra, at=later).is_held(later)


def test_the_database_too_refuses_a_second_hold_within_the_days(
    telkomsel: Operator, budi: User, citra: User, now: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    hold = holds.held(telkomsel, first=budi, second=citra, at=now)
    services.end_hold(hold, by=budi, at=now + MINUTE, mistake=False)
    services.note_hold_grounds(hold.case, grounds=HoldGrounds.EVIDENCE, at=now)
    monkeypatch.setattr("aduan.cases.services.holds.hold_refusal", lambda *a, **k: "")
    with pytest.raises(Forbidden) as error:
        holds.proposed_hold(hold.case, by=budi, at=now + DAY)
    assert code_of(error) == "hold_once_in_days"


def test_without_a_legal_reference_in_force_on_the_day_no_number_is_held(
    telkomsel: Operator, budi: User, now: dt.datetime
) -> None:
    ended = holds.legal_reference("sudah-dicabut", DateRange(dt.date(2020, 1, 1), now.date()))
    with as_administrator() as cursor:
        cursor.execute("UPDATE cases_holdpolicy SET legal_reference_id = %s", [ended.pk])
    case = holds.candidate(telkomsel, at=now)
    with pytest.raises(Forbidden) as error:
        holds.proposed_hold(case, by=budi, at=now)
    assert code_of(error) == "hold_without_legal_reference"
    assert holds.proposed_hold(case, by=budi, at=now - DAY)


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        ("in_use_since", "2021-11-17", "hold_of_number_long_in_use"),
        ("kind", "landline", "hold_of_other_kind"),
    ],
)
def test_what_the_policy_spares_is_never_held(
    telkomsel: Operator, budi: User, citra: User, now: dt.datetime, column: str, value: str, code: str
) -> None:
    case = holds.candidate(telkomsel, at=now)
    hold = holds.proposed_hold(case, by=budi, at=now)
    with as_administrator():
        PhoneNumber.objects.filter(pk=case.number_id).update(**{column: value})
    with pytest.raises(Forbidden) as error:
        holds.confirmed_hold(hold, by=citra, at=now + MINUTE)
    assert code_of(error) == code


def test_a_protected_number_is_never_held_and_protection_ends_a_hold(
    register: None, budi: User, citra: User, lina: User, now: dt.datetime
) -> None:
    telkomsel = Operator.objects.get(code="telkomsel")
    hold = holds.held(telkomsel, first=budi, second=citra, at=now)
    services.protect_number(
        hold.case.number_text,
        owner="Bank",
        kind="bank",
        source="surat",
        reason="Nomor bank",
        by=lina,
        at=now + MINUTE,
    )
    hold.refresh_from_db()
    assert (hold.end_reason, holds_in_force(telkomsel.pk, at=now + MINUTE)) == ("protected", [])
    services.note_hold_grounds(hold.case, grounds=HoldGrounds.EVIDENCE, at=now)
    with pytest.raises(Forbidden) as error:
        holds.proposed_hold(hold.case, by=budi, at=now + 2 * MINUTE)
    assert code_of(error) == "hold_of_protected_number"


def test_above_the_quota_of_a_person_two_leads_sign(
    telkomsel: Operator, budi: User, citra: User, sinta: User, tono: User, now: dt.datetime
) -> None:
    with as_administrator() as cursor:
        cursor.execute("UPDATE cases_holdpolicy SET personal_quota = 2")
    for turn in range(2):
        holds.held(telkomsel, first=budi, second=citra, at=now + turn * MINUTE)
    later = now + 5 * MINUTE
    case = holds.candidate(telkomsel, at=later)
    with pytest.raises(Forbidden) as error:
        holds.proposed_hold(case, by=budi, at=later)
    assert code_of(error) == "hold_above_quota"
    hold = holds.proposed_hold(case, by=sinta, at=later)
    with pytest.raises(Forbidden):
        holds.confirmed_hold(hold, by=citra, at=later)
    assert holds.confirmed_hold(hold, by=tono, at=later).is_held(later)
    hour_later = now + dt.timedelta(hours=1, minutes=2)
    assert holds.held(telkomsel, first=budi, second=citra, at=hour_later)


def test_above_the_quota_of_the_hour_two_leads_sign_also_in_the_database(
    telkomsel: Operator,
    budi: User,
    citra: User,
    agus: User,
    sinta: User,
    tono: User,
    now: dt.datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with as_administrator() as cursor:
        cursor.execute("UPDATE cases_holdpolicy SET hourly_quota = 1")
    waiting = holds.proposed_hold(holds.candidate(telkomsel, at=now), by=budi, at=now)
    holds.held(telkomsel, first=budi, second=citra, at=now + MINUTE)
    monkeypatch.setattr("aduan.cases.services.holds.above_quota", lambda *a, **k: False)
    with pytest.raises(Forbidden) as error:
        holds.confirmed_hold(waiting, by=agus, at=now + MINUTE)  # the database counts too
    assert code_of(error) == "hold_above_quota"
    monkeypatch.undo()
    hold = holds.held(telkomsel, first=sinta, second=tono, at=now + 2 * MINUTE)
    assert hold.needs_leads


def test_a_blocked_number_is_not_held(telkomsel: Operator, budi: User, citra: User, now: dt.datetime) -> None:
    case = make.confirmed(telkomsel, first=budi, second=citra, at=now)
    services.note_hold_grounds(case, grounds=HoldGrounds.EVIDENCE, at=now)
    with pytest.raises(Forbidden) as error:
        holds.proposed_hold(case, by=budi, at=now + 10 * MINUTE)
    assert code_of(error) in ("hold_of_decided_case", "hold_of_blocked_number")


def test_a_number_that_turns_out_to_resemble_an_official_one_is_held_no_longer(
    register: None, budi: User, citra: User, rini: User, now: dt.datetime
) -> None:
    """Its neighbour is protected only after two people held it: the hold was a mistake, and is counted so."""
    telkomsel = Operator.objects.get(code="telkomsel")
    hold = holds.held(telkomsel, first=budi, second=citra, at=now, digits=6281234567980)
    numbers.protect(
        "0812-3456-7890", owner="RSUP", kind="hospital", source="surat", reason="diminta", by=rini, at=now
    )
    services.sync_lookalike_flags(at=now + MINUTE)
    hold.refresh_from_db()
    assert (hold.end_reason, hold.ended_at) == ("mistake", now + MINUTE)
    assert holds_in_force(telkomsel.pk, at=now + MINUTE) == []


def test_a_number_that_turns_out_to_be_long_in_use_is_held_no_longer(
    telkomsel: Operator, dewi: User, budi: User, citra: User, now: dt.datetime
) -> None:
    """Its operator says so after the hold began. Five years are the rules'; a younger use ends nothing."""
    hold = holds.held(telkomsel, first=budi, second=citra, at=now)
    for years, reason in ((5, ""), (6, "mistake")):
        since = now.date().replace(year=now.year - years)
        services.set_in_use_since(hold.digits, since=since, actor=actor_for(dewi), at=now + MINUTE)
        hold.refresh_from_db()
        assert hold.end_reason == reason
    assert holds_in_force(telkomsel.pk, at=now + MINUTE) == []
    assert AuditLogEntry.objects.filter(action=AuditAction.CASE_END_HOLD, actor="system").count() == 1


def test_a_hold_ends_when_its_number_moves_to_another_operator(
    telkomsel: Operator, indosat: Operator, budi: User, citra: User, now: dt.datetime
) -> None:
    """Two people signed it for the old one, which has the number no longer; a proposal is taken back too."""
    hold = holds.held(telkomsel, first=budi, second=citra, at=now)
    waiting = holds.proposed_hold(holds.candidate(telkomsel, at=now), by=budi, at=now)
    with past_triggers():
        PhoneNumber.objects.update(operator=indosat)
        Case.objects.update(operator=indosat)
    with pytest.raises(WrongState) as refusal:
        holds.confirmed_hold(waiting, by=citra, at=now)
    assert refusal.value.code == "proposal_outdated"
    services.end_holds_elsewhere(at=now + MINUTE)  # as the loop does every second
    hold.refresh_from_db()
    waiting.refresh_from_db()
    assert (hold.end_reason, hold.ended_at, waiting.state) == ("rerouted", now + MINUTE, "withdrawn")


def test_the_quota_is_that_of_a_human_and_not_of_a_log_in(
    telkomsel: Operator, budi: User, citra: User, now: dt.datetime, monkeypatch
) -> None:
    """Budi's second log-in has his staff number, written in another way."""
    with as_administrator() as cursor:
        cursor.execute("UPDATE cases_holdpolicy SET personal_quota = 1")
    second = person("santoso@aduan.example", "B. Santoso", Role.REVIEWER)
    with past_triggers():
        User.objects.filter(pk=second.pk).update(staff_number=f" {budi.staff_number.lower()}-")
    waiting = holds.proposed_hold(holds.candidate(telkomsel, at=now), by=second, at=now)
    holds.held(telkomsel, first=budi, second=citra, at=now)
    with pytest.raises(Forbidden) as refused:
        holds.proposed_hold(
            holds.candidate(telkomsel, at=now), by=User.objects.get(pk=second.pk), at=now + MINUTE
        )
    assert code_of(refused) == "hold_above_quota"
    monkeypatch.setattr("aduan.cases.services.holds.above_quota", lambda *a, **k: False)
    with pytest.raises(Forbidden) as refused:
        holds.confirmed_hold(waiting, by=make.dina(), at=now + MINUTE)  # the database counts too
    assert code_of(refused) == "hold_above_quota"
