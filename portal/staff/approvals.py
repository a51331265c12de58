"""One request for approval, exactly as it was asked for, and the second person's word on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from aduan.accounts.models import APPROVERS, ApprovalRequest
from aduan.accounts.queries import approvals_for
from aduan.accounts.roles import Permission
from aduan.accounts.services import decline_approval
from aduan.cases import services as cases
from aduan.core.errors import DomainError, Invalid
from aduan.core.periods import local_date
from portal.common import signin
from portal.common.forms import add_form_error
from portal.staff.approval_terms import read_terms
from portal.staff.approving import APPROVING
from portal.staff.forms import ReadForm, TextForm
from portal.staff.refusals import action_denied
from portal.staff.register.range_effects import preview_effects
from portal.staff.rendering import render_staff_page, staff_user
from portal.staff.site import staff_page

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponseBase

    from aduan.accounts.models import User
    from portal.staff.register.range_effects import PreviewedEffects

_KIND = ApprovalRequest.Kind


@staff_page("orang-kedua/persetujuan/<int:pk>/", name="approval", permission=Permission.VIEW_REGISTER)
@signin.step_up
@require_http_methods(["GET", "HEAD", "POST"])
def approval(request: HttpRequest, pk: int) -> HttpResponseBase:
    viewer = staff_user(request)
    try:
        asked = approvals_for(viewer).get(pk=pk)
    except ApprovalRequest.DoesNotExist as error:
        raise Http404 from error
    step = request.POST.get("step", "")
    form = TextForm(request.POST if step == "decline" else None)
    approving = ReadForm(request.POST if step == "approve" else None)
    if request.method == "POST":
        try:
            if approving.is_valid():
                return _approve(request, asked)
            if form.is_valid():
                return _decline(request, asked, form.cleaned_data["reason"])
        except Invalid as refusal:
            add_form_error(form, refusal)
        except DomainError as refusal:
            return action_denied(request, refusal, back=reverse("staff:approval", args=[pk]))
    may = asked.state == ApprovalRequest.State.PENDING and viewer.has_permission(APPROVERS[asked.kind])
    own = asked.requested_by_id == viewer.pk
    context = {
        "title": capfirst(str(asked.get_kind_display())),
        "asked": asked,
        "terms": read_terms(asked),
        "effect": _effect(asked, viewer) if may else None,
        "own": own,
        "may_settle": may,
        "may_approve": may and not own,
        "form": form,
        "approving": approving,
    }
    refused = form.is_bound or approving.is_bound
    return render_staff_page(request, "staff/approval.html", context, status=400 if refused else 200)


def _effect(asked: ApprovalRequest, viewer: User) -> PreviewedEffects | None:
    """What a change of the register would move on its day; None where it cannot be done any more."""
    if asked.state != ApprovalRequest.State.PENDING or asked.kind not in (_KIND.REGISTER, _KIND.HOLDER):
        return None
    now, terms = timezone.now(), asked.asked
    given: dict[str, Any] = {"reason": asked.reason, "by": viewer, "at": now}
    on = max(local_date(now), cases.day_of_effect(terms) or local_date(now))
    try:
        return preview_effects(lambda: cases.perform_register_change(terms, **given), on=on)
    except DomainError:
        return None


def _approve(request: HttpRequest, asked: ApprovalRequest) -> HttpResponseBase:
    with transaction.atomic():  # the letters with the act, or neither
        APPROVING[asked.kind](
            asked, by=staff_user(request), step_up=signin.step_up_of(request), at=timezone.now()
        )
    messages.success(request, _("Approved. It is done."))
    return redirect("staff:change_requests")


def _decline(request: HttpRequest, asked: ApprovalRequest, reason: str) -> HttpResponseBase:
    asked = decline_approval(asked, by=staff_user(request), at=timezone.now(), reason=reason)
    own = asked.state == ApprovalRequest.State.WITHDRAWN
    messages.success(request, _("Withdrawn.") if own else _("Not confirmed. Nothing has changed."))
    return redirect("staff:change_requests")
