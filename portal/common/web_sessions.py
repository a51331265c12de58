"""A person's own web sessions: `/akun/sesi/` lists them and ends all of them at once, here and elsewhere.

Sessions lie in the database (django.contrib.sessions): every node of the portal sees the same ones, and an
end counts at the next request, whichever node answers it. Neither addresses nor devices are kept for it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY, logout
from django.contrib.auth.decorators import login_required
from django.contrib.sessions.models import Session
from django.db import transaction
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from aduan.accounts import services
from aduan.accounts.models import User
from portal.common.middleware import SessionTimeoutMiddleware
from portal.common.session_store import stored_key

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponseBase

AT_WORK: Final = dt.timedelta(minutes=10)
_CHUNK: Final = 500


@dataclass(frozen=True, slots=True)
class WebSession:
    """`seen` is exact to SessionTimeoutMiddleware.RESOLUTION_SECONDS; `here`: the session that asks."""

    started: dt.datetime
    seen: dt.datetime
    here: bool


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def web_sessions(request: HttpRequest) -> HttpResponseBase:
    """GET lists the sessions that are open; POST ends all of them, this one too."""
    user, now = cast(User, request.user), timezone.now()
    if request.method == "POST":
        end_sessions(user, at=now)
        logout(request)
        messages.success(request, _("You are logged out everywhere."))
        return redirect(settings.LOGIN_URL)
    shown = open_sessions(user, here=request.session.session_key, at=now)
    return render(request, "account/web_sessions.html", {"sessions": shown})


def open_sessions(user: User, *, here: str | None, at: dt.datetime) -> list[WebSession]:
    """The sessions that can act as this person now: the asking one, then those last used first."""
    found, own = [], stored_key(here)
    for key, held in _sessions_of(user, at=at):
        started = held.get(SessionTimeoutMiddleware.STARTED, at.timestamp())
        seen = held.get(SessionTimeoutMiddleware.SEEN, started)
        one = WebSession(started=_moment(started), seen=_moment(seen), here=key == own)
        idle, age = at - one.seen, at - one.started
        if idle <= settings.SESSION_IDLE and age <= settings.SESSION_LIFETIME and _is_valid(user, held):
            found.append(one)
    return sorted(found, key=lambda one: (one.here, one.seen), reverse=True)


@transaction.atomic
def end_sessions(user: User, *, at: dt.datetime) -> int:
    """Ends every session of this person, on record. Returns how many.

    A request that runs meanwhile cannot bring its session back: Django saves only one that still exists.
    """
    keys = [key for key, _held in _sessions_of(user, at=at)]
    Session.objects.filter(pk__in=keys).delete()
    services.note_end_of_sessions(user, sessions=len(keys), at=at)
    return len(keys)


def people_at_work(*, at: dt.datetime, within: dt.timedelta = AT_WORK) -> set[int]:
    """Keys of the people whose session was used within this time, by hand and not by a page that polls.

    A used session is saved, which moves its expiry: older ones are not read at all.
    """
    used = at - within + dt.timedelta(seconds=settings.SESSION_COOKIE_AGE)
    found = set()
    for one in Session.objects.filter(expire_date__gte=used).iterator(chunk_size=_CHUNK):
        held = one.get_decoded()
        person, seen = held.get(SESSION_KEY), held.get(SessionTimeoutMiddleware.SEEN)
        if person is not None and seen is not None and at - _moment(seen) <= within:
            found.add(int(person))
    return found


def _sessions_of(user: User, *, at: dt.datetime) -> Iterator[tuple[str, dict[str, Any]]]:
    """The stored key and the content. Whose it is stands inside, so all that have not ended are read."""
    for one in Session.objects.filter(expire_date__gt=at).iterator(chunk_size=_CHUNK):
        held = one.get_decoded()
        if held.get(SESSION_KEY) == str(user.pk):
            yield one.session_key, held


def _is_valid(user: User, held: dict[str, Any]) -> bool:
    """False for one that ended with an older password."""
    known = (user.get_session_auth_hash(), *user.get_session_auth_fallback_hash())
    return any(constant_time_compare(held.get(HASH_SESSION_KEY, ""), one) for one in known)


def _moment(seconds: float) -> dt.datetime:
    return dt.datetime.fromtimestamp(seconds, tz=dt.UTC)
