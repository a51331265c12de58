"""Tables of referrals; see `aduan.referrals`."""

from aduan.referrals.models.agency import AgencyReport, AgencyReportRow
from aduan.referrals.models.mail import PlatformMail
from aduan.referrals.models.platform import EscalationLetter, PlatformContact
from aduan.referrals.models.referral import Referral, ReferralAnswer, ReferralReply

__all__ = [
    "AgencyReport",
    "AgencyReportRow",
    "EscalationLetter",
    "PlatformContact",
    "PlatformMail",
    "Referral",
    "ReferralAnswer",
    "ReferralReply",
]
