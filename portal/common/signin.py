"""Log-in for all interfaces: django-allauth with sign-up closed. Only this module imports allauth.

Also here: where a person goes after log-in, who must have a second factor, the step-up before grave acts.
"""

from __future__ import annotations

import functools
import logging
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from allauth.core.exceptions import ReauthenticationRequired
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from aduan.accounts import services
from aduan.accounts.models import User
from portal.common import account_mail
from portal.common.middleware import SessionTimeoutMiddleware

if TYPE_CHECKING:
    from django.http import HttpRequest

log = logging.getLogger(__name__)


class ClosedSignUp(DefaultAccountAdapter):  # type: ignore[misc]  # allauth publishes no types
    """Accounts are made by an administrator. Log-ins and changes of security go to the audit log."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return home_url(request.user)

    def post_login(self, request: HttpRequest, user: User, **details: Any) -> HttpResponseBase:
        services.note_log_in(user, at=timezone.now())
        request.session[SessionTimeoutMiddleware.STARTED] = time.time()
        response: HttpResponseBase = super().post_login(request, user, **details)
        return response

    def is_reauthentication_required(self, *, app: str, **details: Any) -> bool:
        """One clock for allauth's pages and for our own grave acts: a fresh log-in is a fresh proof."""
        return not proved_recently(self.request)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        log.warning("log_in_failed")

    def send_notification_mail(self, template_prefix: str, user: User, *args: Any, **details: Any) -> None:
        """allauth calls this after every change of a password or second factor."""
        change = template_prefix.rsplit("/", 1)[-1]
        services.note_security_change(user, change=change, at=timezone.now())
        account_mail.enqueue_change(user, change)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """allauth's other messages: a new password was asked for, by a person we know or do not know."""
        if template_prefix.endswith("/password_reset_key"):
            account_mail.enqueue_password_reset(context["user"], password_link(context["user"]))
        else:
            account_mail.enqueue_unknown_account(email)

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Failed attempts count per person *and* network: no user can be locked out by another network."""
        return (
            f"{super()._get_login_attempts_cache_key(request, **credentials)}|{self.get_client_ip(request)}"
        )


def password_link(user: User) -> str:
    """The address where a person sets a password; it works once, until settings.PASSWORD_RESET_TIMEOUT."""
    words = {"uidb36": user_pk_to_url_str(user), "key": default_token_generator.make_token(user)}
    return f"{settings.PUBLIC_URL}{reverse('account_reset_password_from_key', kwargs=words)}"


def send_invitation(user: User) -> None:
    """Queues the link by which a new person sets their password."""
    account_mail.enqueue_invitation(user, password_link(user))


def home_url(user: Any) -> str:
    """The start page of a user. Operators' members and staff share one log-in page."""
    if isinstance(user, User) and user.is_staff:
        return reverse("staff:index")
    return reverse("operators:home")


def account_home(request: HttpRequest) -> HttpResponseBase:
    """`/akun/`: redirects to the start page of the user, or to the log-in."""
    return redirect(home_url(request.user) if request.user.is_authenticated else settings.LOGIN_URL)


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
    return bool(time.time() - float(newest) < settings.STEP_UP_AGE.total_seconds())


def step_up(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Asks for the proof again before a POST when it is too old; what was posted is done afterwards."""

    @functools.wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method == "POST" and not proved_recently(request):
            raise ReauthenticationRequired
        return view(request, *args, **kwargs)

    return guarded
