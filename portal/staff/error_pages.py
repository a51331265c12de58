"""Errors of the staff site as pages of it: what it was, that nothing happened, and the way back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeAlias

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpResponseNotAllowed
from django.shortcuts import render
from django.utils.translation import gettext_lazy

from aduan.core.errors import DomainError
from aduan.core.text import unreadable
from portal.common.return_address import page_above
from portal.common.typed import has_unreadable_text, typed_texts

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from django.http import HttpRequest, HttpResponse, HttpResponseBase
    from django_stubs_ext import StrOrPromise

Answer: TypeAlias = "Callable[[], HttpResponseBase]"
_TITLES: Final[Mapping[int, StrOrPromise]] = {
    400: gettext_lazy("This is not possible"),
    403: gettext_lazy("You may not do this"),
    404: gettext_lazy("There is no page here"),
    405: gettext_lazy("This address only takes a form"),
    409: gettext_lazy("This was already done, or has changed meanwhile"),
}
_TEXTS: Final[Mapping[int, StrOrPromise]] = {
    403: gettext_lazy("Your roles do not open this page. Nothing was changed."),
    404: gettext_lazy("The address may be mistyped, or what it named is gone."),
    405: gettext_lazy("It cannot be opened like a page. Nothing was changed."),
}


def with_error_pages(
    request: HttpRequest, context: Callable[[HttpRequest], dict[str, Any]], answer: Answer, *, atomic: bool
) -> HttpResponseBase:
    """The view's answer, or a page with the site's head for a refusal.

    `atomic`: the request is one transaction, which a refusal rolls back as an uncaught error would.
    """
    try:
        response = answer()
    except (Http404, PermissionDenied, DomainError) as refusal:
        return _refused(request, context, refusal, atomic=atomic)
    except ValueError:  # of the database's driver, which takes no such text
        if not has_unreadable_text(request):
            raise
        return _refused(request, context, unreadable(""), atomic=atomic)
    if not isinstance(response, HttpResponseNotAllowed):
        return response
    page = _page(request, context(request), None)
    page.headers["Allow"] = response.headers["Allow"]
    return page


def _refused(
    request: HttpRequest,
    context: Callable[[HttpRequest], dict[str, Any]],
    refusal: Exception,
    *,
    atomic: bool,
) -> HttpResponse:
    page = _page(request, context(request), refusal)
    if atomic:
        transaction.set_rollback(True)
    return page


def _page(request: HttpRequest, context: dict[str, Any], refusal: Exception | None) -> HttpResponse:
    """Of a form's own address, opened as a page, without a refusal."""
    match refusal:
        case DomainError():
            status, text = refusal.status, str(refusal.message)
        case Http404():
            status, text = 404, ""
        case PermissionDenied():
            status, text = 403, ""
        case _:
            status, text = 405, ""
    own = {
        "title": _TITLES.get(status, _TITLES[400]),
        "text": text or _TEXTS[status],
        "above": page_above(request.path),
        "typed": typed_texts(request),
    }
    return render(request, "staff/error.html", context | own, status=status)
