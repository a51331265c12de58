"""What platforms do, and what the ministry does about them: see audited_actions."""

from __future__ import annotations

import datetime as dt
from typing import Any

from aduan.accounts.models import User
from aduan.operators.actors import actor_for
from aduan.referrals import services as referrals
from aduan.referrals.codes import AnswerWay
from aduan.referrals.models import EscalationLetter, PlatformContact, PlatformMail, Referral
from tests.factories import referrals as make
from tests.factories.accounts import step_up
from tests.journeys.scenario import TYPED, Row, Scenario

MAIL = f"From: abuse@platform.example\r\nSubject: Re\r\n\r\n{TYPED}\r\n".encode()


def _asked(s: Scenario) -> Referral:
    assert s.rudi
    return make.referred("0812-3456-7890", at=s.now, by=s.budi, second=s.citra)


def _said(s: Scenario, referral: Referral, answer: str) -> Any:
    return referrals.answer_referral(
        referral, answer=answer, note=TYPED, way=AnswerWay.PAGE, actor=actor_for(s.rudi), at=s.now
    )


def _by_link(s: Scenario) -> Any:
    return referrals.answer_by_link(_asked(s), answer="suspended", note=TYPED, at=s.now)


def _mailed(s: Scenario) -> tuple[PlatformMail, Referral]:
    referral, mail = _asked(s), referrals.store_mail(MAIL, at=s.now)
    assert mail is not None
    return mail, referral


def _letter(s: Scenario) -> EscalationLetter:
    _asked(s)
    referrals.draft_letters(at=s.now + dt.timedelta(days=16))
    return EscalationLetter.objects.get()


def _platform(code: str) -> referrals.PlatformData:
    return referrals.PlatformData(code, code.title(), TYPED, "abuse@platform.example", TYPED)


def _platform_asked(s: Scenario, *, by: User) -> Any:
    return referrals.request_platform(_platform("signal"), by=by, step_up=step_up(by, s.now), at=s.now)


def _contact_asked(s: Scenario, one: PlatformContact, *, by: User) -> Any:
    return referrals.request_contact(
        one.platform, _platform("whatsapp"), by=by, step_up=step_up(by, s.now), at=s.now
    )


def _contact(s: Scenario) -> PlatformContact:
    assert s.rudi
    return PlatformContact.objects.select_related("platform").get()


REFERRALS: dict[str, Row] = {
    "referrals.services.answers.answer_referral": Row(
        "rudi", ["referral.answer"], _asked, lambda s, one: _said(s, one, "suspended")),
    "referrals.services.answers.answer_referrals": Row(
        "rudi", ["referral.answer"], _asked,
        lambda s, one: referrals.answer_referrals(
            [referrals.AnswerLine(1, one.uid, "limited", TYPED)], way=AnswerWay.UPLOAD,
            actor=actor_for(s.rudi), at=s.now)),
    "referrals.services.answers.settle_answer": Row(
        "budi", ["referral.answer"], _by_link,
        lambda s, one: referrals.settle_answer(one, accept=True, by=s.budi, at=s.now)),
    "referrals.services.answers.answer_from_mail": Row(
        "budi", ["referral.answer"], _mailed,
        lambda s, given: referrals.answer_from_mail(
            *given, answer="no_violation", note=TYPED, by=s.budi, at=s.now)),
    "referrals.services.answers.reply_to_question": Row(
        "budi", ["referral.reply"], lambda s: _said(s, _asked(s), "need_more"),
        lambda s, one: referrals.reply_to_question(one, TYPED, by=s.budi, at=s.now)),
    "referrals.services.letters.send_letter": Row(
        "lina", ["platform.send_letter"], _letter,
        lambda s, one: referrals.send_letter(one, by=s.lina, at=s.now)),
    "referrals.services.letters.discard_letter": Row(
        "lina", ["platform.discard_letter"], _letter,
        lambda s, one: referrals.discard_letter(one, by=s.lina, at=s.now)),
    "referrals.services.onboarding.request_platform": Row(
        "rini", ["approval.request"], lambda s: None, lambda s, _: _platform_asked(s, by=s.rini)),
    "referrals.services.onboarding.request_contact": Row(
        "rini", ["approval.request"], _contact, lambda s, one: _contact_asked(s, one, by=s.rini)),
    "referrals.services.onboarding.approve_platform": Row(
        "rini", ["approval.approve", "platform.register"], lambda s: _platform_asked(s, by=s.lina),
        lambda s, one: referrals.approve_platform(one, by=s.rini, step_up=step_up(s.rini, s.now), at=s.now)),
    "referrals.services.sandbox.open_platform_sandbox": Row(
        "lina", ["sandbox.open"], lambda s: None,
        lambda s, _: referrals.open_platform_sandbox(by=s.lina, at=s.now)),
    "referrals.services.agency_reports.file_agency_report": Row(
        "rudi", ["platform.report_numbers"], lambda s: s.rudi,
        lambda s, _: referrals.file_agency_report(
            [referrals.BannedNumber(1, "0812-3456-7890", "HADIAH")], actor=actor_for(s.rudi), at=s.now)),
}  # fmt: skip
