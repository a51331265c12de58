"""A letter makes an objection count; a code to the number makes it strong, also later and beside another's.

Before, who had written a letter could add no code, and the holder of the number waited behind any letter.
"""

from __future__ import annotations

import datetime as dt

import pytest

from aduan.accounts.models import User
from aduan.appeals import services
from aduan.appeals.models import Objection
from aduan.cases.models import Block, CaseEvent
from aduan.core.errors import Forbidden, WrongState
from aduan.core.models import AuditLogEntry
from tests.aduan.appeals.test_objections import answered, block, objected, proven
from tests.factories.accounts import person
from tests.factories.cases import confirmed_by, dina, settlement_asked

pytestmark = pytest.mark.django_db
__all__ = ["block"]
HOUR = dt.timedelta(hours=1)


def by_letter(objection: Objection, by: User, at: dt.datetime, *, by_operator: bool = False) -> Objection:
    return services.confirm_possession(objection, by=by, note="Surat 12/XI", at=at, by_operator=by_operator)


def test_a_code_makes_an_objection_by_letter_strong_and_is_answered_no_later(block: Block, agus, now):
    objection = by_letter(objected(now), agus, now)
    slow = objection.due_at
    with pytest.raises(Forbidden):
        services.request_lift(objection, at=now)
    strong = proven(objection, now + HOUR)
    assert (strong.proof, strong.proof_note, strong.proven_by) == ("code", "Surat 12/XI", agus)
    assert strong.due_at is not None
    assert slow is not None
    assert strong.due_at < slow
    assert services.request_lift(strong, at=now + HOUR).block == block
    with pytest.raises(WrongState, match="proven_already"):
        services.send_code(strong, address="203.0.113.5", at=now + HOUR)


def test_a_code_in_the_last_hour_does_not_put_the_answer_off(block: Block, agus, now):
    objection = by_letter(objected(now), agus, now)
    late = now + dt.timedelta(days=2, hours=23)
    assert proven(objection, late).due_at == objection.due_at


def test_who_has_the_number_is_heard_beside_who_wrote_a_letter(block: Block, agus, now):
    letter, mine = by_letter(objected(now), agus, now), objected(now + HOUR)
    mine = proven(mine, now + HOUR)
    assert services.request_lift(mine, at=now + HOUR).block == block
    with pytest.raises(WrongState, match="objection_open"):
        proven(letter, now + 2 * HOUR)  # one by a code is answered at a time
    with pytest.raises(WrongState, match="objection_open"):
        by_letter(objected(now + 2 * HOUR), agus, now + 2 * HOUR)
    answered(block.case, by=person("wati@aduan.example", "Wati", *agus.roles), at=now + 3 * HOUR, upheld=True,
             reason="Benar miliknya")  # fmt: skip
    assert set(Objection.objects.exclude(state="unproven").values_list("pk", "state")) == {
        (letter.pk, "upheld"), (mine.pk, "upheld"),
    }  # fmt: skip


def test_an_answer_that_was_asked_for_before_the_second_objection_is_read_anew(block: Block, agus, now):
    by_letter(objected(now), agus, now)
    wati = person("wati@aduan.example", "Wati", *agus.roles)
    request = settlement_asked(block.case, by=wati, at=now, upheld=False, reason="Bukan pemilik")
    proven(objected(now + HOUR), now + HOUR)
    assert CaseEvent.objects.filter(case=block.case, action="object").count() == 2
    with pytest.raises(WrongState):
        confirmed_by(dina(), services.confirm_answer, request, at=now + 2 * HOUR)
    assert not Objection.objects.filter(state="rejected").exists()


def test_the_operators_word_carries_a_lift_once_two_have_seen_it(block: Block, agus, budi, now):
    """One reviewer who objects under another name and vouches for it alone would free a number."""
    objection = by_letter(objected(now), agus, now, by_operator=True)
    assert objection.is_strong
    with pytest.raises(Forbidden, match="same_person"):
        services.second_possession(objection, by=agus, at=now)
    with pytest.raises(Forbidden, match="not_in_possession"):
        services.request_lift(objection, at=now)
    services.second_possession(objection, by=budi, at=now)
    assert AuditLogEntry.objects.filter(
        action="objection.second_possession", actor=f"user:{budi.pk}"
    ).exists()
    with pytest.raises(WrongState):
        services.second_possession(objection, by=budi, at=now)
    assert services.request_lift(objection, at=now).block == block


def test_a_letter_of_no_operator_carries_no_lift_by_two(block: Block, agus, budi, now):
    objection = by_letter(objected(now), agus, now)
    with pytest.raises(WrongState):
        services.second_possession(objection, by=budi, at=now)
