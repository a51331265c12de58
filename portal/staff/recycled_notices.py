"""Notices of new holders above the day's ceiling: each waits until a person has asked the operator."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from aduan.accounts.roles import Permission
from aduan.cases import queries, services
from aduan.cases.models import RecycledNotice
from aduan.core.errors import DomainError
from portal.common import signin
from portal.common.methods import post_only
from portal.staff.refusals import action_denied
from portal.staff.rendering import render_staff_page, staff_user
from portal.staff.site import staff_page

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse, HttpResponseBase


@staff_page(
    "pemegang-baru/",
    name="recycled_notices",
    permission=Permission.VIEW_CASES,
    title=gettext_lazy("New holders"),
    menu_order=72,
)
@require_safe
def recycled_notices(request: HttpRequest) -> HttpResponse:
    by = staff_user(request)
    context = {
        "title": _("Numbers with a new holder"),
        "rows": queries.waiting_recycled(),
        "not_from_operator": services.NOT_FROM_OPERATOR,
        "may_settle": by.has_permission(Permission.SIGN_OFF) or by.has_permission(Permission.LEAD_HOLDS),
    }
    return render_staff_page(request, "staff/recycled_notices.html", context)


@staff_page("pemegang-baru/<int:pk>/", name="settle_recycled", permission=Permission.VIEW_CASES)
@signin.step_up
@post_only
def settle_recycled(request: HttpRequest, pk: int) -> HttpResponseBase:
    notice = get_object_or_404(RecycledNotice, pk=pk)
    believed = request.POST.get("believed") == "yes"
    try:
        services.settle_recycled(notice, by=staff_user(request), at=timezone.now(), believed=believed)
    except DomainError as refusal:
        return action_denied(request, refusal, back=reverse("staff:recycled_notices"))
    messages.success(request, _("Released.") if believed else _("Put aside: the block stays."))
    return redirect("staff:recycled_notices")
