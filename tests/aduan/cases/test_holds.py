"""A hold takes two people, ends by itself, and never outlives what it stands on."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from aduan.accounts.models import User
from aduan.accounts.roles import Role
from aduan.cases import services
from aduan.cases.models import Block, CaseEvent, Hold, HoldCandidate
from aduan.cases.queries import holds_in_force, operators_with_holds
from aduan.cases.workflow import ProposalType
from aduan.core.errors import DomainError, Forbidden, WrongState
from aduan.core.models import AuditLogEntry
from aduan.operators.models import Operator
from tests.database import as_administrator
from tests.factories import cases as make
from tests.factories import holds
from tests.factories.accounts import person, step_up

MINUTE = dt.timedelta(minutes=1)
DAY = dt.timedelta(days=1)
_FORGED = """
    UPDATE cases_hold SET state = 'confirmed', second_by_id = %(citra)s, confirmed_at = now(),
        settled_at = now(), ends_at = now() + interval '1 day', second_digest = seen_digest
"""


@pytest.fixture
def sinta(db: None) -> User:
    return person("sinta@aduan.example", "Sinta Lead", Role.LEAD)


@pytest.fixture(autouse=True)
def rules(db: None) -> None:
    holds.hold_rules()


def code_of(error: pytest.ExceptionInfo[DomainError]) -> str:
    return error.value.code


def test_two_people_hold_a_number_for_the_policys_week(
    telkomsel: Operator, budi: User, citra: User, now: dt.datetime
) -> None:
    case = holds.candidate(telkomsel, at=now)
    hold = holds.proposed_hold(case, by=budi, at=now + MINUTE)
    assert holds_in_force(telkomsel.pk, at=now + MINUTE) == []
    moment = now + 2 * MINUTE + dt.timedelta(microseconds=7)
    hold = holds.confirmed_hold(hold, by=citra, at=moment)

    assert hold.ends_at == now + 2 * MINUTE + 7 * DAY
    [listed] = holds_in_force(telkomsel.pk, at=moment)
    assert (listed.digits, listed.ends_at) == (int(case.number_text[1:]), hold.ends_at)
    assert listed.legal_reference == "tahan-uji"
    assert operators_with_holds(since=now) == [telkomsel.pk]
    assert not HoldCandidate.objects.exists()
    entry = AuditLogEntry.objects.get(action="case.confirm_hold")
    assert (entry.actor, entry.detail["hold"]) == (f"user:{citra.pk}", hold.pk)
    actions = list(case.events.values_list("action", flat=True))
    assert actions[-2:] == ["propose_hold", "confirm_hold"]
    case.refresh_from_db()
    assert case.status == "open"  # never a step to a block


def test_the_proposer_cannot_be_the_second_person(telkomsel: Operator, budi: User, now: dt.datetime) -> None:
    hold = holds.proposed_hold(holds.candidate(telkomsel, at=now), by=budi, at=now)
    with pytest.raises(Forbidden) as error:
        holds.confirmed_hold(hold, by=budi, at=now + MINUTE)
    assert code_of(error) == "same_person"


def test_a_signature_needs_the_step_up_of_its_signer(
    telkomsel: Operator, budi: User, citra: User, now: dt.datetime
) -> None:
    case = holds.candidate(telkomsel, at=now)
    with pytest.raises(Forbidden):
        holds.proposed_hold(case, by=budi, at=now, step_up=step_up(citra, now))
    hold = holds.proposed_hold(case, by=budi, at=now)
    with pytest.raises(Forbidden):
        holds.confirmed_hold(hold, by=citra, at=now + MINUTE, step_up=step_up(budi, now))


@pytest.mark.parametrize(
    "change",
    [
        _FORGED,
        "UPDATE cases_hold SET state = 'confirmed', confirmed_at = now(), settled_at = now()",
        "UPDATE cases_hold SET digits = digits + 1",
        "UPDATE cases_hold SET proposed_by_id = %(citra)s",
        "DELETE FROM cases_hold",
    ],
)
def test_the_database_refuses_a_hold_that_two_people_did_not_sign(
    telkomsel: Operator, budi: User, citra: User, now: dt.datetime, change: str
) -> None:
    holds.proposed_hold(holds.candidate(telkomsel, at=now), by=budi, at=now)
    refusal = r"step-up|never changes|violates|Cannot delete"
    with (
        pytest.raises(DatabaseError, match=refusal),
        transaction.atomic(),
        as_administrator() as cursor,  # the application may not even try most of it
    ):
        cursor.execute(change, {"citra": citra.pk})


@pytest.mark.parametrize(
    "change",
    [
        "ends_at = ends_at + interval '1 second'",
        "ends_at = ends_at - interval '1 day', confirmed_at = confirmed_at - interval '1 day'",
        "state = 'pending', confirmed_at = NULL, ends_at = NULL, settled_at = NULL",
        "ended_at = ends_at + interval '1 second', end_reason = 'lapsed'",
        "ended_at = confirmed_at - interval '1 second', end_reason = 'mistake'",
    ],
)
def test_the_end_of_a_hold_never_moves(
    telkomsel: Operator, budi: User, citra: User, now: dt.datetime, change: str
) -> None:
    holds.held(telkomsel, first=budi, second=citra, at=now)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE cases_hold SET {change}")  # noqa: S608 - a constant of this test


def test_an_ended_hold_never_begins_again(
    telkomsel: Operator, budi: User, citra: User, now: dt.datetime
) -> None:
    hold = holds.held(telkomsel, first=budi, second=citra, at=now)
    services.end_hold(hold, by=budi, at=now + MINUTE, mistake=True)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE cases_hold SET ended_at = NULL, end_reason = '', ended_by_id = NULL")


def test_a_confirmed_hold_without_its_entry_in_the_audit_log_is_refused(
    telkomsel: Operator, budi: User, citra: User, now: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    hold = holds.proposed_hold(holds.candidate(telkomsel, at=now), by=budi, at=now)
    monkeypatch.setattr("aduan.cases.services.transitions.audit_action", lambda *a, **k: None)
    holds.confirmed_hold(hold, by=citra, at=now + MINUTE)
    with pytest.raises(IntegrityError, match="audit log"), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_either_signer_or_a_lead_ends_it_and_no_one_else(
    telkomsel: Operator, budi: User, citra: User, agus: User, sinta: User, now: dt.datetime
) -> None:
    for person_who, mistake in ((budi, True), (citra, False), (sinta, True)):
        hold = holds.held(telkomsel, first=budi, second=citra, at=now)
        with pytest.raises(Forbidden):
            services.end_hold(hold, by=agus, at=now + MINUTE, mistake=True)
        hold = services.end_hold(hold, by=person_who, at=now + MINUTE, mistake=mistake)
        assert (hold.ended_by, hold.ended_at) == (person_who, now + MINUTE)
        assert hold.end_reason == ("mistake" if mistake else "not_needed")
        assert holds_in_force(telkomsel.pk, at=now + MINUTE) == []
        with pytest.raises(WrongState):
            services.end_hold(hold, by=person_who, at=now + 2 * MINUTE, mistake=True)


def test_a_hold_ends_at_its_hour_though_no_job_runs(
    telkomsel: Operator, budi: User, citra: User, now: dt.datetime
) -> None:
    hold = holds.held(telkomsel, first=budi, second=citra, at=now)
    last = now + 7 * DAY
    assert len(holds_in_force(telkomsel.pk, at=last - dt.timedelta(microseconds=1))) == 1
    assert holds_in_force(telkomsel.pk, at=last) == []
    assert services.lapse_holds(at=last + 3 * DAY) == 1
    hold.refresh_from_db()
    assert (hold.ended_at, hold.end_reason, hold.ended_by) == (last, "lapsed", None)
    assert services.lapse_holds(at=last + 3 * DAY) == 0


def test_grounds_taken_away_between_the_signatures_stop_the_second(
    telkomsel: Operator, budi: User, citra: User, now: dt.datetime
) -> None:
    case = holds.candidate(telkomsel, at=now)
    hold = holds.proposed_hold(case, by=budi, at=now)
    services.note_hold_grounds(case, grounds=None, at=now + MINUTE)
    with pytest.raises(WrongState) as error:
        holds.confirmed_hold(hold, by=citra, at=now + MINUTE)
    assert code_of(error) == "no_candidate"


def test_the_second_signature_counts_once(
    telkomsel: Operator, budi: User, citra: User, agus: User, now: dt.datetime
) -> None:
    hold = holds.proposed_hold(holds.candidate(telkomsel, at=now), by=budi, at=now)
    holds.confirmed_hold(hold, by=citra, at=now + MINUTE)
    for signer in (citra, agus):
        with pytest.raises(WrongState) as error:
            holds.confirmed_hold(hold, by=signer, at=now + 2 * MINUTE)
        assert code_of(error) == "already_settled"
    assert CaseEvent.objects.filter(action="confirm_hold").count() == 1


def test_a_proposed_hold_can_be_turned_down_and_taken_back(
    telkomsel: Operator, budi: User, citra: User, now: dt.datetime
) -> None:
    case = holds.candidate(telkomsel, at=now)
    hold = services.decline_hold(
        holds.proposed_hold(case, by=budi, at=now), by=citra, at=now, reason="Tidak jelas"
    )
    assert (hold.state, hold.second_by) == ("declined", citra)
    hold = services.decline_hold(holds.proposed_hold(case, by=budi, at=now), by=budi, at=now, reason="Keliru")
    assert (hold.state, hold.second_by) == ("withdrawn", None)


def test_a_block_takes_the_place_of_a_hold_once_its_list_is_published(
    telkomsel: Operator, budi: User, citra: User, agus: User, now: dt.datetime
) -> None:
    hold = holds.held(telkomsel, first=budi, second=citra, at=now)
    make.proposed(hold.case, by=budi, at=now + MINUTE)
    make.signed(hold.case, by=citra, at=now + 2 * MINUTE)
    hold.refresh_from_db()
    assert (hold.became_block_at, hold.ended_at) == (now + 2 * MINUTE, None)
    assert Block.objects.get().urgent  # else the number would work again until the next monthly list
    assert services.end_holds_of_listed_blocks([hold.case_id], at=now + 5 * MINUTE) == 1
    hold.refresh_from_db()
    assert (hold.ended_at, hold.end_reason) == (now + 5 * MINUTE, "blocked")


def test_a_block_that_is_never_listed_does_not_lengthen_the_hold(
    telkomsel: Operator, budi: User, citra: User, now: dt.datetime
) -> None:
    hold = holds.held(telkomsel, first=budi, second=citra, at=now)
    make.proposed(hold.case, by=budi, at=now + MINUTE)
    make.signed(hold.case, by=citra, at=now + 2 * MINUTE)
    assert holds_in_force(telkomsel.pk, at=now + 7 * DAY) == []
    services.end_holds_of_listed_blocks([hold.case_id], at=now + 9 * DAY)
    hold.refresh_from_db()
    assert hold.ended_at == now + 7 * DAY


def test_a_case_closed_without_a_block_ends_its_hold(
    telkomsel: Operator, budi: User, citra: User, agus: User, now: dt.datetime
) -> None:
    make.reasons()
    hold = holds.held(telkomsel, first=budi, second=citra, at=now)
    make.proposed(hold.case, by=budi, at=now + MINUTE, proposal_type=ProposalType.SPOOFED)
    make.signed(hold.case, by=citra, at=now + 2 * MINUTE)
    hold.refresh_from_db()
    assert (hold.ended_at, hold.end_reason) == (now + 2 * MINUTE, "closed")


def test_no_one_holds_a_number_of_a_case_with_their_own_contact(
    telkomsel: Operator, budi: User, citra: User, now: dt.datetime
) -> None:
    case = holds.candidate(telkomsel, at=now)
    hold = holds.proposed_hold(case, by=budi, at=now)
    services.record_conflicts(case, user_ids=[citra.pk])
    with pytest.raises(Forbidden) as error:
        holds.confirmed_hold(hold, by=citra, at=now)
    assert code_of(error) == "conflict_of_interest"


def test_only_open_holds_stand_in_the_way_of_another(
    telkomsel: Operator, budi: User, citra: User, now: dt.datetime
) -> None:
    case = holds.candidate(telkomsel, at=now)
    holds.proposed_hold(case, by=budi, at=now)
    with pytest.raises(WrongState) as error:
        holds.proposed_hold(case, by=citra, at=now)
    assert code_of(error) == "already_held"
    assert Hold.objects.count() == 1
