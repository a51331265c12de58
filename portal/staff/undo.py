"""Half a minute to take back what one person did alone, and what a person decided last."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from aduan.accounts.roles import Permission
from aduan.cases import queries, services
from aduan.cases.models import Case
from aduan.cases.models.case import case_reference
from aduan.core.errors import DomainError
from portal.common.methods import post_only
from portal.staff.refusals import action_denied
from portal.staff.rendering import render_staff_page, staff_user
from portal.staff.site import staff_page

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse, HttpResponseBase

UNDO: Final = dt.timedelta(seconds=30)
UNDOABLE_STEPS: Final = frozenset({"ask", "dismiss", "declare_not_ours"})


def say_done(request: HttpRequest, case: Case, done: str) -> None:
    """The line of an act that succeeded; it leads to the case."""
    address = reverse("staff:case", args=[case.pk])
    messages.success(request, format_html('<a href="{}">{}</a>: {}', address, case.reference, done))


def offer_undo(request: HttpRequest, case: Case, done: str, *, at: dt.datetime) -> None:
    """The next pages of this session say what was done, and offer to take it back until its time is over."""
    _offer(request, done, at, case=case.pk, reference=case.reference)


@staff_page("perkara/<int:pk>/batalkan/", name="undo", permission=Permission.DECIDE)
@post_only
def undo(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Refused with a page once the half minute is over, or when the case has moved on."""
    case = get_object_or_404(Case, pk=pk)
    request.session.pop("undo", None)
    try:
        services.undo(case, by=staff_user(request), at=timezone.now())
    except DomainError as refusal:
        return action_denied(request, refusal, back=reverse("staff:case", args=[pk]))
    say_done(request, case, _("taken back. No complainant heard of it."))
    return redirect("staff:case", pk)


def offer_undo_of_many(request: HttpRequest, cases: Sequence[int], done: str, *, at: dt.datetime) -> None:
    """The same for what was done to many cases at once."""
    _offer(request, done, at, cases=list(cases))


def _offer(request: HttpRequest, done: str, at: dt.datetime, **what: object) -> None:
    request.session["undo"] = {**what, "done": done, "until": (at + UNDO).timestamp()}


@staff_page("antrean/bersama/batalkan/", name="undo_many", permission=Permission.DECIDE)
@post_only
def undo_many(request: HttpRequest) -> HttpResponseBase:
    """Takes back all that this session did last to many cases; those that have moved on are named."""
    offered = request.session.pop("undo", None) or {}
    cases = list(Case.objects.filter(pk__in=offered.get("cases", ())))
    result = services.undo_each(cases, by=staff_user(request), at=timezone.now())
    if count := len(result.done):
        text = ngettext(
            "%(n)d case taken back. No complainant heard of it.",
            "%(n)d cases taken back. No complainant heard of it.",
            count,
        )
        messages.success(request, text % {"n": count})
    elif not result.refused:
        messages.info(request, _("There is nothing left to take back."))
    for key, refusal in result.refused[:20]:
        messages.warning(request, f"{case_reference(key)}: {refusal.message}")
    return redirect("staff:queue")


@staff_page("putusan-saya/", name="own_decisions", permission=Permission.VIEW_CASES)
@require_safe
def own_decisions(request: HttpRequest) -> HttpResponse:
    rows = queries.own_decisions(staff_user(request), at=timezone.now())
    context = {"title": _("My last decisions"), "rows": rows}
    return render_staff_page(request, "staff/own_decisions.html", context)
