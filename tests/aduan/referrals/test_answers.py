"""What a platform says counts at once; what comes without proof counts when a person says so."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.db import IntegrityError, transaction

from aduan.accounts.models import User
from aduan.cases.models import CaseEvent
from aduan.core.errors import Forbidden, Invalid, WrongState
from aduan.operators.actors import Actor, actor_for
from aduan.referrals import queries
from aduan.referrals.codes import AnswerWay
from aduan.referrals.models import Referral, ReferralAnswer
from aduan.referrals.services import (
    AnswerLine,
    answer_by_link,
    answer_referral,
    answer_referrals,
    link_token,
    referral_by_link,
    reply_to_question,
    settle_answer,
)
from tests.factories import referrals as make
from tests.factories.operators import person_of

pytestmark = pytest.mark.django_db


def test_the_platforms_own_answer_counts_at_once(referral: Referral, theirs: Actor, now: dt.datetime) -> None:
    answer_referral(referral, answer="limited", way=AnswerWay.API, actor=theirs, at=now)
    referral.refresh_from_db()
    assert referral.current is not None
    assert referral.current.answer == "limited"
    event = CaseEvent.objects.filter(case=referral.case, action="answer").get()
    assert (event.detail["answer"], event.detail["referral"]) == ("limited", referral.reference)


def test_the_same_answer_again_changes_nothing(referral: Referral, theirs: Actor, now: dt.datetime) -> None:
    for _turn in range(2):
        answer_referral(referral, answer="suspended", way=AnswerWay.API, actor=theirs, at=now)
    assert ReferralAnswer.objects.count() == 1


def test_another_platform_cannot_answer(referral: Referral, now: dt.datetime) -> None:
    others = person_of(make.platform("telegram", "Telegram"), "tono@telegram.example", "Tono")
    with pytest.raises(Forbidden):
        answer_referral(referral, answer="suspended", way=AnswerWay.API, actor=actor_for(others), at=now)


@pytest.mark.parametrize("answer", ["no_violation", "need_more"])
def test_a_refusal_and_a_question_need_words(
    answer: str, referral: Referral, theirs: Actor, now: dt.datetime
) -> None:
    with pytest.raises(Invalid, match="note_missing"):
        answer_referral(referral, answer=answer, note=" ", way=AnswerWay.API, actor=theirs, at=now)
    with pytest.raises(IntegrityError, match="platform_answer_says_why"), transaction.atomic():
        ReferralAnswer.objects.create(
            referral=referral, answer=answer, way="api", by=theirs.user, accepted=True, acted_at=now,
            received_at=now,
        )  # fmt: skip


def test_an_answer_by_link_waits_for_a_person(referral: Referral, budi: User, now: dt.datetime) -> None:
    given = answer_by_link(referral, answer="suspended", at=now)
    referral.refresh_from_db()
    assert (given.accepted, referral.current) == (None, None)
    assert not CaseEvent.objects.filter(case=referral.case, action="answer").exists()
    settle_answer(given, accept=True, by=budi, at=now)
    referral.refresh_from_db()
    assert referral.current == given


def test_a_dismissed_answer_reaches_no_one(referral: Referral, budi: User, now: dt.datetime) -> None:
    given = answer_by_link(referral, answer="no_violation", note="Kami bukan penipu", at=now)
    settle_answer(given, accept=False, by=budi, at=now)
    referral.refresh_from_db()
    assert referral.current is None
    assert not CaseEvent.objects.filter(case=referral.case, action="answer").exists()
    with pytest.raises(WrongState):
        settle_answer(given, accept=True, by=budi, at=now)


def test_the_database_lets_no_unproven_answer_count(referral: Referral, now: dt.datetime) -> None:
    given = answer_by_link(referral, answer="suspended", at=now)
    with pytest.raises(IntegrityError, match="unproven_answer_needs_a_person"), transaction.atomic():
        ReferralAnswer.objects.filter(pk=given.pk).update(accepted=True)
    with pytest.raises(IntegrityError, match="is not an accepted answer"), transaction.atomic():
        Referral.objects.filter(pk=referral.pk).update(current=given)


def test_the_link_opens_its_own_referral_only(referral: Referral) -> None:
    assert referral_by_link(referral.uid, link_token(referral.uid)) == referral
    assert referral_by_link(referral.uid, link_token(uuid.uuid4())) is None


def test_strangers_with_a_link_cannot_fill_the_desk(referral: Referral, now: dt.datetime) -> None:
    for turn in range(5):
        answer_by_link(referral, answer="no_violation", note=f"alasan {turn}", at=now)
    with pytest.raises(WrongState):
        answer_by_link(referral, answer="no_violation", note="lagi", at=now)


def test_a_question_reaches_a_reviewer_whose_reply_goes_into_the_thread(
    referral: Referral, theirs: Actor, budi: User, now: dt.datetime
) -> None:
    asked = answer_referral(
        referral, answer="need_more", note="Which messages?", way=AnswerWay.API, actor=theirs, at=now
    )
    assert list(queries.questions()) == [asked]
    reply_to_question(asked, "Pesan hadiah palsu.", by=budi, at=now)
    assert not queries.questions().exists()


def test_a_batch_is_taken_whole_or_not_at_all(referral: Referral, theirs: Actor, now: dt.datetime) -> None:
    lines = [AnswerLine(1, referral.uid, "suspended"), AnswerLine(2, uuid.uuid4(), "suspended")]
    with pytest.raises(Invalid, match="rows_refused") as refused:
        answer_referrals(lines, way=AnswerWay.UPLOAD, actor=theirs, at=now)
    assert [(row["row"], row["code"]) for row in refused.value.details["rows"]] == [(2, "referral_unknown")]
    assert not ReferralAnswer.objects.exists()


def test_figures_count_what_was_asked_answered_refused_and_silent(
    referral: Referral, theirs: Actor, budi: User, citra: User, now: dt.datetime
) -> None:
    long_ago = now - dt.timedelta(days=16)
    more = [make.referred(f"0812-3456-780{turn}", at=long_ago, by=budi, second=citra) for turn in range(3)]
    answer_referral(referral, answer="suspended", way=AnswerWay.API, actor=theirs, at=now)
    answer_referral(more[0], answer="need_more", note="?", way=AnswerWay.API, actor=theirs, at=now)
    answer_referral(more[1], answer="no_violation", note="-", way=AnswerWay.API, actor=theirs, at=now)
    found = queries.platform_figures(
        theirs.operator, since=now - dt.timedelta(days=30), until=now + dt.timedelta(days=1), at=now
    )
    assert (found.asked, found.answered, found.acted, found.refused) == (4, 2, 1, 1)
    assert (found.asked_back, found.waiting, found.silent) == (1, 1, 1)
    assert found.hours == round((1 + 16 * 24) / 2, 1)
