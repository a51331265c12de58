"""The owner proves that they have the number: it works again until two others have decided."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from aduan.accounts.roles import Role
from aduan.appeals import queries, services
from aduan.appeals.deadlines import office_hours_after
from aduan.appeals.models import AnswerPolicy, Objection
from aduan.blocklists.models import ListType
from aduan.blocklists.services import build_interims
from aduan.cases.models import Block, Hold, TemporaryLift
from aduan.cases.queries import holds_in_force
from aduan.core.errors import Forbidden, WrongState
from aduan.core.periods import JAKARTA
from aduan.numbers.parsing import parse
from tests.aduan.appeals.test_objections import answered, objected, proven
from tests.database import as_administrator
from tests.factories import holds
from tests.factories.accounts import person
from tests.factories.blocklists import a_block, published
from tests.factories.cases import settlement_asked

MINUTE, HOUR = dt.timedelta(minutes=1), dt.timedelta(hours=1)


@pytest.fixture
def block(telkomsel, budi, citra, now) -> Block:
    return a_block(telkomsel, by=(budi, citra), at=now, digits=6281270001234)


@pytest.fixture
def held(telkomsel, budi, citra, now) -> Hold:
    holds.hold_rules()
    return holds.held(telkomsel, first=budi, second=citra, at=now, digits=6281270001234)


def listed_numbers(operator, at: dt.datetime) -> list[int]:
    from aduan.blocklists.models import BlockList, BlockListEntry

    newest = BlockList.objects.filter(operator=operator, series="block", state="published").latest("sequence")
    return list(BlockListEntry.objects.filter(list_id=newest.pk).values_list("digits", flat=True))


def test_a_lift_takes_the_number_off_the_list_at_once_and_a_no_puts_it_back(telkomsel, block, agus, now):
    published(telkomsel, at=now, kind=ListType.MONTHLY)
    assert listed_numbers(telkomsel, now) == [block.digits]
    objection = proven(objected(now + HOUR), now + HOUR)
    services.request_lift(objection, at=now + HOUR)
    [removal] = build_interims(at=now + HOUR + MINUTE)
    assert (removal.added_count, removal.removed_count) == (0, 1)
    assert listed_numbers(telkomsel, now) == []

    answered(block.case, by=agus, at=now + 2 * HOUR, upheld=False, reason="Dipakai menipu")
    [back] = build_interims(at=now + 2 * HOUR + MINUTE)
    assert (back.added_count, back.removed_count) == (1, 0)
    assert listed_numbers(telkomsel, now) == [block.digits]
    lift = TemporaryLift.objects.get()
    assert (lift.outcome, lift.ended_at) == ("restored", now + 2 * HOUR)
    assert lift.under is not None


def test_an_objection_that_is_right_leaves_nothing_to_put_back(telkomsel, block, agus, now):
    published(telkomsel, at=now, kind=ListType.MONTHLY)
    services.request_lift(proven(objected(now), now), at=now)
    answered(block.case, by=agus, at=now + HOUR, upheld=True, reason="Benar miliknya")
    build_interims(at=now + HOUR)
    assert listed_numbers(telkomsel, now) == []
    assert TemporaryLift.objects.get().outcome == "freed"


def test_a_block_is_lifted_once_only(block, agus, now):
    services.request_lift(proven(objected(now), now), at=now)
    with pytest.raises(WrongState, match="sekali"):
        services.request_lift(Objection.objects.get(), at=now)
    answered(block.case, by=agus, at=now + HOUR, upheld=False, reason="Dipakai menipu")
    again = proven(objected(now + 25 * HOUR), now + 25 * HOUR)
    with pytest.raises(WrongState) as error:
        services.request_lift(again, at=now + 25 * HOUR)
    assert error.value.code == "lifted_before"


def test_without_proof_of_possession_nothing_is_lifted(block, agus, now):
    objection = objected(now)
    with pytest.raises(WrongState):
        services.request_lift(objection, at=now)
    services.confirm_possession(objection, by=agus, note="Surat kuasa", at=now)
    with pytest.raises(Forbidden) as error:
        services.request_lift(objection, at=now)
    assert error.value.code == "not_in_possession"


def test_the_operators_confirmation_is_proof_of_possession(block, agus, budi, now):
    objection = objected(now)
    services.confirm_possession(objection, by=agus, note="Surat operator", at=now, by_operator=True)
    services.second_possession(objection, by=budi, at=now)
    assert services.request_lift(objection, at=now).block == block


def test_a_lifted_hold_is_on_no_list_and_comes_back_for_the_rest_of_its_time(telkomsel, held, agus, now):
    services.request_lift(proven(objected(now + MINUTE), now + MINUTE), at=now + HOUR)
    assert holds_in_force(telkomsel.pk, at=now + HOUR) == []
    answered(held.case, by=agus, at=now + 2 * HOUR, upheld=False, reason="Dipakai menipu")
    [back] = holds_in_force(telkomsel.pk, at=now + 2 * HOUR)
    assert back.ends_at == held.ends_at
    assert holds_in_force(telkomsel.pk, at=held.ends_at) == []


def test_the_owner_of_a_held_number_is_right_and_the_hold_ends(telkomsel, held, agus, now):
    services.request_lift(proven(objected(now + MINUTE), now + MINUTE), at=now + HOUR)
    answered(held.case, by=agus, at=now + 2 * HOUR, upheld=True, reason="Benar miliknya")
    held.refresh_from_db()
    assert held.end_reason == "objection"
    assert holds_in_force(telkomsel.pk, at=now + 2 * HOUR) == []


def test_who_held_the_number_does_not_answer_its_owner(held, budi, citra, now, monkeypatch):
    proven(objected(now + MINUTE), now + MINUTE)
    for signer in (budi, citra):
        with pytest.raises(Forbidden) as error:
            settlement_asked(held.case, by=signer, at=now + HOUR, upheld=False, reason="Dipakai menipu")
        assert error.value.code == "decided_before"
    monkeypatch.setattr("aduan.cases.services.release_requests.require_not_decided_by", lambda *a: None)
    with pytest.raises(Forbidden) as error:  # the database says no too
        settlement_asked(held.case, by=budi, at=now + HOUR, upheld=False, reason="Dipakai menipu")
    assert error.value.code == "signature_refused"


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE cases_temporarylift SET ended_at = now(), outcome = 'restored'",
        "UPDATE cases_temporarylift SET lifted_at = lifted_at - interval '1 day'",
        (
            "INSERT INTO cases_temporarylift (case_id, block_id, lifted_at, outcome)"
            " SELECT case_id, block_id, now(), '' FROM cases_temporarylift"
        ),
    ],
)
def test_the_database_puts_nothing_back_without_a_decision(block, now, change):
    services.request_lift(proven(objected(now), now), at=now)
    # The application's role may not even try to change what is fixed.
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)


def test_a_number_that_no_one_objects_to_is_not_lifted(block, now):
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO cases_temporarylift (case_id, block_id, lifted_at, outcome) VALUES (%s, %s, %s, '')",
            [block.case_id, block.pk, now],
        )


@pytest.mark.parametrize(
    ("proven_at", "due"),
    [
        ("2026-11-18 09:00", "2026-11-18 13:00"),
        ("2026-11-18 14:30", "2026-11-19 10:30"),
        ("2026-11-18 05:00", "2026-11-18 12:00"),
        ("2026-11-20 16:00", "2026-11-23 12:00"),  # a Friday evening
        ("2026-11-21 11:00", "2026-11-23 12:00"),  # a Saturday
    ],
)
def test_four_office_hours_are_counted_while_the_office_is_open(proven_at, due):
    began = dt.datetime.fromisoformat(proven_at).replace(tzinfo=JAKARTA)
    assert office_hours_after(began, 4) == dt.datetime.fromisoformat(due).replace(tzinfo=JAKARTA)


def test_a_strong_objection_is_due_within_the_policys_hours_and_a_letter_within_days(block, agus, now):
    objection = proven(objected(now), now)
    assert objection.due_at == office_hours_after(now, 4)
    Objection.objects.filter(pk=objection.pk).update(state="rejected", answered_at=now, answered_by=agus)
    with as_administrator():
        AnswerPolicy.objects.create(
            valid=holds.EVER, strong_office_hours=2, opens_at=dt.time(9), closes_at=dt.time(17)
        )
    again = proven(objected(now + 25 * HOUR), now + 25 * HOUR)
    begun = (now + 25 * HOUR).astimezone(JAKARTA)
    assert again.due_at == office_hours_after(begun, 2, opens=dt.time(9), closes=dt.time(17))


def test_a_lead_alone_may_not_answer(held, now):
    assert parse("0812-7000-1234").digits == held.digits
    lead = person("sinta@aduan.example", "Sinta Lead", Role.LEAD)
    proven(objected(now + MINUTE), now + MINUTE)
    with pytest.raises(Forbidden):
        settlement_asked(held.case, by=lead, at=now + HOUR, upheld=False, reason="Dipakai menipu")


def test_a_lift_is_offered_only_while_there_is_something_to_lift(held, now):
    """The button stood on the page after the hold had ended by itself, and each press was refused."""
    objection = proven(objected(now + HOUR), now + HOUR)
    assert held.ends_at is not None
    assert queries.may_be_lifted(objection, at=held.ends_at - MINUTE)
    assert not queries.may_be_lifted(objection, at=held.ends_at)
    services.request_lift(objection, at=now + HOUR)
    assert not queries.may_be_lifted(objection, at=now + HOUR + MINUTE), "once"
