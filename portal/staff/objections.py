"""Objections: which wait for an answer, which still lack proof that the number is theirs.

The answer itself is given on the case page, where everything else about the number is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from aduan.accounts.roles import Permission
from aduan.appeals import queries, services
from aduan.appeals.models import Objection
from aduan.cases.queries import count_waiting_changes
from aduan.complaints.evidence_queries import files_of_objections
from aduan.core.errors import DomainError
from portal.common import signin
from portal.common.methods import post_only
from portal.staff.refusals import say_refused
from portal.staff.rendering import render_staff_page, staff_user
from portal.staff.site import staff_page

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse, HttpResponseBase


@staff_page(
    "keberatan/",
    name="objections",
    permission=Permission.VIEW_CASES,
    title=gettext_lazy("Objections"),
    menu_order=25,
)
@require_safe
def objections(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    quoted = request.GET.get("kutipan", "")[:40].strip()
    to_answer, to_prove = queries.unanswered(at=now), queries.unproven(at=now, reference=quoted)
    context = {
        "title": _("Objections"),
        "to_answer": to_answer,
        "to_prove": to_prove,
        "quoted": quoted,
        "files": files_of_objections(row.uid for row in (*to_answer, *to_prove)),
        "waiting_changes": count_waiting_changes(viewer=staff_user(request)),
        "may_confirm": staff_user(request).has_permission(Permission.SIGN_OFF),
    }
    return render_staff_page(request, "staff/objections.html", context)


@staff_page("keberatan/<int:pk>/pemilik/", name="confirm_possession", permission=Permission.SIGN_OFF)
@signin.step_up
@post_only
def confirm_possession(request: HttpRequest, pk: int) -> HttpResponseBase:
    objection = get_object_or_404(Objection, pk=pk)
    note, by_operator = request.POST.get("note", ""), "by_operator" in request.POST
    try:
        services.confirm_possession(
            objection, by=staff_user(request), note=note, at=timezone.now(), by_operator=by_operator
        )
        messages.success(request, _("Written down. The clock of the answer runs."))
    except DomainError as refusal:
        say_refused(request, refusal.message)
    return redirect("staff:objections")


@staff_page("keberatan/<int:pk>/pemilik/kedua/", name="second_possession", permission=Permission.SIGN_OFF)
@signin.step_up
@post_only
def second_possession(request: HttpRequest, pk: int) -> HttpResponseBase:
    objection = get_object_or_404(Objection, pk=pk)
    try:
        services.second_possession(objection, by=staff_user(request), at=timezone.now())
        messages.success(request, _("Written down. The holder can have the number lifted until the answer."))
    except DomainError as refusal:
        say_refused(request, refusal.message)
    return redirect("staff:objections")
