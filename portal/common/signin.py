"""Log-in for all interfaces: django-allauth with sign-up closed. Only this module imports allauth.

Also here: where a person goes after log-in, who must have a second factor, the step-up before grave acts.
"""

from __future__ import annotations

import datetime as dt
import functools
import logging
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, cast

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from allauth.core.exceptions import ImmediateHttpResponse, ReauthenticationRequired
from allauth.core.internal import ratelimit
from allauth.mfa import signals as mfa_signals
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.core.cache import caches
from django.db import transaction
from django.dispatch import receiver
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.connection import ConnectionProxy
from django.utils.translation import gettext as _

from aduan.accounts import services
from aduan.accounts.models import AccountPolicy, StepUpEvidence, User
from aduan.accounts.step_up import StepUp
from portal.common import account_mail, known_devices
from portal.common.failed_log_ins import note_failure
from portal.common.middleware import SessionTimeoutMiddleware

if TYPE_CHECKING:
    from django.http import HttpRequest

log = logging.getLogger(__name__)
_HASHING: Final = threading.BoundedSemaphore(2)  # of the threads of a process
_PATIENCE: Final = 3  # seconds
# allauth counts guesses and used codes in the default cache, and one slow command of any page takes that
# away for seconds.
ratelimit.cache = totp.cache = ConnectionProxy(caches, "log_ins")


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
        known_devices.remember(request, response, user)
        return response

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        """Checking a password takes a core and 100 MB: a flood leaves the other threads to others."""
        if not _HASHING.acquire(timeout=_PATIENCE):
            raise self.validation_error("too_many_login_attempts")
        try:
            return super().authenticate(request, **credentials)
        finally:
            _HASHING.release()

    @transaction.atomic
    def set_password(self, user: User, password: str) -> None:
        """A link works once, also when it is used twice at once: who comes later sees that it was used."""
        stored = User.objects.select_for_update().values_list("password", flat=True).get(pk=user.pk)
        if stored != user.password:
            raise ImmediateHttpResponse(redirect(self.request.path))
        super().set_password(user, password)

    def get_client_ip(self, request: HttpRequest) -> str:
        """allauth's limits count what this gives."""
        return known_devices.source_of(request, address=super().get_client_ip(request))

    def is_reauthentication_required(self, *, app: str, **details: Any) -> bool:
        """One clock for allauth's pages and for our own grave acts: a fresh log-in is a fresh proof."""
        return not proved_recently(self.request)

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """Staff whose step-up is their second factor are not offered the password instead."""
        methods: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        factors = [method for method in methods if method["id"] != "reauthenticate"]
        return factors if factors and _second_factor_steps_up(user) else methods

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        log.warning("log_in_failed")
        note_failure(email=str(credentials.get("email") or ""))

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
        """Failed attempts count per person *and* network or known browser: no one locks out another's."""
        return (
            f"{super()._get_login_attempts_cache_key(request, **credentials)}|{self.get_client_ip(request)}"
        )


@receiver(mfa_signals.authentication_failed)
def _second_factor_failed(user: User, **_details: Any) -> None:
    log.warning("second_factor_failed")
    note_failure(email=user.email, second_factor=True)


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


def has_second_factor(user: User) -> bool:
    return bool(is_mfa_enabled(user))


def remove_second_factor(user: User) -> None:
    """After two administrators agreed that it is lost: the next log-in sets up a new one."""
    Authenticator.objects.filter(user=user).delete()
    services.note_security_change(user, change="second_factor_reset", at=timezone.now())
    account_mail.enqueue_change(user, "second_factor_reset")


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
    return _is_fresh(_newest(request))


def step_up_of(request: HttpRequest) -> StepUp:
    """The newest proof of identity in this session, for a service that takes a `StepUp`.

    A second factor goes before a newer password, as long as it is fresh.
    """
    second = _newest(request, "mfa")
    newest = second if _is_fresh(second) else _newest(request)
    method = StepUpEvidence.Method.SECOND_FACTOR if newest is second else StepUpEvidence.Method.PASSWORD
    proved_at = dt.datetime.fromtimestamp(newest, tz=dt.UTC)
    return StepUp(person_id=cast(User, request.user).pk, method=method, proved_at=proved_at)


def step_up(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Asks for the proof again before a POST when it is too old; what was posted is done afterwards.

    Staff prove themselves by their second factor, unless the account policy takes a password.
    """

    @functools.wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method != "POST" or _is_fresh(_newest(request, "mfa")):
            return view(request, *args, **kwargs)
        if _second_factor_steps_up(request.user):
            if not is_mfa_enabled(request.user):
                messages.warning(request, _("This needs your second factor: set one up, then repeat it."))
                return redirect("mfa_index")
            raise ReauthenticationRequired
        if not proved_recently(request):
            raise ReauthenticationRequired
        return view(request, *args, **kwargs)

    return guarded


def _second_factor_steps_up(user: Any) -> bool:
    return isinstance(user, User) and user.is_staff and not AccountPolicy.current().password_steps_up


def _newest(request: HttpRequest, method: str = "") -> float:
    """When this session last proved who it is, by this method or any; 0 for never."""
    records = get_authentication_records(request, request.user)
    given = (record for record in records if not method or record.get("method") == method)
    return max((float(record.get("at", 0.0)) for record in given), default=0.0)


def _is_fresh(moment: float) -> bool:
    return bool(time.time() - moment < settings.STEP_UP_AGE.total_seconds())
