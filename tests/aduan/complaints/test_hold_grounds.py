"""Complaints that are grounds for a hold put their case on the desk, and take it off again."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from aduan.accounts.models import User
from aduan.cases import services as cases
from aduan.cases.models import Case, HoldCandidate
from aduan.complaints.models import Complaint
from aduan.complaints.services import find_hold_candidates, hold_grounds, withdraw
from aduan.core.errors import WrongState
from aduan.operators.models import Operator
from tests.factories import cases as make
from tests.factories import holds
from tests.factories.complaints import complaint

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def case(telkomsel: Operator, now: dt.datetime) -> Case:
    """With one complaint that has clean evidence and a confirmed contact."""
    made = make.make_case(telkomsel, at=now)
    make.make_evidence(made)
    Complaint.objects.filter(case=made).update(email_confirmed_at=now)
    return made


def test_a_confirmed_contact_with_clean_evidence_is_grounds_while_rules_are_in_force(
    case: Case, now: dt.datetime
) -> None:
    assert find_hold_candidates(at=now + HOUR) == 0, "no rules"
    holds.hold_rules()
    assert find_hold_candidates(at=now + HOUR) == 1
    candidate = HoldCandidate.objects.get(case=case)
    assert (candidate.grounds, candidate.qualified_at) == ("evidence", now + HOUR)
    assert find_hold_candidates(at=now + 2 * HOUR) == 0, "its clock goes on"


@pytest.mark.parametrize("change", ["withdrawn", "old", "linked", "unconfirmed"])
def test_what_is_no_grounds_any_more_leaves_the_desk(case: Case, now: dt.datetime, change: str) -> None:
    holds.hold_rules()
    find_hold_candidates(at=now)
    complaint = Complaint.objects.get(case=case)
    changes: dict[str, dict[str, Any]] = {
        "withdrawn": {"withdrawn_at": now},
        "old": {},
        "linked": {"mass_reporter": True},
        "unconfirmed": {"email_confirmed_at": None},
    }
    if changes[change]:
        Complaint.objects.filter(pk=complaint.pk).update(**changes[change])
    assert find_hold_candidates(at=now + (25 * HOUR if change == "old" else HOUR)) == 1
    assert not HoldCandidate.objects.exists()


def test_several_independent_complaints_are_grounds_without_a_contact(case: Case, now: dt.datetime) -> None:
    holds.hold_rules(independent_complaints=2)
    Complaint.objects.filter(case=case).update(email_confirmed_at=None)
    assert find_hold_candidates(at=now) == 0
    first = Complaint.objects.get(case=case)
    first.pk, first.ticket, first.idempotency_key = None, "T999999999", "0b7e5f1e-0000-4000-8000-000000000001"
    first._state.adding = True
    first.save()
    assert find_hold_candidates(at=now) == 1
    assert HoldCandidate.objects.get().grounds == "independent"


def test_a_complaint_withdrawn_between_the_signatures_stops_the_second(
    telkomsel: Operator, budi: User, citra: User, now: dt.datetime
) -> None:
    """Also before the sweep, which takes the proposal back."""
    holds.hold_rules()
    first, *_others = [complaint(now, number="0812-7000-4321") for _turn in range(3)]
    assert first.case is not None
    find_hold_candidates(at=now)
    hold = holds.proposed_hold(first.case, by=budi, at=now + HOUR)
    withdraw(first, at=now + 2 * HOUR)
    with pytest.raises(WrongState) as refusal:
        holds.confirmed_hold(hold, by=citra, at=now + 2 * HOUR)
    assert refusal.value.code == "proposal_outdated"
    find_hold_candidates(at=now + 3 * HOUR)
    with pytest.raises(WrongState):
        holds.confirmed_hold(hold, by=citra, at=now + 3 * HOUR)


def test_a_proposal_is_taken_back_when_its_hours_are_over(case: Case, budi: User, now: dt.datetime) -> None:
    """Before, it could be signed weeks later, when nothing of it was news any more."""
    rules = holds.hold_rules()
    find_hold_candidates(at=now)
    hold = holds.proposed_hold(case, by=budi, at=now)
    find_hold_candidates(at=now + dt.timedelta(hours=rules.within_hours - 1))
    hold.refresh_from_db()
    assert hold.state == "pending"
    find_hold_candidates(at=now + dt.timedelta(hours=rules.within_hours + 1))
    hold.refresh_from_db()
    assert hold.state == "withdrawn"
    assert case.events.latest("id").action == "decline_hold"


def test_a_hold_ends_with_the_last_complaint_about_its_number(
    telkomsel: Operator, budi: User, citra: User, now: dt.datetime
) -> None:
    """Withdrawn, or found to be about another number: no one says anything about this one any more."""
    holds.hold_rules()
    filed = [complaint(now, number="0812-7000-4321") for _turn in range(3)]
    case = filed[0].case
    assert case is not None
    find_hold_candidates(at=now)
    hold = holds.confirmed_hold(holds.proposed_hold(case, by=budi, at=now), by=citra, at=now)
    for turn, one in enumerate(filed, start=1):
        hold.refresh_from_db()
        assert hold.ended_at is None
        withdraw(one, at=now + turn * HOUR)
    hold.refresh_from_db()
    assert (hold.end_reason, hold.ended_at) == ("not_needed", now + 3 * HOUR)


def test_a_case_that_fails_is_named_and_keeps_no_other_off_the_desk(
    telkomsel: Operator, now: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first of three fails; before, the round ended with it."""
    holds.hold_rules()
    made = [make.make_case(telkomsel, digits=6281234567800 + at, at=now) for at in range(3)]
    for case in made:
        make.make_evidence(case)
    Complaint.objects.update(email_confirmed_at=now)
    real = cases.note_hold_grounds

    def fails_once(case: Case, **given: Any) -> None:
        if case.pk == made[0].pk:
            raise OSError("a lock was not had")
        real(case, **given)

    monkeypatch.setattr(hold_grounds, "note_hold_grounds", fails_once)
    with pytest.raises(ExceptionGroup) as failed:
        find_hold_candidates(at=now + HOUR)
    assert failed.value.exceptions[0].__notes__ == [f"case {made[0].pk}"]
    assert set(HoldCandidate.objects.values_list("case_id", flat=True)) == {made[1].pk, made[2].pk}
