"""Every refusal of the API is problem+json (RFC 9457): `code` for the machine, `detail` for its engineer."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response

from aduan.core.errors import DomainError
from aduan.operators.actors import KeyRefused
from portal.api.authentication import CHALLENGE
from portal.common.errors import domain_problem
from portal.common.problems import PROBLEM_TYPE, problem_body


class ProblemRenderer(JSONRenderer):
    """JSON that calls itself a problem when it is one."""

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None) -> Any:
        response = (renderer_context or {}).get("response")
        if response is not None and getattr(response, "is_problem", False):
            response.content_type = PROBLEM_TYPE
            response["Content-Type"] = PROBLEM_TYPE
        return super().render(data, accepted_media_type, renderer_context)


def exception_handler(error: Exception, _context: dict[str, Any]) -> Response | None:
    """The exception handler of settings.REST_FRAMEWORK. None lets the error become a 500.

    Nothing is rolled back here: the transaction of the act has ended by then, and alarms must stay.
    """
    headers: dict[str, str] = {}
    if isinstance(error, DomainError):
        body = domain_problem(error)
        if isinstance(error, KeyRefused) and error.status == 401:
            headers["WWW-Authenticate"] = CHALLENGE
    elif isinstance(error, Http404):
        body = problem_body(404, "not_found", _("There is nothing here."))
    elif isinstance(error, PermissionDenied):
        body = problem_body(403, "not_permitted", _("You do not have the permission for this."))
    elif isinstance(error, exceptions.APIException):
        body, headers = _from_framework(error)
    else:
        return None
    response = Response(body, status=body["status"], headers=headers)
    response.is_problem = True  # type: ignore[attr-defined]
    return response


def _from_framework(error: exceptions.APIException) -> tuple[dict[str, Any], dict[str, str]]:
    headers: dict[str, str] = {}
    if isinstance(error, exceptions.NotAuthenticated):
        headers["WWW-Authenticate"] = CHALLENGE
        return problem_body(
            401, "key_missing", _("Send an access key in a header: Authorization: Bearer an_…")
        ), headers
    if isinstance(error, exceptions.Throttled):
        headers["Retry-After"] = str(int(getattr(error, "wait", None) or 60))
        return problem_body(429, "too_many_requests", _("Too many requests. Wait and try again.")), headers
    if isinstance(error, exceptions.ValidationError):
        body = problem_body(400, "fields_invalid", _("Some fields cannot be accepted."))
        return body | {"errors": list(_flat(error.get_full_details()))}, headers
    codes = error.get_codes()
    return problem_body(error.status_code, str(codes), str(error.detail)), headers


def _flat(details: Any, field: str = "") -> Any:
    """`{"rows": [{"number": [{message, code}]}]}` → one line per fault with a dotted field name."""
    if isinstance(details, dict) and set(details) == {"message", "code"}:
        yield {"field": field, "code": str(details["code"]), "message": str(details["message"])}
    elif isinstance(details, dict):
        for name, inner in details.items():
            yield from _flat(inner, f"{field}.{name}" if field else str(name))
    else:
        for position, inner in enumerate(details):
            nested = isinstance(inner, dict) and "message" not in inner
            yield from _flat(inner, f"{field}.{position}" if nested else field)
