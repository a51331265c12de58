"""503 when PostgreSQL, a disk or a needed Valkey cannot do its part; what was typed is not lost."""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING, Final

import redis
from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from portal.common import owner
from portal.common.problems import problem
from portal.common.typed import typed_fields

if TYPE_CHECKING:
    from django.http import HttpRequest

RETRY_AFTER_SECONDS: Final = 30
_NO_SPACE: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS})
_READ_ONLY: Final = "25006"  # a replica, or a server that was switched over


def is_outage(error: BaseException | None) -> bool:
    """Whether a server of ours could not do its part, and the same request may succeed later."""
    if isinstance(error, OperationalError | InterfaceError):
        return True  # no connection, shut down, disk full, out of memory, timeouts
    if isinstance(error, redis.ConnectionError | redis.TimeoutError | redis.OutOfMemoryError):
        return True  # where a limit must be counted, as of attempts to log in; elsewhere it is done without
    if isinstance(error, DatabaseError):
        return getattr(error.__cause__, "pgcode", None) == _READ_ONLY
    return isinstance(error, OSError) and error.errno in _NO_SPACE


def unavailable(request: HttpRequest, *, machine: bool) -> HttpResponse:
    """503 with Retry-After; needs neither database nor session.

    For a form it is a page that sends the same fields again. Uploaded files cannot be kept that way.
    """
    if machine or request.headers.get("Accept", "").startswith("application/json"):
        detail = _("A part of this service is away. Please send the same request again later.")
        response: HttpResponse = problem(503, "unavailable", detail)
    else:
        fields = typed_fields(request)
        context = {
            **owner.context(request),
            "fields": fields,
            "address": request.get_full_path(),
            "files": bool(fields and request.FILES),
            "csrf_token": get_token(request) if fields else "",
        }
        response = HttpResponse(render_to_string("503.html", context), status=503)
    response["Retry-After"] = str(RETRY_AFTER_SECONDS)
    response["Cache-Control"] = "no-store"
    return response
