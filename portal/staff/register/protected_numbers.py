"""Protected numbers, and numbers whose operator must be found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from aduan.accounts.queries import count_waiting_approvals
from aduan.accounts.roles import Permission
from aduan.cases import services as cases
from aduan.cases.queries import Effect, count_waiting_changes, effect_of_pattern
from aduan.core.errors import DomainError
from aduan.numbers import services
from aduan.numbers.models import ProtectedNumber, RoutingTask
from aduan.numbers.parsing import format_number
from aduan.numbers.queries import numbers_under
from aduan.operators.queries import history_of
from portal.common import signin
from portal.common.forms import add_form_error
from portal.staff.register.forms import PROTECTED_KINDS, ProtectForm, ReasonForm, SettleForm
from portal.staff.register.range_effects import change_or_ask
from portal.staff.rendering import parse_id, render_staff_page, staff_user
from portal.staff.site import staff_page

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponseBase

VIEW = Permission.VIEW_REGISTER
# How the shipped register and the form speak of protected numbers.
KINDS = {
    **dict(PROTECTED_KINDS),
    "alphanumeric-sender": gettext_lazy("sender name"),
    "sms-shortcode": gettext_lazy("short code"),
    "e-wallet": gettext_lazy("e-wallet"),
    "e-commerce": gettext_lazy("e-commerce"),
    "media": gettext_lazy("media"),
}
SHAPES = {"msisdn": gettext_lazy("mobile number"), "landline": gettext_lazy("landline")}
SURENESS = {
    "verified": gettext_lazy("verified"),
    "unverified": gettext_lazy("not verified"),
    "pattern": gettext_lazy("pattern"),
    "single source": gettext_lazy("one source"),
    "disputed": gettext_lazy("disputed"),
    "entered": gettext_lazy("entered by staff"),
}


@staff_page("register/tugas/", name="routing_tasks", permission=VIEW)
@signin.step_up
@require_http_methods(["GET", "HEAD", "POST"])
def routing_tasks(request: HttpRequest) -> HttpResponseBase:
    """Numbers without a known operator, oldest first; each is answered on the spot."""
    open_ones = RoutingTask.objects.filter(resolved_at=None).select_related("number__operator", "raised_by")
    form = SettleForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        task = get_object_or_404(RoutingTask, pk=parse_id(request.POST.get("task")))
        try:
            terms = cases.terms_to_settle(task, operator=form.cleaned_data["operator"])
            waits = change_or_ask(request, terms, reason=form.cleaned_data["reason"])
        except DomainError as refusal:
            add_form_error(form, refusal)
        else:
            if waits is None:
                messages.success(request, _("Settled."))
            return waits or redirect("staff:routing_tasks")
    rows = [
        {
            "task": task,
            "number": format_number(task.number.canonical),
        }
        for task in open_ones.order_by("opened_at")[:100]
    ]
    context = {
        "title": _("Whose number is it?"),
        "rows": rows,
        "form": form,
        "total": open_ones.count(),
        "may_edit": staff_user(request).has_permission(Permission.EDIT_REGISTER),
    }
    return render_staff_page(request, "staff/register/tasks.html", context)


@staff_page(
    "register/dilindungi/",
    name="protected",
    permission=VIEW,
    title=gettext_lazy("Protected numbers"),
    menu_order=71,
)
@signin.step_up
@require_http_methods(["GET", "HEAD", "POST"])
def protected(request: HttpRequest) -> HttpResponseBase:
    """A number without blocks is protected at once; else what ends is shown first, and asked for."""
    effect: Effect | None = None
    form = ProtectForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            pattern = services.pattern_of(form.cleaned_data["number"])
            effect = effect_of_pattern(pattern, begins=True)
            alone = not (effect.count or services.covers_many(pattern))
            if alone or "seen" in request.POST:
                return _protect(request, form, alone=alone)
        except DomainError as refusal:
            add_form_error(form, refusal)
    rows = [
        {
            "row": row,
            **_words(row),
            "number": format_number(row.pattern.rstrip("*")) + ("…" if row.pattern.endswith("*") else ""),
        }
        for row in ProtectedNumber.objects.filter(active=True).order_by("kind", "owner")
    ]
    context = {
        "title": _("Protected numbers"),
        "rows": rows,
        "form": form,
        "effect": effect,
        "waiting_changes": count_waiting_changes(viewer=staff_user(request)),
        "waiting_approvals": count_waiting_approvals(viewer=staff_user(request)),
        "may_edit": staff_user(request).has_permission(Permission.EDIT_REGISTER),
    }
    return render_staff_page(request, "staff/register/protected.html", context)


@staff_page("register/dilindungi/<int:pk>/", name="protected_number", permission=VIEW)
@signin.step_up
@require_http_methods(["GET", "HEAD", "POST"])
def protected_number(request: HttpRequest, pk: int) -> HttpResponseBase:
    row = get_object_or_404(ProtectedNumber, pk=pk)
    effect = effect_of_pattern(row.pattern, begins=False)
    alone = not (effect.count or services.covers_many(row.pattern))
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            return _unprotect(request, row, form, alone=alone)
        except DomainError as refusal:
            add_form_error(form, refusal)
    context = {
        "title": format_number(row.pattern.rstrip("*")),
        "row": row,
        **_words(row),
        "form": form,
        "history": history_of(row),
        "reported": len(numbers_under(row.pattern)),
        "effect": effect,
        "alone": alone,
        "may_edit": row.active and staff_user(request).has_permission(Permission.EDIT_REGISTER),
    }
    return render_staff_page(request, "staff/register/protected_number.html", context)


def _words(row: ProtectedNumber) -> dict[str, str]:
    """Labels of `bank-msisdn` and the like. Raises KeyError for a code without a label."""
    kind, _dash, shape = row.kind.rpartition("-")
    known = f"{KINDS[kind]}, {SHAPES[shape]}" if shape in SHAPES else KINDS[row.kind]
    return {"kind": str(known), "sureness": str(SURENESS[row.confidence])}


def _protect(request: HttpRequest, form: ProtectForm, *, alone: bool) -> HttpResponseBase:
    """Raises DomainError, and then nothing has changed."""
    given = {**form.cleaned_data, "by": staff_user(request), "at": timezone.now()}
    text = given.pop("number")
    if alone:
        cases.protect_number(text, **given)
        messages.success(request, _("Protected. No block was in force."))
        return redirect("staff:protected")
    asked = cases.request_protection(
        text, **given, step_up=signin.step_up_of(request), seen_digest=request.POST["seen"]
    )
    return _to_request(request, asked.pk)


def _unprotect(
    request: HttpRequest, row: ProtectedNumber, form: ReasonForm, *, alone: bool
) -> HttpResponseBase:
    """Raises DomainError, and then nothing has changed."""
    given = {**form.cleaned_data, "by": staff_user(request), "at": timezone.now()}
    if alone:
        cases.unprotect_number(row, **given)
        messages.success(request, _("The protection has ended. No block came back."))
        return redirect("staff:protected")
    asked = cases.request_unprotection(
        row, **given, step_up=signin.step_up_of(request), seen_digest=request.POST.get("seen", "")
    )
    return _to_request(request, asked.pk)


def _to_request(request: HttpRequest, pk: int) -> HttpResponseBase:
    messages.success(request, _("Asked for. Another person has to confirm it; until then nothing changes."))
    return redirect("staff:change_request", pk)
