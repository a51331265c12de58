"""Messages about log-ins. They go through the outbox: the web server has no way to a mail server."""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language

from aduan.accounts.models import User
from aduan.core import vault
from aduan.core.contacts import mailbox_of
from aduan.notifications.services import enqueue_message


def enqueue_invitation(user: User, link: str) -> None:
    _enqueue("account_invitation", user.email, {"name": user.name, "link": link}, one_time_link=True)


def enqueue_password_reset(user: User, link: str) -> None:
    """Once an hour, however often it is asked for: the first link works until a log-in or a new password."""
    state = hashlib.sha256(f"{user.password} {user.last_login}".encode()).hexdigest()[:16]
    key = f"reset:{user.pk}:{state}:{timezone.now():%Y%m%d%H}"
    _enqueue("account_password_reset", user.email, {"link": link}, key=key, one_time_link=True)


def enqueue_unknown_account(email: str) -> None:
    """The page answers the same for every address; its owner learns once a day that there is no log-in."""
    mailbox = vault.blind_index("email", mailbox_of(email)).hex()[:32]
    _enqueue("account_unknown", email, {}, key=f"unknown:{mailbox}:{timezone.now():%Y%m%d}")


def enqueue_change(user: User, change: str) -> None:
    """`change`: a code of `portal.staff.audit_details.CHANGES`."""
    _enqueue("account_change", user.email, {"change": change})


def _enqueue(
    kind: str, to: str, context: dict[str, Any], *, key: str = "", one_time_link: bool = False
) -> None:
    now = timezone.now()
    life = dt.timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT)
    enqueue_message(
        kind,
        key=f"account:{key or uuid.uuid4()}",
        to=to,
        language=(get_language() or settings.LANGUAGE_CODE)[:2],
        context=context,
        at=now,
        expires_at=now + life if one_time_link else None,
        carries_code=one_time_link,
    )
