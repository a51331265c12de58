"""What two list managers set: rules of publication, the filter for numbers from abroad, canaries."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from aduan.accounts.queries import count_waiting_approvals
from aduan.accounts.roles import Permission
from aduan.blocklists import queries, services
from aduan.blocklists.models import Canary, ListRules
from aduan.blocklists.stop_rules import Thresholds
from aduan.complaints.categories import choices as categories
from aduan.core.errors import DomainError
from aduan.operators.models import Operator
from portal.common import signin
from portal.common.forms import add_form_error
from portal.common.methods import post_only
from portal.staff.approval_terms import to_approval
from portal.staff.bounded_figures import INPUT, BoundedFiguresForm
from portal.staff.refusals import say_refused
from portal.staff.rendering import render_staff_page, staff_user
from portal.staff.site import staff_page

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse, HttpResponseBase

RELEASE = Permission.RELEASE_LISTS
# The bounds are those of the database (ListRules), said before it has to say them.
BOUNDS = {
    "cooling_off_hours": (0, 72),
    "additions_floor": (0, 5_000),
    "additions_factor": (1, 10),
    "additions_ceiling": (1, 100_000),
    "removals_floor": (0, 1_000),
    "removals_percent": (0, 25),
    "prefix_block_limit": (1, 1_000),
    "freed_limit": (1, 100),
    "urgent_delay_seconds": (60, 3_600),
}


class RulesForm(BoundedFiguresForm):
    """The figures of ListRules under the names that the model gives them."""

    bounds = BOUNDS
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=300, widget=forms.TextInput(INPUT))
    field_order = (*BOUNDS, "reason")

    @staticmethod
    def name_of(figure: str) -> str:
        return str(ListRules._meta.get_field(figure).verbose_name)  # type: ignore[union-attr]  # a column


class CanaryForm(forms.Form):
    operator = forms.ModelChoiceField(
        label=gettext_lazy("Operator"),
        queryset=Operator.objects.exclude(kind=Operator.Kind.OTT),
        widget=forms.Select({"class": "form-select"}),
    )
    number = forms.CharField(
        label=gettext_lazy("Number"),
        max_length=30,
        widget=forms.TextInput({**INPUT, "inputmode": "numeric", "autocomplete": "off"}),
        help_text=gettext_lazy("From a range that nobody holds, so that no line can be cut."),
    )
    category = forms.ChoiceField(
        label=gettext_lazy("Category"), widget=forms.Select({"class": "form-select"})
    )
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=300, widget=forms.TextInput(INPUT))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"].choices = list(categories())  # type: ignore[attr-defined]


@staff_page("daftar/pengaturan/", name="list_settings", permission=Permission.VIEW_LISTS)
@require_safe
def list_settings(request: HttpRequest) -> HttpResponse:
    return _shown(request)


@staff_page("daftar/pengaturan/usulkan/", name="propose_rules", permission=RELEASE)
@signin.step_up
@post_only
def propose_rules(request: HttpRequest) -> HttpResponseBase:
    form = RulesForm(request.POST)
    if form.is_valid():
        figures = dict(form.cleaned_data)
        reason, hours = figures.pop("reason"), figures.pop("cooling_off_hours")
        try:
            services.propose_rules(
                Thresholds(**figures),
                cooling_off=dt.timedelta(hours=hours),
                reason=reason,
                by=staff_user(request),
                step_up=signin.step_up_of(request),
                at=timezone.now(),
            )
        except DomainError as refusal:
            add_form_error(form, refusal)
        else:
            messages.success(request, _("Proposed. They are in force when another list manager has agreed."))
            return redirect("staff:list_settings")
    return _shown(request, rules_form=form, status=400)


@staff_page("daftar/pengaturan/<int:key>/setujui/", name="agree_rules", permission=RELEASE)
@signin.step_up
@post_only
def agree_rules(request: HttpRequest, key: int) -> HttpResponseBase:
    rules = get_object_or_404(ListRules, pk=key)
    try:
        services.agree_rules(
            rules, by=staff_user(request), step_up=signin.step_up_of(request), at=timezone.now()
        )
    except DomainError as refusal:
        say_refused(request, refusal.message)
    else:
        messages.success(request, _("The new rules are in force."))
    return redirect("staff:list_settings")


@staff_page("daftar/penyaring/<slug:code>/", name="switch_inbound", permission=RELEASE)
@signin.step_up
@post_only
def switch_inbound(request: HttpRequest, code: str) -> HttpResponseBase:
    operator = get_object_or_404(Operator, code=code)
    try:
        asked = services.request_inbound(
            operator,
            on=request.POST.get("on") == "1",
            note=request.POST.get("note", ""),
            by=staff_user(request),
            step_up=signin.step_up_of(request),
            at=timezone.now(),
        )
    except DomainError as refusal:
        say_refused(request, refusal.message)
        return redirect("staff:list_settings")
    return to_approval(request, asked)


@staff_page("daftar/kenari/", name="add_canary", permission=RELEASE)
@signin.step_up
@post_only
def add_canary(request: HttpRequest) -> HttpResponseBase:
    form = CanaryForm(request.POST)
    if form.is_valid():
        try:
            asked = services.request_canary(
                **form.cleaned_data,
                by=staff_user(request),
                step_up=signin.step_up_of(request),
                at=timezone.now(),
            )
        except DomainError as refusal:
            add_form_error(form, refusal)
        else:
            return to_approval(request, asked)
    return _shown(request, canary_form=form, status=400)


@staff_page("daftar/kenari/<int:key>/akhiri/", name="end_canary", permission=RELEASE)
@signin.step_up
@post_only
def end_canary(request: HttpRequest, key: int) -> HttpResponseBase:
    try:
        asked = services.request_canary_end(
            get_object_or_404(Canary, pk=key),
            reason=request.POST.get("note", ""),
            by=staff_user(request),
            step_up=signin.step_up_of(request),
            at=timezone.now(),
        )
    except DomainError as refusal:
        say_refused(request, refusal.message)
        return redirect("staff:list_settings")
    return to_approval(request, asked)


def _shown(
    request: HttpRequest,
    *,
    rules_form: RulesForm | None = None,
    canary_form: CanaryForm | None = None,
    status: int = 200,
) -> HttpResponse:
    now = timezone.now()
    rules, proposed = queries.rules_in_force(), queries.rules_proposed()
    figures = _figures(rules)
    may = staff_user(request).has_permission(RELEASE)
    context = {
        "title": _("Settings of the lists"),
        "rules": rules,
        "proposed": proposed,
        "figures": _named(figures, proposed),
        "rules_form": rules_form or RulesForm(initial=figures),
        "canary_form": canary_form or CanaryForm(),
        "subscriptions": queries.subscriptions(at=now),
        "canaries": queries.canaries() if may else [],
        "today": timezone.localdate(now),
        "may_set": may,
        "waiting_approvals": count_waiting_approvals(viewer=staff_user(request)),
    }
    return render_staff_page(request, "staff/list_settings.html", context, status=status)


def _figures(rules: queries.Rules) -> dict[str, int]:
    hours = int(rules.cooling_off.total_seconds() // 3600)
    known = rules.thresholds
    return {name: hours if name == "cooling_off_hours" else getattr(known, name) for name in BOUNDS}


def _named(figures: dict[str, int], proposed: ListRules | None) -> list[dict[str, Any]]:
    """Each figure with its name, and what it would become."""
    return [
        {
            "label": capfirst(RulesForm.name_of(name)),
            "now": now,
            "then": getattr(proposed, name) if proposed else None,
        }
        for name, now in figures.items()
    ]
