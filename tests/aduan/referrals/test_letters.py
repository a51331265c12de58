"""Silence leads to a letter with figures: drafted after the policy time, sent by a person or not at all."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core import mail as sent
from django.db import IntegrityError, transaction
from django.db.utils import InternalError

from aduan.accounts.models import User
from aduan.core.errors import Forbidden, WrongState
from aduan.core.jobs import now as database_now
from aduan.notifications.services import send_due
from aduan.operators.actors import Actor
from aduan.referrals.codes import AnswerWay
from aduan.referrals.models import EscalationLetter, Referral
from aduan.referrals.services import answer_referral, discard_letter, draft_letters, send_letter
from portal.tasks import mail
from tests.database import as_administrator
from tests.factories import referrals as make

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
PATIENCE = 15 * DAY


@pytest.fixture
def letter(referral: Referral, now: dt.datetime) -> EscalationLetter:
    assert draft_letters(at=now + PATIENCE) == 1
    return EscalationLetter.objects.select_related("platform").get()


def test_it_is_drafted_after_the_policy_time_and_once(referral: Referral, now: dt.datetime) -> None:
    assert draft_letters(at=referral.made_at + PATIENCE - dt.timedelta(seconds=1)) == 0
    assert draft_letters(at=referral.made_at + PATIENCE) == 1
    assert draft_letters(at=now + 60 * DAY) == 0, "one waits already"


def test_the_policy_time_is_the_platforms_own(referral: Referral, now: dt.datetime) -> None:
    make.contact_changed(escalate_after_days=30)
    assert draft_letters(at=now + 29 * DAY) == 0
    assert draft_letters(at=now + 31 * DAY) == 1


def test_who_answered_or_named_no_representative_gets_none(
    referral: Referral, theirs: Actor, now: dt.datetime
) -> None:
    make.contact_changed(representative_email="")
    assert draft_letters(at=now + PATIENCE) == 0
    make.contact_changed(representative_email="wakil@platform.example")
    answer_referral(referral, answer="limited", way=AnswerWay.API, actor=theirs, at=now)
    assert draft_letters(at=now + PATIENCE) == 0


def test_it_says_what_was_asked_and_leaves_only_by_a_person(
    letter: EscalationLetter, referral: Referral, lina: User, budi: User, now: dt.datetime
) -> None:
    at = now + PATIENCE
    with pytest.raises(Forbidden):
        send_letter(letter, by=budi, at=at)
    send_due(mail.deliver, at=database_now() + 20 * DAY)
    assert not [one for one in sent.outbox if one.to == ["wakil@platform.example"]]
    send_letter(letter, by=lina, at=at)
    send_due(mail.deliver, at=database_now() + 20 * DAY)
    (out,) = [one for one in sent.outbox if one.to == ["wakil@platform.example"]]
    assert referral.reference in out.body
    assert "1 referral has had no answer for more than 15 days" in out.body
    assert "Following is voluntary" in out.body
    assert "overdue" not in out.body
    with pytest.raises(WrongState):
        discard_letter(letter, by=lina, at=at)


def test_a_discarded_one_is_drafted_again_after_the_policy_time(
    letter: EscalationLetter, lina: User, now: dt.datetime
) -> None:
    discard_letter(letter, by=lina, at=now + PATIENCE)
    assert draft_letters(at=now + PATIENCE + 14 * DAY) == 0
    assert draft_letters(at=now + 2 * PATIENCE + DAY) == 1


def test_the_database_keeps_a_letter_as_it_was_drafted(letter: EscalationLetter, now: dt.datetime) -> None:
    with pytest.raises(InternalError, match="letter_is_final"), transaction.atomic(), as_administrator():
        EscalationLetter.objects.update(figures={})
    with pytest.raises(IntegrityError, match="letter_sent_by_a_person"), transaction.atomic():
        EscalationLetter.objects.update(sent_at=now)
