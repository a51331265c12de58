"""Who is asking: the network address and a random mark of the device. Nothing else is looked at."""

from __future__ import annotations

import re
import secrets
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from aduan.complaints.types import ClientIdentity

_COOKIE: Final = "device"
_MARK: Final = re.compile(r"[A-Za-z0-9_-]{22}")
_YEAR: Final = 365 * 24 * 3600


def address_of(request: HttpRequest) -> str:
    """Behind our own proxy the header it overwrites; otherwise the other end of the connection."""
    if settings.BEHIND_PROXY:
        return request.headers.get("X-Real-IP", "") or request.META.get("REMOTE_ADDR", "")
    return str(request.META.get("REMOTE_ADDR", ""))


def device_id(request: HttpRequest) -> str:
    mark = request.COOKIES.get(_COOKIE, "")
    return mark if _MARK.fullmatch(mark) else ""


def sender_from_request(request: HttpRequest) -> ClientIdentity:
    return ClientIdentity(address=address_of(request), device=device_id(request))


def set_device_cookie(request: HttpRequest, response: HttpResponse) -> None:
    """Gives a browser its mark when it opens the form; pages that only inform set no cookie."""
    if not device_id(request):
        response.set_cookie(
            _COOKIE,
            secrets.token_urlsafe(16),
            max_age=_YEAR,
            secure=request.is_secure(),
            httponly=True,
            samesite="Lax",
        )
