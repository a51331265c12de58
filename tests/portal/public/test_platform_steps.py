"""What a complainant sees of a referral: who was asked, and what the platform said once it counts."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from aduan.accounts.models import User
from aduan.cases.models import Case
from aduan.cases.workflow import ProposalType
from aduan.operators.actors import actor_for
from aduan.operators.models import Operator
from aduan.referrals.codes import AnswerWay
from aduan.referrals.models import Referral
from aduan.referrals.services import answer_by_link, answer_referral, follow_decisions, settle_answer
from tests.factories import referrals as make
from tests.factories.cases import proposed, signed
from tests.factories.complaints import filed
from tests.factories.operators import person_of

pytestmark = pytest.mark.django_db


def _page(ticket: str, secret: str) -> str:
    client = Client(headers={"accept-language": "en"})
    return client.get(f"/lacak/{ticket}/{secret}/", follow=True).content.decode()


def test_the_platforms_answer_is_shown_once_it_counts(telkomsel: Operator, budi: User, citra: User) -> None:
    at, platform = timezone.now() - dt.timedelta(hours=2), make.platform("telegram", "Telegram")
    receipt = filed(at, "t.me/admin_undian", channel="telegram")
    case = Case.objects.get()
    proposed(case, by=budi, at=at, proposal_type=ProposalType.REFER)
    signed(case, by=citra, at=at)
    follow_decisions(ministry=make.MINISTRY, at=at)
    referral = Referral.objects.get()

    page = _page(receipt.ticket, receipt.secret)
    assert "Referred to Telegram" in page
    assert "Not yet answered." in page
    assert "overdue" not in page

    given = answer_by_link(referral, answer="no_violation", note="-", at=timezone.now())
    assert "no violation" not in _page(receipt.ticket, receipt.secret), "no person has confirmed it"
    settle_answer(given, accept=False, by=budi, at=timezone.now())
    assert "no violation" not in _page(receipt.ticket, receipt.secret)

    theirs = actor_for(person_of(platform, "rudi@whatsapp.example", "Rudi"))
    answer_referral(referral, answer="suspended", way=AnswerWay.API, actor=theirs, at=timezone.now())
    assert "The account is suspended." in _page(receipt.ticket, receipt.secret)
