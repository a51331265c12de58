"""How people log in: django-allauth with sign-up closed, one log-in for all doors. The only user of allauth.

Also here: where a person goes after log-in, who must have a second factor, and the step-up before grave acts.
"""

from __future__ import annotations

import functools
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.core.exceptions import ReauthenticationRequired
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.urls import reverse

from aduan.accounts.models import User

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponseBase


class ClosedSignUp(DefaultAccountAdapter):  # type: ignore[misc]  # allauth publishes no types
    """Accounts are made by an administrator."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return door_of(request.user)


def door_of(user: Any) -> str:
    """Where a person's own work is. Operators' people and staff share one log-in page."""
    if isinstance(user, User) and user.is_staff:
        return reverse("admin:index")
    return "/operator/"


def second_factor_is_missing(request: HttpRequest) -> bool:
    """Staff in production need one (settings.STAFF_SECOND_FACTOR).

    No query in a session that logged in with it.
    """
    if not settings.STAFF_SECOND_FACTOR:
        return False
    if any(record.get("method") == "mfa" for record in get_authentication_records(request, request.user)):
        return False
    return not is_mfa_enabled(request.user)


def proved_recently(request: HttpRequest) -> bool:
    """Whether the person proved who they are, by password or second factor, within settings.STEP_UP_AGE."""
    records = get_authentication_records(request, request.user)
    newest = max((record.get("at", 0.0) for record in records), default=0.0)
    return time.time() - float(newest) < settings.STEP_UP_AGE.total_seconds()


def step_up(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Asks for the proof again before a POST when it is too old; what was posted is done afterwards."""

    @functools.wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method == "POST" and not proved_recently(request):
            raise ReauthenticationRequired
        return view(request, *args, **kwargs)

    return guarded
