"""Codes of referrals and answers with their labels. A code is stored; a label is what people read. Pure."""

from __future__ import annotations

import hashlib
import uuid
from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _


class PlatformAnswer(models.TextChoices):
    """What a platform says about one referral. A referral without one is not yet answered."""

    SUSPENDED = "suspended", _("account suspended")
    ALREADY_SUSPENDED = "already_suspended", _("already suspended")
    LIMITED = "limited", _("warned or limited")
    NO_VIOLATION = "no_violation", _("no violation found")
    NOT_OUR_ACCOUNT = "not_our_account", _("not our account")
    NEED_MORE = "need_more", _("more information needed")


class AnswerWay(models.TextChoices):
    """How an answer came in."""

    API = "api", _("the interface for machines")
    UPLOAD = "upload", _("uploaded file")
    PAGE = "page", _("page for platforms")
    LIST = "list", _("outcome of a list")
    LINK = "link", _("link in the e-mail")
    MAIL = "mail", _("e-mail")


# Anyone who has the mail can answer by these: a person confirms it before it counts.
UNPROVEN: Final = (AnswerWay.LINK, AnswerWay.MAIL)
ACTED: Final = (PlatformAnswer.SUSPENDED, PlatformAnswer.ALREADY_SUSPENDED, PlatformAnswer.LIMITED)
REFUSED: Final = (PlatformAnswer.NO_VIOLATION, PlatformAnswer.NOT_OUR_ACCOUNT)
# These are worth nothing without what the platform writes.
NEEDS_NOTE: Final = (PlatformAnswer.NO_VIOLATION, PlatformAnswer.NEED_MORE)
MAX_NOTE: Final = 1000


def uid_of_block(block_id: int) -> uuid.UUID:
    """The unique id of the referral that rests on a block; blocklists.services.entries_sql says it in SQL."""
    return uuid.UUID(hashlib.md5(f"referral:{block_id}".encode(), usedforsecurity=False).hexdigest())
