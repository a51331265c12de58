"""Import of ranges: paste or upload, see what would change and what follows, then do it."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from aduan.accounts.roles import Permission
from aduan.cases import services as cases
from aduan.core.errors import DomainError
from aduan.core.periods import local_date
from aduan.operators.services import imports
from portal.common import signin
from portal.common.forms import add_form_error
from portal.staff.register.forms import ImportForm
from portal.staff.register.range_effects import PreviewedEffects, change_or_ask, preview_effects
from portal.staff.rendering import render_staff_page, staff_user
from portal.staff.site import staff_page

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponseBase


@staff_page("register/impor/", name="range_import", permission=Permission.EDIT_REGISTER)
@signin.step_up
@require_http_methods(["GET", "HEAD", "POST"])
def import_ranges(request: HttpRequest) -> HttpResponseBase:
    """The first POST shows, the second one, with the digest of what was shown, does."""
    form = ImportForm(request.POST or None, request.FILES or None)
    context = {"title": _("Import ranges"), "form": form}
    if request.method != "POST" or not form.is_valid():
        return render_staff_page(request, "staff/register/import.html", context)
    text, reason = form.cleaned_data["text"], form.cleaned_data["reason"]
    try:
        changes = imports.read_csv(text)
        digest = _digest(text, changes)
        if request.POST.get("confirmed") == digest:
            waits = change_or_ask(request, cases.terms_to_import(text), reason=reason)
            if waits is None:
                messages.success(request, _("The ranges were taken over."))
            return waits or redirect("staff:register")
        effect = None if _faults(changes) else _effect(request, text, reason, changes)
    except DomainError as refusal:
        add_form_error(form, refusal)
        return render_staff_page(request, "staff/register/import.html", context)
    shown = [change for change in changes if change.action != "same"]
    context |= {
        "changes": shown,
        "same": len(changes) - len(shown),
        "faults": _faults(changes),
        "effect": effect,
        "text": text,
        "reason": reason,
        "digest": digest,
        "stale": bool(request.POST.get("confirmed")),
    }
    return render_staff_page(request, "staff/register/preview.html", context)


def _digest(text: str, changes: list[imports.Change]) -> str:
    """Of the file and of what it means today: if the register changes meanwhile, it is shown anew."""
    return hashlib.sha256((text + cases.meaning_of(changes)).encode()).hexdigest()


def _faults(changes: list[imports.Change]) -> int:
    return sum(change.action == "error" for change in changes)


def _effect(request: HttpRequest, text: str, reason: str, changes: list[imports.Change]) -> PreviewedEffects:
    """On the day on which the last of the changes is in force."""
    now = timezone.now()
    days = [
        day for change in changes if change.action != "same" for day in (change.since, change.until) if day
    ]
    on = max([local_date(now), *days])
    by = staff_user(request)
    return preview_effects(lambda: imports.apply(text, reason=reason, by=by, at=now), on=on)
