"""Domain errors as HTTP responses: pages for people, problem+json for the API."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views import defaults

from aduan.core.errors import DomainError

PROBLEM_TYPE = "application/problem+json"


def problem_body(status: int, code: str, detail: str, *, title: str = "") -> dict[str, Any]:
    """The body of a problem+json response (RFC 9457). `code` is stable, `detail` is for a person."""
    return {
        "type": "about:blank",
        "title": title or code.replace("_", " "),
        "status": status,
        "code": code,
        "detail": detail,
    }


def domain_problem(error: DomainError) -> dict[str, Any]:
    """The problem body of a domain error, with its details as extension members."""
    body = problem_body(error.status, error.code, str(error.message), title=type(error).__name__)
    return body | error.details


def as_page(request: HttpRequest, error: DomainError) -> HttpResponse:
    """The page for a person: what was refused, why, and where to go."""
    return render(request, f"{error.status}.html", {"error": error}, status=error.status)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    """404 as a page for people, and as a problem for anyone who asks under /api/."""
    if not _is_machine(request):
        return defaults.page_not_found(request, exception)
    return _problem(404, "not_found", _("There is nothing here."))


def server_error(request: HttpRequest) -> HttpResponseBase:
    """500 likewise; it says nothing of what went wrong."""
    if not _is_machine(request):
        return defaults.server_error(request)
    return _problem(500, "server_error", _("Something went wrong on our side. Please try again later."))


def _is_machine(request: HttpRequest) -> bool:
    return request.path.startswith("/api/")


def _problem(status: int, code: str, detail: str) -> JsonResponse:
    return JsonResponse(problem_body(status, code, detail), status=status, content_type=PROBLEM_TYPE)


class DomainErrorMiddleware:
    """Turns a DomainError that no view caught into its page; the request is rolled back by then."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return as_page(request, exception) if isinstance(exception, DomainError) else None
