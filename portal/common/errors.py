"""Domain errors as HTTP responses: pages for people, problem+json for the API."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseServerError
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import get_language_from_request
from django.utils.translation import gettext as _
from django.views import defaults

from aduan.core.errors import DomainError
from portal.common import outages, owner
from portal.common.problems import problem, problem_body
from portal.common.typed import typed_texts

RefusedView = Callable[..., HttpResponseBase]
OwnAnswer = Callable[[HttpRequest], HttpResponse | None]


def domain_problem(error: DomainError) -> dict[str, Any]:
    """The problem body of a domain error, with its details as extension members."""
    body = problem_body(error.status, error.code, str(error.message))
    return body | error.details


def as_page(request: HttpRequest, error: DomainError) -> HttpResponse:
    """The page for a person: what was refused, why, and where to go."""
    return render(request, f"{error.status}.html", {"error": error}, status=error.status)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    """404 as a page for people, and as a problem for anyone who asks under /api/."""
    if not _is_machine(request):
        return defaults.page_not_found(request, exception)
    return problem(404, "not_found", _("There is nothing here."))


def server_error(request: HttpRequest) -> HttpResponseBase:
    """500 likewise; it says nothing of what went wrong. 503 when a server of ours is away or full."""
    if outages.is_outage(sys.exc_info()[1]):
        return outages.unavailable(request, machine=_is_machine(request))
    if not _is_machine(request):
        known = {"typed": typed_texts(request), **owner.context(request)}
        return HttpResponseServerError(render_to_string("500.html", known))
    return problem(500, "server_error", _("Something went wrong on our side. Please try again later."))


def without_token(answer: OwnAnswer) -> Callable[[RefusedView], RefusedView]:
    """How a view answers a form without the browser's token itself; where that is None, the page does."""

    def mark(view: RefusedView) -> RefusedView:
        view.without_token = answer  # type: ignore[attr-defined]  # as Django marks views itself
        return view

    return mark


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 - Django calls it so
    """403 for a form without this browser's token, with what was typed into it."""
    match = request.resolver_match
    own: OwnAnswer | None = getattr(match.func, "without_token", None) if match else None
    if own and (answer := own(request)):
        return answer
    return render(request, "403_csrf.html", {"typed": typed_texts(request)}, status=403)


def _is_machine(request: HttpRequest) -> bool:
    return f"{request.path}/".startswith("/api/")


class ApiProblemMiddleware:
    """Outermost: whatever refuses a request below /api/, framework or middleware, refuses it as a problem."""

    CODES: Final = {400: "bad_request", 403: "not_permitted", 405: "method_not_allowed", 413: "too_large"}

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if response.status_code < 400 or not _is_machine(request) or _is_json(response):
            return response
        code = self.CODES.get(response.status_code, "refused")
        with translation.override(get_language_from_request(request)):
            refused = problem(response.status_code, code, self._detail(response))
        for name, value in response.items():
            if name not in ("Content-Type", "Content-Length"):
                refused[name] = value
        return refused

    @staticmethod
    def _detail(response: HttpResponseBase) -> str:
        match response.status_code:
            case 403:
                return _("You do not have the permission for this.")
            case 405:
                return _("This address does not take that method; see the header Allow.")
            case 413:
                return _("This is too much for one request. Send CSV, in parts of 64\u00a0MB at most.")
        return _("This request cannot be understood.")


def _is_json(response: HttpResponseBase) -> bool:
    return "json" in response.get("Content-Type", "")


class DomainErrorMiddleware:
    """Turns a DomainError that no view caught into its page; the request is rolled back by then."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return as_page(request, exception) if isinstance(exception, DomainError) else None
