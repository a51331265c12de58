"""One line when a request begins and one when it ends, by the name of its route, with its duration."""

from __future__ import annotations

import time
from collections.abc import Awaitable
from typing import TYPE_CHECKING, Final

import structlog
from django.conf import settings
from django_structlog.middlewares import RequestMiddleware

from portal.common import measurements
from portal.common.logs import STARTED, route_name

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

_LOGGED: Final = "aduan.logged"


class RequestLogMiddleware(RequestMiddleware):
    """django-structlog's middleware, which would write down whole addresses: they hold secret links."""

    def __call__(self, request: HttpRequest) -> HttpResponse | Awaitable[HttpResponse]:
        if request.META.get(_LOGGED):  # by the one that stands before kept pages
            return self.get_response(request)
        request.META[_LOGGED] = True
        return super().__call__(request)

    def prepare(self, request: HttpRequest) -> None:
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(user_id=None, **{STARTED: time.monotonic_ns()})
        super().prepare(request)

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
        super().handle_response(request, response)  # it ends with what was bound

    @staticmethod
    def format_request(request: HttpRequest) -> str:
        return f"{request.method} {route_name(request)}"
