"""Public warnings: drafts from decided campaigns, what waits for the second person, what is public."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from aduan.accounts.roles import Permission
from aduan.complaints.categories import label_of
from aduan.core.errors import DomainError
from aduan.statistics import queries, services
from aduan.statistics.models import PublicWarning
from portal.common import signin
from portal.common.methods import post_only
from portal.staff.refusals import action_denied
from portal.staff.rendering import render_staff_page, staff_user
from portal.staff.site import staff_page

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse, HttpResponseBase

    from aduan.statistics.drafts import GrowingFraud


@staff_page(
    "peringatan/",
    name="warnings",
    permission=Permission.EDIT_REASONS,
    title=gettext_lazy("Public warnings"),
    menu_order=74,
)
@require_safe
def warnings(request: HttpRequest) -> HttpResponse:
    drafts = queries.growing_frauds(at=timezone.now())
    return _page(request, [(label_of(one.category), one, None) for one in drafts])


def _page(
    request: HttpRequest, drafts: list[tuple[str, GrowingFraud, DomainError | None]], *, status: int = 200
) -> HttpResponse:
    by = staff_user(request)
    context = {
        "title": _("Public warnings"),
        "drafts": drafts,
        "waiting": [
            (label_of(one.category), one, one.written_by_id != by.pk) for one in queries.waiting_warnings()
        ],
        "in_force": [(label_of(one.category), one) for one in queries.warnings_in_force(at=timezone.now())],
    }
    return render_staff_page(request, "staff/warnings.html", context, status=status)


@staff_page("peringatan/tulis/", name="write_warning", permission=Permission.EDIT_REASONS)
@post_only
def write_warning(request: HttpRequest) -> HttpResponseBase:
    given = {name: request.POST.get(name, "") for name in ("category", "text_id", "text_en")}
    try:
        services.write_warning(**given, by=staff_user(request), at=timezone.now())
    except DomainError as refusal:
        return _refused(request, given, refusal)
    messages.success(request, _("Written. A second person releases it."))
    return redirect("staff:warnings")


def _refused(request: HttpRequest, given: dict[str, str], refusal: DomainError) -> HttpResponse:
    """The page again, with the texts as they were typed and what is wrong with them."""
    drafts = queries.growing_frauds(at=timezone.now())
    if given["category"] not in {one.category for one in drafts}:
        return action_denied(request, refusal, back=reverse("staff:warnings"))
    shown: list[tuple[str, GrowingFraud, DomainError | None]] = []
    for one in drafts:
        typed = replace(one, text_id=given["text_id"], text_en=given["text_en"])
        is_this = one.category == given["category"]
        shown.append((label_of(one.category), typed if is_this else one, refusal if is_this else None))
    return _page(request, shown, status=refusal.status)


@staff_page("peringatan/<int:pk>/", name="warning_action", permission=Permission.EDIT_REASONS)
@signin.step_up
@post_only
def warning_action(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Releases or ends one, by the name of the button."""
    warning = get_object_or_404(PublicWarning, pk=pk)
    act = services.release_warning if request.POST.get("act") == "release" else services.end_warning
    try:
        act(warning, by=staff_user(request), at=timezone.now())
    except DomainError as refusal:
        return action_denied(request, refusal, back=reverse("staff:warnings"))
    messages.success(request, _("Public from now on.") if act is services.release_warning else _("Ended."))
    return redirect("staff:warnings")
