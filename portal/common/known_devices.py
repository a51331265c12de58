"""Browsers in which a person logged in before: strangers behind the same address cannot lock them out.

Such a browser keeps a signed mark for one log-in. Attempts with that log-in count for the mark, all others
for the network, so that guesses from an office's address use up the guesses of that address alone.
"""

from __future__ import annotations

import datetime as dt
import secrets
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.core import signing

from aduan.core.contacts import mailbox_of
from aduan.core.networks import subscriber_network

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponseBase

    from aduan.accounts.models import User

COOKIE: Final = "known_device"
_SALT: Final = "known device"
_LIFE: Final = dt.timedelta(days=180)


def remember(request: HttpRequest, response: HttpResponseBase, user: User) -> None:
    """Marks this browser after a log-in with all it takes."""
    if not mark_for(request, user.email):
        mark = signing.dumps([mailbox_of(user.email), secrets.token_urlsafe(16)], salt=_SALT)
        response.set_cookie(
            COOKIE,
            mark,
            max_age=_LIFE,
            path="/akun/",
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )


def mark_for(request: HttpRequest, email: str) -> str:
    """The mark of this browser for this log-in; empty for another's, a forged or an old one."""
    try:
        known, mark = signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=_LIFE)
    except (signing.BadSignature, ValueError):
        return ""
    return str(mark) if mailbox_of(email) == known else ""


def source_of(request: HttpRequest, *, address: str) -> str:
    """What limits of log-ins count: the mark for the log-in that is tried, else the network of `address`."""
    mark = mark_for(request, request.POST.get("login", ""))
    return f"device-{mark}" if mark else subscriber_network(address)
