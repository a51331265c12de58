"""What all views of the API share.

Keys only, nothing cached, foreign rows invisible to the database itself.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any, ClassVar

from django.db import transaction
from django.http import HttpResponse, HttpResponseNotModified
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from rest_framework.exceptions import UnsupportedMediaType
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from aduan.accounts.roles import Permission
from aduan.core.errors import DomainError
from aduan.operators.actors import Actor
from aduan.operators.row_security import operator_scope
from portal.api.authentication import KeyAuthentication
from portal.api.permissions import HasScope
from portal.api.query_parameters import QueryParameters, none_unknown
from portal.api.throttles import KeyThrottle


class OperatorView(APIView):
    """A view for a key. Each method is decorated with `@operator_scoped`.

    No transaction around the request (settings.ATOMIC_REQUESTS): what a refusal writes down, such as the
    alarm for a key from a foreign address, must survive the refusal.
    """

    authentication_classes = [KeyAuthentication]
    permission_classes = [HasScope]
    throttle_classes = [KeyThrottle]
    needs: ClassVar[Permission] = Permission.FETCH_LISTS
    query: ClassVar[type[QueryParameters]] = QueryParameters

    @classmethod
    def as_view(cls, **initkwargs: Any) -> Any:
        return transaction.non_atomic_requests(super().as_view(**initkwargs))

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        none_unknown(self.query, request)
        packed = request.headers.get("Content-Encoding", "")
        if packed.lower() not in ("", "identity"):
            text = _("Send it as it is: Content-Encoding %(name)s is not unpacked here.")
            raise UnsupportedMediaType(packed, detail=text % {"name": packed[:20]})

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kwargs)
        if not response.has_header("Cache-Control"):
            response["Cache-Control"] = "private, no-store"
        patch_vary_headers(response, ["Authorization"])
        _with_etag(request, response)
        allowance = getattr(request, "allowance", None)
        if allowance is not None:
            for name, value in allowance.headers().items():
                response[name] = value
        return response


def _with_etag(request: Request, response: Any) -> None:
    """An answer that is as before is not sent again. Files and parts have ETags of their own."""
    if request.method not in ("GET", "HEAD") or response.status_code != 200 or response.has_header("ETag"):
        return
    if isinstance(response, Response):
        response.add_post_render_callback(lambda rendered: _or_not_modified(request, rendered))
    elif not response.streaming:
        unchanged = _or_not_modified(request, response)
        if unchanged is not None:
            response.status_code, response.content = 304, b""


def _or_not_modified(request: Request, response: HttpResponse) -> HttpResponse | None:
    """Gives the answer its ETag; a 304 in its place when the client names the same.

    A web server in front that packs answers makes the tag weak, so that it comes back as W/"...".
    """
    etag = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
    response["ETag"] = etag
    known = [tag.strip().removeprefix("W/") for tag in request.headers.get("If-None-Match", "").split(",")]
    if etag not in known and "*" not in known:
        return None
    unchanged = HttpResponseNotModified()
    for name, value in response.items():
        if name not in ("Content-Type", "Content-Length"):
            unchanged[name] = value
    return unchanged


Method = Callable[..., Any]


def actor_of(request: Request) -> Actor:
    """Whose key asks: `permission_classes` let no other request in."""
    if not isinstance(request.auth, Actor):
        raise TypeError("a view of the API ran without a key")
    return request.auth


def operator_scoped(method: Method) -> Method:
    """One transaction in which only the key's own operator has rows. Passes the actor as second argument.

    A domain error does not roll it back: services are atomic by themselves, and what they record about an
    error must persist.
    """

    @wraps(method)
    def scoped(view: OperatorView, request: Request, *args: Any, **kwargs: Any) -> Any:
        actor = actor_of(request)
        with operator_scope(actor.operator):
            try:
                answer = method(view, request, actor, *args, **kwargs)
            except DomainError as error:
                refusal = error  # raised again behind the commit, with what it wrote down
            else:
                if isinstance(answer, Response):
                    answer.data = _evaluated(answer.data)
                return answer
        raise refusal

    return scoped


def _evaluated(data: Any) -> Any:
    """Lazy querysets must not be read after the wall has gone."""
    return list(data) if hasattr(data, "query") else data
