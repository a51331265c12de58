"""Platforms and what they are asked."""

from __future__ import annotations

import datetime as dt

from aduan.accounts.models import User
from aduan.cases.models import Case
from aduan.cases.workflow import ProposalType
from aduan.operators.models import Operator
from aduan.referrals.models import PlatformContact, Referral
from aduan.referrals.services import follow_decisions
from tests.factories.accounts import past_triggers
from tests.factories.cases import proposed, signed
from tests.factories.complaints import filed
from tests.factories.operators import operator

MINISTRY = {"name": "Demo ministry", "email": "tanya@aduan.example", "basis": "Law 36/1999"}


def platform(
    code: str = "whatsapp", name: str = "WhatsApp", *, email: str = "abuse@platform.example"
) -> Operator:
    """A platform with a published address; "" leaves it without one."""
    made = operator(code, name, kind=Operator.Kind.OTT, obligation=Operator.Obligation.VOLUNTARY)
    if email:
        with past_triggers():
            PlatformContact.objects.create(
                platform=made,
                referral_email=email,
                representative_email="wakil@platform.example",
                source="test",
            )
    return made


def contact_changed(**values: object) -> None:
    """As two people would have it."""
    with past_triggers():
        PlatformContact.objects.update(**values)


def referred(number: str, *, channel: str = "whatsapp", at: dt.datetime, by: User, second: User) -> Referral:
    """One complaint, decided by two people as a referral, and the platform asked."""
    filed(at, number, channel=channel)
    case = Case.objects.latest("pk")
    proposed(case, by=by, at=at, proposal_type=ProposalType.REFER)
    signed(case, by=second, at=at)
    follow_decisions(ministry=MINISTRY, at=at)
    return Referral.objects.select_related("platform", "current").get(case=case)
