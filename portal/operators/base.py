"""What every page of operators' people shares.

Who may see it, the wall around their rows, refusals in forms.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.utils.cache import add_never_cache_headers

from aduan.accounts.models import User
from aduan.core.errors import Forbidden
from aduan.operators.actors import Actor, actor_for
from aduan.operators.row_security import operator_scope
from portal.common import signin
from portal.common.methods import mark_takes_only_post
from portal.common.return_address import log_in_first

Rest = ParamSpec("Rest")
OperatorView = Callable[Concatenate[HttpRequest, Actor, Rest], HttpResponseBase]


def operator_page(
    *methods: str, managers: bool = False
) -> Callable[[OperatorView[Rest]], Callable[..., HttpResponseBase]]:
    """A page for people of an operator; `managers` for those alone who manage keys and people.

    Not logged in → log-in. No member of an operator, or not permitted → 404, as if the page did not exist.
    No second factor where one is required → set one up.
    """
    allowed = methods or ("GET", "HEAD")

    def wrap(view: OperatorView[Rest]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponseBase:
            if not isinstance(request.user, User):
                return log_in_first(request)
            actor = _actor(request.user)
            if managers and not actor.manages:
                raise Http404
            if signin.second_factor_is_missing(request):
                return redirect("mfa_index")
            if request.method not in allowed:
                return HttpResponseNotAllowed(allowed)
            with operator_scope(actor.operator):
                response = view(request, actor, *args, **kwargs)
            if not response.has_header("Cache-Control"):
                add_never_cache_headers(response)
            return response

        return guarded if "GET" in allowed else mark_takes_only_post(guarded)

    return wrap


def _actor(user: User) -> Actor:
    try:
        return actor_for(user)
    except Forbidden as error:
        raise Http404 from error


def render_page(
    request: HttpRequest,
    actor: Actor,
    template: str,
    context: dict[str, Any] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    """Renders `operators/<template>.html` with what the head of every page needs."""
    known = {"actor": actor, "here": request.resolver_match.url_name if request.resolver_match else ""}
    return render(request, f"operators/{template}.html", known | (context or {}), status=status)
