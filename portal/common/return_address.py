"""Where a person goes on after the log-in: a page, never the address of a form that was being sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.urls import Resolver404, resolve

from portal.common.methods import takes_only_post

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponseRedirect

SAFE: Final = ("GET", "HEAD")


def log_in_first(request: HttpRequest) -> HttpResponseRedirect:
    """Redirects to the log-in, and from there back to the page this request came from."""
    return redirect_to_login(return_address(request), settings.LOGIN_URL)


def return_address(request: HttpRequest) -> str:
    """The address itself when it can be opened; of a form's own address the nearest page above it."""
    if request.method in SAFE:
        return request.get_full_path()
    path = request.path
    return path if _is_page(path) else page_above(path) or str(settings.LOGIN_REDIRECT_URL)


def page_above(path: str) -> str:
    """The nearest page above an address; empty when there is none below the first page."""
    while path := path.rstrip("/").rpartition("/")[0]:
        if _is_page(f"{path}/"):
            return f"{path}/"
    return ""


def _is_page(path: str) -> bool:
    try:
        match = resolve(path)
    except Resolver404:
        return False
    # The admin's catch-all answers to anything and has no name.
    return bool(match.url_name) and not takes_only_post(match.func)
