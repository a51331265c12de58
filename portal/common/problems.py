"""Bodies of problem+json (RFC 9457)."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, Final

from django.http import JsonResponse

PROBLEM_TYPE: Final = "application/problem+json"


def problem_body(status: int, code: str, detail: str) -> dict[str, Any]:
    """`code` is stable, `detail` is for a person; `title` is HTTP's own name, as `about:blank` wants it."""
    return {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        "detail": detail,
    }


def problem(status: int, code: str, detail: str) -> JsonResponse:
    """A whole response."""
    return JsonResponse(problem_body(status, code, detail), status=status, content_type=PROBLEM_TYPE)
