"""Middleware for every response of the portal."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import structlog
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.models import AnonymousUser
from django.db import OperationalError
from django.dispatch import Signal
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.utils.cache import add_never_cache_headers

from aduan.complaints.evidence import limits
from portal.common.return_address import log_in_first

Handler = Callable[[HttpRequest], HttpResponseBase]

# Sent with `request` when a session is over, while its person is still known: the last chance to keep a form.
# A dictionary that a receiver returns is put into the session that begins.
session_ends = Signal()

WELL_FORMED_ID = re.compile(r"[A-Za-z0-9-]{8,64}")
# The citizen's form opens the camera through a file input, which this does not touch.
PERMISSIONS_POLICY = "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()"


class MaxBodySizeMiddleware:
    """Rejects a request whose Content-Length exceeds what any view accepts, before the body is read.

    A length beyond a machine word is an error inside the server's own reader, not only an impolite one.
    """

    LARGEST = limits.MAX_REQUEST  # an operator's 64 MB of outcomes fits as well

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        announced = request.META.get("CONTENT_LENGTH") or "0"
        if announced.isdecimal() and int(announced[:30]) > self.LARGEST:
            return HttpResponse("too large\n", status=413, content_type="text/plain")
        return self.get_response(request)


class RequestIdMiddleware:
    """Accepts a well-formed X-Request-ID and returns the one that the logs carry.

    Stands before RequestLogMiddleware, which would put any text it is sent into the logs.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not WELL_FORMED_ID.fullmatch(request.META.get("HTTP_X_REQUEST_ID", "")):
            request.META.pop("HTTP_X_REQUEST_ID", None)
        return self.get_response(request)


class ResponseRequestIdMiddleware:
    """Stands behind RequestLogMiddleware, where the id is bound."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if request_id := structlog.contextvars.get_contextvars().get("request_id"):
            response["X-Request-ID"] = str(request_id)
        return response


class PrivacyHeadersMiddleware:
    """No device features, no foreign embedding, no shared caching of what belongs to one person."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        response.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        user = getattr(request, "user", None)
        if user is not None and user.is_authenticated and not response.has_header("Cache-Control"):
            add_never_cache_headers(response)
        return response


class SessionTimeoutMiddleware:
    """Logs out after SESSION_IDLE without a request, and after SESSION_LIFETIME whatever is done."""

    STARTED, SEEN = "session_started", "session_seen"
    # Writing the session at each request would cost an UPDATE a page.
    RESOLUTION_SECONDS = 60
    # A page that polls says so: it must not keep the session of an empty chair open.
    POLLING = "X-Polling"

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        try:
            known = request.user.is_authenticated
        except OperationalError:
            request.user = (
                AnonymousUser()
            )  # or the log and each later layer would wait for the database again
            raise
        if known and self._over(request):
            answers: list[tuple[Any, Any]] = session_ends.send(type(self), request=request)
            logout(request)
            for _receiver, kept in answers:
                request.session.update(kept or {})
            return log_in_first(request)
        return self.get_response(request)

    def _over(self, request: HttpRequest) -> bool:
        now = timezone.now().timestamp()
        session = request.session
        started = session.setdefault(self.STARTED, now)
        seen = session.setdefault(self.SEEN, now)
        if now - started > settings.SESSION_LIFETIME.total_seconds():
            return True
        if now - seen > settings.SESSION_IDLE.total_seconds():
            return True
        if now - seen > self.RESOLUTION_SECONDS and self.POLLING not in request.headers:
            session[self.SEEN] = now
        return False
