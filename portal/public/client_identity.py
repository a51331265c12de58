"""Who sends a request: the network address and a random device cookie. Nothing else is read."""

from __future__ import annotations

import re
import secrets
from typing import Final

from django.http import HttpRequest, HttpResponse

from aduan.complaints.types import ClientIdentity
from portal.common.client_address import client_address

_COOKIE: Final = "device"
_MARK: Final = re.compile(r"[A-Za-z0-9_-]{22}")
_YEAR: Final = 365 * 24 * 3600


def device_id(request: HttpRequest) -> str:
    mark = request.COOKIES.get(_COOKIE, "")
    return mark if _MARK.fullmatch(mark) else ""


def client_identity(request: HttpRequest) -> ClientIdentity:
    return ClientIdentity(address=client_address(request), device=device_id(request))


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
