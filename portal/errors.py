"""How a refusal of the house leaves by a door: one place for pages and for the API."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from aduan.core.errors import DomainError

PROBLEM_TYPE = "application/problem+json"


def as_problem(error: DomainError) -> dict[str, Any]:
    """The body of a problem+json answer (RFC 9457). `code` is stable, `detail` is for a person."""
    return {
        "type": "about:blank",
        "title": type(error).__name__,
        "status": error.status,
        "code": error.code,
        "detail": str(error.message),
        **error.details,
    }


def as_page(request: HttpRequest, error: DomainError) -> HttpResponse:
    """The page for a person: what was refused, why, and where to go."""
    return render(request, f"{error.status}.html", {"error": error}, status=error.status)


class DomainErrors:
    """Turns a DomainError that no view caught into its page; the request is rolled back by then."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return as_page(request, exception) if isinstance(exception, DomainError) else None
