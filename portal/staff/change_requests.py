"""What waits for a second person: releases, answers to owners, protections. Each with the blocks that end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from aduan.accounts.queries import waiting_approvals
from aduan.accounts.roles import Permission
from aduan.appeals import services as appeals
from aduan.cases import queries, services
from aduan.cases.models import ChangeRequest
from aduan.complaints import services as complaints
from aduan.complaints import tickets
from aduan.complaints.models import Complaint
from aduan.complaints.number_spellings import spellings_of, typed_numbers_of
from aduan.core.errors import DomainError, Invalid
from portal.common import signin
from portal.common.forms import add_form_error
from portal.staff.forms import ComparedForm, TextForm
from portal.staff.refusals import action_denied
from portal.staff.rendering import render_staff_page, staff_user
from portal.staff.site import staff_page

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse, HttpResponseBase

    from aduan.cases.queries import ChangePage
    from aduan.complaints.number_spellings import Spelling


@staff_page(
    "orang-kedua/",
    name="change_requests",
    permission=Permission.VIEW_REGISTER,
    title=gettext_lazy("Second person"),
    menu_order=12,
)
@require_safe
def change_requests(request: HttpRequest) -> HttpResponse:
    """The work list, oldest first: an innocent number is cut until another person has looked."""
    context = {
        "title": _("Waiting for a second person"),
        "rows": queries.waiting_changes(viewer=staff_user(request)),
        "approvals": waiting_approvals(viewer=staff_user(request)),
    }
    return render_staff_page(request, "staff/change_requests.html", context)


@staff_page("orang-kedua/<int:pk>/", name="change_request", permission=Permission.VIEW_REGISTER)
@signin.step_up
@require_http_methods(["GET", "HEAD", "POST"])
def change_request(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One request: what ends, why, and the second person's word over exactly that."""
    viewer = staff_user(request)
    try:
        page = queries.change_page(pk, viewer=viewer)
    except ChangeRequest.DoesNotExist as error:
        raise Http404 from error
    step = request.POST.get("step", "")
    form = TextForm(request.POST if step == "decline" else None)
    confirming = ComparedForm(request.POST if step == "confirm" else None)
    if request.method == "POST":
        try:
            if step == "confirm":
                if confirming.is_valid():
                    return _confirm(request, page)
            elif form.is_valid():
                return _decline(request, page, form.cleaned_data["reason"])
        except Invalid as refusal:
            add_form_error(form, refusal)
        except DomainError as refusal:
            return action_denied(request, refusal, back=reverse("staff:change_request", args=[pk]))
    context = {
        "title": _title(page),
        "page": page,
        "asked": page.request,
        "form": form,
        "confirming": confirming,
        "spellings": _spellings(page),
        "told": _complaint(page),
    }
    refused = form.is_bound or confirming.is_bound
    return render_staff_page(request, "staff/change_request.html", context, status=400 if refused else 200)


def _spellings(page: ChangePage) -> list[Spelling]:
    case = page.request.case
    return spellings_of(typed_numbers_of(case), case.number_text) if case is not None else []


def _complaint(page: ChangePage) -> dict[str, str] | None:
    """The complaint that a request about its number names."""
    found = Complaint.objects.filter(ticket=page.request.ticket).first() if page.request.ticket else None
    return {"shown": tickets.show(found.ticket), "narrative": found.narrative} if found else None


def _confirm(request: HttpRequest, page: ChangePage) -> HttpResponseBase:
    asked = page.request
    given: dict[str, Any] = {
        "by": staff_user(request),
        "step_up": signin.step_up_of(request),
        "at": timezone.now(),
        "seen_digest": request.POST.get("seen", ""),
    }
    service = {
        ChangeRequest.Kind.RELEASE: services.confirm_release,
        ChangeRequest.Kind.OBJECTION: appeals.confirm_answer,
        ChangeRequest.Kind.PROTECT: services.confirm_protection,
        ChangeRequest.Kind.UNPROTECT: services.confirm_protection,
        **dict.fromkeys(ChangeRequest.OF_NUMBERS, complaints.confirm_number_change),
    }[ChangeRequest.Kind(asked.kind)]
    service(asked, **given)
    done = {
        ChangeRequest.Kind.RELEASE: _(
            "It has ended. Those who were asked to act get the list or letter that says so."
        ),
        ChangeRequest.Kind.OBJECTION: _("The owner has an answer."),
        ChangeRequest.Kind.PROTECT: _("The number is protected, and its blocks have ended."),
        ChangeRequest.Kind.UNPROTECT: _("The protection has ended. No block came back."),
        **dict.fromkeys(
            ChangeRequest.OF_NUMBERS, _("Done. The complainants hear where their complaint is now.")
        ),
    }[ChangeRequest.Kind(asked.kind)]
    messages.success(request, done)
    return redirect("staff:change_requests")


def _decline(request: HttpRequest, page: ChangePage, reason: str) -> HttpResponseBase:
    services.decline_change(page.request, by=staff_user(request), at=timezone.now(), reason=reason)
    messages.success(request, _("Withdrawn.") if page.own else _("Not confirmed. Nothing has changed."))
    return redirect("staff:change_requests")


def _title(page: ChangePage) -> str:
    asked = page.request
    if asked.kind == ChangeRequest.Kind.OBJECTION and not asked.upheld:
        return _("Answer an objection: the block or hold stays")
    return {
        ChangeRequest.Kind.RELEASE: _("Release a block"),
        ChangeRequest.Kind.OBJECTION: _("Answer an objection: the block or hold ends"),
        ChangeRequest.Kind.PROTECT: _("Protect a number"),
        ChangeRequest.Kind.UNPROTECT: _("End a protection"),
        ChangeRequest.Kind.MOVE: _("Put a complaint under another number"),
        ChangeRequest.Kind.SPLIT: _("Put a complaint under a second number too"),
        ChangeRequest.Kind.MERGE: _("Put a whole case under another number"),
    }[ChangeRequest.Kind(asked.kind)]
