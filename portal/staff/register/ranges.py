"""Operators and ranges: the timeline, one range with its history, add, end, transfer."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from aduan.accounts.roles import Permission
from aduan.cases import services as cases
from aduan.core.errors import DomainError
from aduan.core.periods import local_date
from aduan.numbers.models import RoutingTask
from aduan.operators.models import NumberRange, Operator
from aduan.operators.queries import history_of
from portal.common import signin
from portal.common.forms import add_form_error
from portal.staff.register.forms import EndForm, RangeForm, TransferForm
from portal.staff.register.range_effects import change_or_ask
from portal.staff.register.timeline import timeline
from portal.staff.rendering import render_staff_page, staff_user
from portal.staff.site import staff_page

if TYPE_CHECKING:
    from django import forms
    from django.http import HttpRequest, HttpResponse, HttpResponseBase

VIEW = Permission.VIEW_REGISTER
EDIT = Permission.EDIT_REGISTER


@staff_page("register/", name="register", permission=VIEW, title=gettext_lazy("Operators"), menu_order=70)
@require_safe
def register(request: HttpRequest) -> HttpResponse:
    """All operators and the picture of their ranges."""
    today = local_date(timezone.now())
    rows = list(NumberRange.objects.select_related("operator", "brand").order_by("prefix", "valid"))
    held: dict[int | None, int] = {}
    for row in rows:
        if not row.valid.isempty and row.valid.upper is None and row.status == NumberRange.Status.ACTIVE:
            held[row.operator_id] = held.get(row.operator_id, 0) + 1
    everybody = Operator.objects.select_related("legal_reference")
    operators = [
        {"one": operator, "ranges": held.get(operator.pk, 0), "gone": _gone(operator, today)}
        for operator in sorted(everybody, key=lambda one: (_gone(one, today), one.kind == "ott", one.name))
    ]
    context = {
        "title": _("Operators and number ranges"),
        "operators": operators,
        "picture": timeline(rows, today=today),
        "tasks": RoutingTask.objects.filter(resolved_at=None).count(),
        "may_edit": staff_user(request).has_permission(EDIT),
    }
    return render_staff_page(request, "staff/register/register.html", context)


def _gone(operator: Operator, today: Any) -> bool:
    return operator.active.upper is not None and operator.active.upper <= today


@staff_page("register/operator/<int:pk>/", name="operator", permission=VIEW)
@signin.step_up
@require_http_methods(["GET", "HEAD", "POST"])
def operator(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One operator, its ranges, and the merger: all of them go to another."""
    one = get_object_or_404(Operator.objects.select_related("legal_reference"), pk=pk)
    form = TransferForm(request.POST if request.method == "POST" else None)

    if request.method == "POST" and (done := _changed(request, form, partial(cases.terms_to_merge, one))):
        return done
    rows = list(NumberRange.objects.filter(operator=one).select_related("operator", "brand"))
    context = {
        "title": one.name,
        "one": one,
        "rows": rows,
        "form": form,
        "history": history_of(one),
        "picture": timeline(rows, today=local_date(timezone.now())) if rows else None,
        "may_edit": staff_user(request).has_permission(EDIT),
        "may_merge": staff_user(request).has_permission(EDIT)
        and any(row.valid.upper is None for row in rows),
    }
    return render_staff_page(request, "staff/register/operator.html", context)


@staff_page("register/rentang/tambah/", name="range_add", permission=EDIT)
@signin.step_up
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponseBase:
    form = RangeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and (done := _changed(request, form, cases.terms_to_add)):
        return done
    return render_staff_page(request, "staff/register/add.html", {"title": _("Add a range"), "form": form})


@staff_page("register/rentang/<int:pk>/", name="range", permission=VIEW)
@signin.step_up
@require_http_methods(["GET", "HEAD", "POST"])
def one_range(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One range: who holds it, since when, who changed it and why; end it or hand it over."""
    row = get_object_or_404(NumberRange.objects.select_related("operator", "brand"), pk=pk)
    posted = request.POST if request.method == "POST" else None
    ending = EndForm(posted if posted and posted.get("act") == "end" else None, prefix="end")
    handing = TransferForm(posted if posted and posted.get("act") == "transfer" else None, prefix="transfer")

    for form, terms in ((ending, cases.terms_to_end), (handing, cases.terms_to_transfer)):
        if form.is_bound and (done := _changed(request, form, partial(terms, row))):
            return done
    family = NumberRange.objects.filter(prefix=row.prefix).select_related("operator", "brand")
    context = {
        "title": _("Range %(prefix)s") % {"prefix": f"0{row.prefix[2:]}"},
        "row": row,
        "family": family,
        "ending": ending,
        "handing": handing,
        "history": history_of(row),
        "picture": timeline(family, today=local_date(timezone.now())),
        "may_edit": staff_user(request).has_permission(EDIT)
        and not row.valid.isempty
        and row.valid.upper is None,
    }
    return render_staff_page(request, "staff/register/range.html", context)


def _changed(
    request: HttpRequest, form: forms.Form, terms: Callable[..., cases.Terms]
) -> HttpResponseBase | None:
    """Where to go on when it was done, or waits for another person; None when the form says why not."""
    if not form.is_valid():
        return None
    given = dict(form.cleaned_data)
    reason = given.pop("reason")
    try:
        wanted = terms(**given)
        waits = change_or_ask(request, wanted, reason=reason)
    except DomainError as refusal:
        add_form_error(form, refusal)
        return None
    if wanted["act"] != "add" or waits is not None:
        return waits or redirect(request.path)
    return redirect("staff:range", NumberRange.objects.filter(prefix=wanted["prefixes"][0]).latest("pk").pk)
