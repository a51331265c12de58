"""The rules of holds: what stands, and the forms by which one person asks for others, or for their end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from aduan.accounts.queries import count_waiting_approvals
from aduan.accounts.roles import Permission
from aduan.cases import services
from aduan.cases.models import HoldPolicy
from aduan.core.errors import DomainError
from aduan.operators.models import LegalReference
from portal.common import signin
from portal.common.forms import add_form_error
from portal.staff.approval_terms import to_approval
from portal.staff.bounded_figures import INPUT, BoundedFiguresForm
from portal.staff.hold_figures import CONFIRMED_WITH_EVIDENCE, HOLD_FIGURES
from portal.staff.rendering import render_staff_page, staff_user
from portal.staff.site import staff_page

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponseBase
    from django_stubs_ext import StrOrPromise

# Within what the database and the column allow, said before it has to say them.
LIMITS: Final = {
    "hours": (1, 168),
    "again_after_days": (1, 3_650),
    "use_years": (1, 50),
    "independent_complaints": (2, 100),
    "within_hours": (1, 720),
    "hourly_quota": (1, 1_000),
    "personal_quota": (1, 1_000),
    "list_ceiling": (1, 100_000),
    "attended_minutes": (1, 600),
}


def _day_input() -> forms.DateInput:
    return forms.DateInput({**INPUT, "type": "date"}, format="%Y-%m-%d")


class HoldRulesForm(BoundedFiguresForm):
    """The figures of HoldPolicy under the names that the model gives them."""

    bounds = LIMITS

    law = forms.ModelChoiceField(
        label=gettext_lazy("Grounds in law"),
        queryset=LegalReference.objects.order_by("code"),
        widget=forms.Select({"class": "form-select"}),
    )
    since = forms.DateField(label=gettext_lazy("First day"), widget=_day_input())
    until = forms.DateField(label=gettext_lazy("First day after"), required=False, widget=_day_input())
    confirmed_with_evidence = forms.BooleanField(label=capfirst(CONFIRMED_WITH_EVIDENCE), required=False)
    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=500, widget=forms.Textarea({**INPUT, "rows": 2})
    )
    field_order = ("law", "since", "until", *LIMITS, "confirmed_with_evidence", "reason")

    @staticmethod
    def name_of(figure: str) -> StrOrPromise:
        return HOLD_FIGURES[figure]


class HoldStopForm(forms.Form):
    on = forms.DateField(label=gettext_lazy("From this day on no number is held"), widget=_day_input())
    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=500, widget=forms.Textarea({**INPUT, "rows": 2})
    )


@staff_page(
    "tahan/aturan/",
    name="hold_rules",
    permission=Permission.SET_LIMITS,
    title=gettext_lazy("Rules of holds"),
    menu_order=76,
)
@signin.step_up
@require_http_methods(["GET", "HEAD", "POST"])
def hold_rules(request: HttpRequest) -> HttpResponseBase:
    now, by = timezone.now(), staff_user(request)
    today = timezone.localdate(now)
    stops = request.POST.get("step") == "stop"
    rules = list(HoldPolicy.objects.select_related("legal_reference").order_by("-valid")[:20])
    defaults = HoldPolicy()
    usual = {name: getattr(defaults, name) for name in LIMITS}
    form = HoldRulesForm(
        request.POST if request.method == "POST" and not stops else None,
        initial={**usual, "since": today, "confirmed_with_evidence": True},
    )
    stop = HoldStopForm(request.POST if stops else None, auto_id="id_stop_%s")
    bound = stop if stops else form
    if request.method == "POST" and bound.is_valid():
        given = {**bound.cleaned_data, "by": by, "step_up": signin.step_up_of(request), "at": now}
        try:
            return to_approval(request, _asked(given, stops=stops))
        except DomainError as refusal:
            add_form_error(bound, refusal)
    context = {
        "title": _("Rules of holds"),
        "rules": rules,
        "today": today,
        "form": form,
        "stop": stop,
        "waiting_approvals": count_waiting_approvals(viewer=by),
    }
    return render_staff_page(request, "staff/hold_rules.html", context, status=400 if bound.is_bound else 200)


def _asked(given: dict[str, Any], *, stops: bool) -> Any:
    if stops:
        return services.request_hold_stop(**given)
    figures = {name: given.pop(name) for name in (*LIMITS, "confirmed_with_evidence")}
    return services.request_hold_policy(figures, **given)
