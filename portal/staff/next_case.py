"""The case that a person is given next, and the one that they give back by asking for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from aduan.accounts.roles import Permission
from aduan.cases import services
from aduan.core.errors import DomainError
from aduan.teamwork.queries import is_away
from portal.common.methods import post_only
from portal.staff.refusals import action_denied
from portal.staff.rendering import parse_id, staff_user
from portal.staff.site import staff_page

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponseBase


@staff_page("berikutnya/", name="next_case", permission=Permission.VIEW_CASES)
@post_only
def next_case(request: HttpRequest) -> HttpResponseBase:
    """The next case; the one it was asked from, `skipped`, is free again at once."""
    if (skipped := parse_id(request.POST.get("skipped"))) is not None:
        services.skip_case(skipped, by=staff_user(request), at=timezone.now())
    return to_next_case(request, "agree" if request.POST.get("task") == "signature" else "propose")


def to_next_case(request: HttpRequest, step: str) -> HttpResponseBase:
    """The most urgent case that no one holds: for a signature after a signature, else for a first look."""
    by, now = staff_user(request), timezone.now()
    if is_away(by, at=now):
        messages.warning(request, _("No case is given to you while you are marked away."))
        return redirect("staff:queue")
    signing = step in {"agree", "disagree"}
    try:
        case = services.next_case(by=by, at=now, task="signature" if signing else "first")
    except DomainError as refusal:
        return action_denied(request, refusal, back=reverse("staff:queue"))
    if case is None:
        words = _("Nothing waits for your signature.") if signing else _("No open case is free right now.")
        messages.info(request, words)
        return redirect("staff:queue")
    return redirect("staff:case", case.pk)
