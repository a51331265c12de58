"""Asking or closing many cases with one reason: each is listed, each can be left out. Never a block."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from aduan.accounts.roles import Permission
from aduan.cases import services
from aduan.cases.models import Case
from aduan.cases.models.case import case_reference
from aduan.cases.workflow import CaseAction
from aduan.complaints.models import Evidence
from aduan.complaints.number_spellings import spellings_of, typed_numbers
from aduan.core.errors import DomainError
from portal.common import signin
from portal.common.methods import post_only
from portal.staff.case_summaries import evidence_by_case, stories_by_case
from portal.staff.forms import CaseActionForm, reasons_for
from portal.staff.refusals import action_denied
from portal.staff.rendering import parse_id, render_staff_page, staff_user
from portal.staff.site import staff_page
from portal.staff.undo import UNDO, offer_undo_of_many

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponseBase

    from aduan.cases.services import BulkResult

MOST = 100
PICTURES = 4


@staff_page("antrean/bersama/", name="bulk", permission=Permission.DECIDE)
@post_only
def bulk(request: HttpRequest) -> HttpResponseBase:
    """First the list to confirm, then, with a reason and a fresh proof of identity, the act."""
    return _bulk_proved(request) if "confirmed" in request.POST else _bulk(request)


def _bulk(request: HttpRequest) -> HttpResponseBase:
    action = {"ask": CaseAction.ASK, "dismiss": CaseAction.DISMISS}.get(request.POST.get("step", ""))
    keys = [key for text in request.POST.getlist("cases")[:MOST] if (key := parse_id(text))]
    cases = list(Case.objects.filter(pk__in=keys).select_related("operator").order_by("-score", "-pk"))
    if action is None or not cases:
        messages.info(request, _("Mark at least one case first."))
        return redirect("staff:queue")
    listed = [services.SelectedCase(case, _seen(request, case)) for case in cases]
    confirmed = "confirmed" in request.POST
    reasons = reasons_for("")
    form = CaseActionForm(request.POST if confirmed else None, reasons=reasons.offered[action])
    if confirmed and form.is_valid():
        service = services.bulk_request_information if action == CaseAction.ASK else services.bulk_dismiss
        given = {name: form.cleaned_data[name] for name in ("reason_code", "note", "notice")}
        now = timezone.now()
        try:
            result = service(listed, by=staff_user(request), at=now, undo_within=UNDO, **given)
        except DomainError as refusal:
            return action_denied(request, refusal, back=reverse("staff:queue"))
        return _tell(request, result, at=now)
    read = [one.case.pk for one in listed]
    services.record_views(read, by=staff_user(request), at=timezone.now())
    context: dict[str, Any] = {
        "title": _("Ask many for more") if action == CaseAction.ASK else _("Close many without action"),
        "listed": _with_contents(listed),
        "form": form,
        "reason_notices": reasons.notices,
        "step": request.POST["step"],
        "action": action,
    }
    return render_staff_page(request, "staff/bulk.html", context, status=400 if confirmed else 200)


def _with_contents(listed: list[services.SelectedCase]) -> list[dict[str, Any]]:
    """Each case with what was reported and shown: what cannot be read here is not closed from here."""
    keys = [one.case.pk for one in listed]
    stories, files, typed = stories_by_case(keys), evidence_by_case(keys), typed_numbers(keys)
    return [
        {
            "case": one.case,
            "seen_digest": one.seen_digest,
            "spellings": spellings_of(typed[one.case.pk], one.case.number_text),
            "story": stories.get(one.case.pk, ""),
            "pictures": [item for item in files[one.case.pk] if item.medium == Evidence.Medium.IMAGE][
                :PICTURES
            ],
        }
        for one in listed
    ]


_bulk_proved = signin.step_up(_bulk)


def _seen(request: HttpRequest, case: Case) -> str:
    """The digest on the page that was confirmed; on the first page the case's own of now."""
    if "confirmed" in request.POST:
        return request.POST.get(f"seen-{case.pk}", "")
    return case.contents_digest


def _tell(request: HttpRequest, result: BulkResult, *, at: dt.datetime) -> HttpResponseBase:
    if result.done:
        count = len(result.done)
        done = ngettext("%(n)d case done.", "%(n)d cases done.", count) % {"n": count}
        offer_undo_of_many(request, result.done, done, at=at)
    for key, refusal in result.refused[:20]:
        messages.warning(request, f"{case_reference(key)}: {refusal.message}")
    return redirect("staff:queue")
