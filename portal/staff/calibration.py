"""Calibration: decisions drawn at random, read again by a person who took no part in them, unannounced."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from aduan.accounts.roles import Permission
from aduan.cases import queries, services
from aduan.cases.models import QualityReview
from aduan.cases.workflow import CaseAction
from aduan.core.errors import DomainError
from portal.common.methods import post_only
from portal.staff.refusals import action_denied, say_refused
from portal.staff.rendering import render_staff_page, staff_user
from portal.staff.site import staff_page

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse, HttpResponseBase


class QualityReviewForm(forms.Form):
    agrees = forms.TypedChoiceField(
        choices=[("yes", gettext_lazy("I would have decided alike")), ("no", gettext_lazy("I would not"))],
        coerce=lambda value: value == "yes",
    )
    reason = forms.CharField(required=False, max_length=4000)


@staff_page(
    "kalibrasi/",
    name="calibration",
    permission=Permission.CALIBRATE,
    title=gettext_lazy("Calibration"),
    menu_order=40,
)
@require_safe
def calibration(request: HttpRequest) -> HttpResponse:
    by = staff_user(request)
    answered = [
        {"row": row, "decision": CaseAction(row.decision).label}
        for row in queries.answered_quality_reviews(viewer=by)
    ]
    context = {
        "title": _("Calibration"),
        "waiting": queries.waiting_quality_reviews(viewer=by, at=timezone.now()),
        "answered": answered,
    }
    return render_staff_page(request, "staff/calibration.html", context)


@staff_page("kalibrasi/<int:pk>/", name="quality_review", permission=Permission.CALIBRATE)
@post_only
def quality_review(request: HttpRequest, pk: int) -> HttpResponseBase:
    drawn = get_object_or_404(QualityReview, pk=pk)
    form = QualityReviewForm(request.POST)
    if not form.is_valid():
        say_refused(request, _("Say whether you would have decided alike."))
        return redirect("staff:calibration")
    try:
        services.answer_quality_review(drawn, by=staff_user(request), at=timezone.now(), **form.cleaned_data)
    except DomainError as refusal:
        return action_denied(request, refusal, back=reverse("staff:calibration"))
    messages.success(request, _("Written down. It changes nothing in the case."))
    return redirect("staff:calibration")
