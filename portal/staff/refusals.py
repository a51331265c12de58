"""The page of an act on a case that was refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.utils.translation import gettext as _

from portal.common.typed import typed_texts
from portal.staff.rendering import render_staff_page

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from django_stubs_ext import StrOrPromise

    from aduan.core.errors import DomainError


def action_denied(
    request: HttpRequest, refusal: DomainError, *, back: str, kept: bool = False
) -> HttpResponse:
    """Who was faster, what changed, or why this person may not. Nothing was done; `kept`: a draft was.

    What was typed stands on the page, to be copied into the next try.
    """
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
        "typed": [] if kept else typed_texts(request),
    }
    return render_staff_page(request, "staff/action_denied.html", context, status=refusal.status)


def say_refused(request: HttpRequest, message: StrOrPromise) -> None:
    """On the page that is shown next: what was wrong, and the texts of the form."""
    typed = "\n".join(typed_texts(request))
    wrote = _("You wrote: “%(text)s”") % {"text": typed} if typed else ""
    messages.error(request, f"{message} {wrote}".strip())
