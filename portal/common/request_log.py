"""One line when a request begins and one when it ends, by the name of its route, with its duration."""

from __future__ import annotations

import logging
import time
import uuid
from collections.abc import Awaitable
from typing import TYPE_CHECKING, Final

import structlog
from django.conf import settings
from django_structlog.middlewares import RequestMiddleware

from portal.common import measurements
from portal.common.logs import STARTED, route_name, write_line

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

_LOGGED: Final = "aduan.logged"
_logger = logging.getLogger("django_structlog.middlewares.request")  # as its other lines are known


class RequestLogMiddleware(RequestMiddleware):
    """django-structlog's middleware, which would write down whole addresses: they hold secret links."""

    def __call__(self, request: HttpRequest) -> HttpResponse | Awaitable[HttpResponse]:
        if request.META.get(_LOGGED):  # by the one that stands before kept pages
            return self.get_response(request)
        request.META[_LOGGED] = True
        return super().__call__(request)

    def prepare(self, request: HttpRequest) -> None:
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(
            user_id=None,
            request_id=request.META.get("HTTP_X_REQUEST_ID") or str(uuid.uuid4()),
            **{STARTED: time.monotonic_ns()},
        )
        self.bind_user_id(request)
        write_line(
            _logger,
            logging.INFO,
            "request_started",
            request=self.format_request(request),
            user_agent=request.META.get("HTTP_USER_AGENT"),
        )

    def handle_response(self, request: HttpRequest, response: HttpResponse) -> None:
        if settings.BEHIND_PROXY:  # for the web server's own log; it hides the header (deploy/nginx)
            response["X-Route"] = route_name(request)
        started = structlog.contextvars.get_contextvars().get(STARTED)
        if isinstance(started, int):
            measurements.request_ended(
                route=route_name(request),
                method=request.method or "",
                status=response.status_code,
                seconds=(time.monotonic_ns() - started) / 1e9,
            )
        if response.streaming or hasattr(request, "_raised_exception"):
            super().handle_response(request, response)  # it ends with what was bound
            return
        self.bind_user_id(request)
        write_line(
            _logger,
            self._log_level_for_status_code(response.status_code),
            "request_finished",
            code=response.status_code,
            request=self.format_request(request),
        )
        structlog.contextvars.clear_contextvars()

    @staticmethod
    def format_request(request: HttpRequest) -> str:
        return f"{request.method} {route_name(request)}"
