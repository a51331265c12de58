"""A referral follows a decision of two people, and says nothing about those who complained."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from django.db import IntegrityError, transaction

from aduan.accounts.models import User
from aduan.cases.models import Block
from aduan.core.periods import local_date
from aduan.notifications.models import OutboxMessage
from aduan.operators.models import Operator
from aduan.referrals import queries
from aduan.referrals.models import Referral
from aduan.referrals.services import (
    answer_by_link,
    draft_letters,
    follow_decisions,
    remind_platforms,
    store_mail,
)
from tests.database import as_administrator
from tests.factories import referrals as make
from tests.factories.accounts import past_triggers

pytestmark = pytest.mark.django_db


def test_a_decision_is_asked_once_and_by_one_mail(referral: Referral, now: dt.datetime) -> None:
    assert follow_decisions(ministry=make.MINISTRY, at=now) == 0
    assert OutboxMessage.objects.filter(kind="referral").count() == 1
    assert referral.account == "+6281234567890"


def test_an_account_without_a_number_reaches_its_platform(
    whatsapp: Operator, budi: User, citra: User, now: dt.datetime
) -> None:
    make.platform("telegram", "Telegram")
    referral = make.referred("t.me/admin_undian", channel="telegram", at=now, by=budi, second=citra)
    assert (referral.account, referral.platform.code) == ("telegram:@admin_undian", "telegram")
    assert referral.block.digits is None, "no list can carry it"


def test_an_account_reported_over_another_channel_reaches_its_platform(
    whatsapp: Operator, budi: User, citra: User, now: dt.datetime
) -> None:
    make.platform("instagram", "Instagram")
    referral = make.referred("instagram.com/hadiah_bri", channel="other", at=now, by=budi, second=citra)
    assert referral.platform.code == "instagram"


def test_the_document_speaks_the_vocabulary_of_statements_of_reasons(referral: Referral) -> None:
    said = queries.notice_of(referral, ministry=make.MINISTRY)
    assert said["puid"] == str(referral.uid)
    assert said["category"] == "STATEMENT_CATEGORY_SCAMS_AND_FRAUD"
    assert said["category_specification"] == ["KEYWORD_IMPERSONATION_ACCOUNT_HIJACKING"]
    assert said["automated_decision"] == "AUTOMATED_DECISION_NOT_AUTOMATED"
    assert said["referral"]["account"] == "+6281234567890"
    assert said["referral"]["case"] == referral.case.reference, "by which an entry of a list is matched"
    assert said["referral"]["evidence"]["complaints"] == 1
    assert said["referral"]["contact"]["email"] == "tanya@aduan.example"


def test_nothing_of_a_complaint_but_counts_leaves(referral: Referral) -> None:
    said = json.dumps(queries.notice_of(referral, ministry=make.MINISTRY))
    assert "OTP" not in said, "the narrative stays here"
    assert set(referral.evidence) == {"media", "complaints", "first_on", "last_on"}


def test_a_released_decision_is_not_asked_any_more(referral: Referral, now: dt.datetime) -> None:
    with past_triggers():  # the release itself is not the point
        Block.objects.filter(pk=referral.block_id).update(
            released_at=now, released_on=local_date(now), release_reason="error"
        )
    follow_decisions(ministry=make.MINISTRY, at=now)
    referral.refresh_from_db()
    assert referral.withdrawn_at == now
    assert not queries.referrals_of(referral.platform, answered=False)
    follow_decisions(ministry=make.MINISTRY, at=now)
    assert OutboxMessage.objects.filter(kind="referral_withdrawn").count() == 1


def test_what_is_silent_for_a_week_is_asked_again_once(referral: Referral, now: dt.datetime) -> None:
    later = now + dt.timedelta(days=7)
    assert remind_platforms(ministry=make.MINISTRY, at=now) == 0
    assert remind_platforms(ministry=make.MINISTRY, at=later) == 1
    assert remind_platforms(ministry=make.MINISTRY, at=later + dt.timedelta(days=9)) == 0


def test_an_answer_that_waits_for_us_is_no_silence(referral: Referral, now: dt.datetime) -> None:
    """Seen to fail on d0bffad4: "We have no answer yet", and a letter to the representative."""
    answer_by_link(referral, answer="suspended", at=now)
    later = now + dt.timedelta(days=20)
    assert remind_platforms(ministry=make.MINISTRY, at=later) == 0
    assert draft_letters(at=later) == 0
    figures = queries.platform_figures(
        referral.platform, since=now - dt.timedelta(days=1), until=later, at=later
    )
    assert (figures.unsettled, figures.waiting, figures.silent) == (1, 0, 0)


def test_a_mail_that_is_not_read_yet_is_no_silence(referral: Referral, now: dt.datetime) -> None:
    mail = f"From: a@b.example\r\nIn-Reply-To: {referral.mail_id}\r\nSubject: Re\r\n\r\nSuspended."
    store_mail(mail.encode(), at=now)
    later = now + dt.timedelta(days=20)
    assert remind_platforms(ministry=make.MINISTRY, at=later) == 0
    assert draft_letters(at=later) == 0


def test_the_content_of_a_referral_never_changes(referral: Referral) -> None:
    with pytest.raises(Exception, match="content_is_final"), transaction.atomic(), as_administrator():
        Referral.objects.filter(pk=referral.pk).update(account="+6281111111111")


def test_the_database_refuses_to_ask_what_was_not_decided(
    referral: Referral, now: dt.datetime, budi: User, citra: User
) -> None:
    other = make.platform("telegram", "Telegram")
    with pytest.raises(IntegrityError, match="does not follow a decision"), transaction.atomic():
        Referral.objects.create(
            block=referral.block, case=referral.case, platform=other, account="+62811", mail_id="<x@y>",
            category="HADIAH", ground="x", made_at=now,
        )  # fmt: skip
