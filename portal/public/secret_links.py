"""Links that open something to the person who has them.

The link answers with a cookie, for its own path only, and a redirect to the address without the secret: the
secret stays out of the address bar, of the history and of what a page passes on. It does so each time and on
every device, and changes nothing on the server.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.http import HttpResponseRedirect

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

LIFETIME_SECONDS: Final = 12 * 3600  # from the last page; then the link or the code opens it again
_COOKIE: Final = "secret"
_KEEPS_METHOD: Final = 307


def open_page(request: HttpRequest, address: str, secret: str, *, scope: str = "") -> HttpResponse:
    """Leads to the address without the secret. `scope` is the path of the cookie, the address unless given.

    What was sent to the link itself, from a page of an earlier version, is sent on as it is.
    """
    response = HttpResponseRedirect(address)
    if request.method == "POST":
        response.status_code = _KEEPS_METHOD
    return remember(response, secret, scope=scope or address)


def remember(response: HttpResponse, secret: str, *, scope: str) -> HttpResponse:
    """Lets the pages below `scope` open for the next hours."""
    response.set_cookie(
        _COOKIE,
        secret,
        max_age=LIFETIME_SECONDS,
        path=scope,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


def secret_in(request: HttpRequest) -> str:
    """The secret that a link left for this page; empty without one."""
    return request.COOKIES.get(_COOKIE, "")
