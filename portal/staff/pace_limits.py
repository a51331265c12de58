"""The limits of pace: what stands, and the form by which one person asks for others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from aduan.accounts.queries import waiting_approvals
from aduan.accounts.roles import Permission
from aduan.cases import services
from aduan.cases.models import PACE_BOUNDS, PaceLimits
from aduan.core.errors import DomainError
from portal.common import signin
from portal.common.forms import add_form_error
from portal.staff.approval_terms import to_approval
from portal.staff.bounded_figures import INPUT, BoundedFiguresForm
from portal.staff.pace_figures import PACE_FIGURES
from portal.staff.rendering import render_staff_page, staff_user
from portal.staff.site import staff_page

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponseBase
    from django_stubs_ext import StrOrPromise

TITLE: Final = gettext_lazy("Limits of pace")


class PaceForm(BoundedFiguresForm):
    """The figures of PaceLimits."""

    bounds = PACE_BOUNDS
    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=500, widget=forms.Textarea({**INPUT, "rows": 2})
    )
    field_order = (*PACE_BOUNDS, "reason")

    @staticmethod
    def name_of(figure: str) -> StrOrPromise:
        return PACE_FIGURES[figure]


@staff_page("batas/", name="pace_limits", permission=Permission.SET_LIMITS, title=TITLE, menu_order=79)
@signin.step_up
@require_http_methods(["GET", "HEAD", "POST"])
def pace_limits(request: HttpRequest) -> HttpResponseBase:
    by, limits = staff_user(request), PaceLimits.current()
    figures = {name: getattr(limits, name) for name in PACE_BOUNDS}
    form = PaceForm(request.POST or None, initial=figures)
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        reason = given.pop("reason")
        try:
            asked = services.request_pace_limits(
                given, reason=reason, by=by, step_up=signin.step_up_of(request), at=timezone.now()
            )
            return to_approval(request, asked)
        except DomainError as refusal:
            add_form_error(form, refusal)
    context = {
        "title": TITLE,
        "figures": [(PACE_FIGURES[name], value) for name, value in figures.items()],
        "since": limits.since,
        "form": form,
        "waiting": waiting_approvals(viewer=by, subject=services.PACE_SUBJECT),
    }
    return render_staff_page(request, "staff/pace_limits.html", context, status=400 if form.is_bound else 200)
