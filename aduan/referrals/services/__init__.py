"""What is done with referrals: asked, answered, settled, followed up; see `aduan.referrals`."""

from aduan.referrals.services.agency_reports import MAX_BANNED_NUMBERS, BannedNumber, file_agency_report
from aduan.referrals.services.answers import (
    AnswerLine,
    answer_by_link,
    answer_from_mail,
    answer_referral,
    answer_referrals,
    reply_to_question,
    settle_answer,
)
from aduan.referrals.services.asking import follow_decisions, mail_what_waits, remind_platforms
from aduan.referrals.services.letters import discard_letter, draft_letters, send_letter
from aduan.referrals.services.links import link_token, referral_by_link
from aduan.referrals.services.list_outcomes import exchange_with_lists
from aduan.referrals.services.mailbox import mark_handled, store_mail
from aduan.referrals.services.onboarding import (
    PlatformData,
    approve_platform,
    request_contact,
    request_platform,
)
from aduan.referrals.services.sandbox import PLATFORM_SANDBOX, open_platform_sandbox

__all__ = [
    "MAX_BANNED_NUMBERS",
    "PLATFORM_SANDBOX",
    "AnswerLine",
    "BannedNumber",
    "PlatformData",
    "answer_by_link",
    "answer_from_mail",
    "answer_referral",
    "answer_referrals",
    "approve_platform",
    "discard_letter",
    "draft_letters",
    "exchange_with_lists",
    "file_agency_report",
    "follow_decisions",
    "link_token",
    "mail_what_waits",
    "mark_handled",
    "open_platform_sandbox",
    "referral_by_link",
    "remind_platforms",
    "reply_to_question",
    "request_contact",
    "request_platform",
    "send_letter",
    "settle_answer",
    "store_mail",
]
