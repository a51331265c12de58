"""The page of an act on a case that was refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from portal.staff.rendering import render_staff_page

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from aduan.core.errors import DomainError


def action_denied(
    request: HttpRequest, refusal: DomainError, *, back: str, kept: bool = False
) -> HttpResponse:
    """Who was faster, what changed, or why this person may not. Nothing was done; `kept`: a draft was."""
    titles = {403: _("You may not do this"), 409: _("The case has moved on")}
    changed = refusal.details.get("changed", {})
    words = {
        "complaints": _("complaints"),
        "evidence": _("evidence items"),
        "confirmed": _("confirmed contacts"),
    }
    context = {
        "title": titles.get(refusal.status, _("This is not possible")),
        "refusal": refusal,
        "changed": refusal.code == "contents_changed",
        "changes": [(words[what], f"{difference:+d}") for what, difference in changed.items()],
        "back": back,
        "kept": kept,
    }
    return render_staff_page(request, "staff/action_denied.html", context, status=refusal.status)
