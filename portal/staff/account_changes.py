"""Changes of accounts that wait for a second administrator: the list, and settling one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from aduan.accounts import services
from aduan.accounts.models import AccountChange, AccountPolicy, User
from aduan.accounts.roles import WAITING_ROLES, Permission
from aduan.cases.services import announce_new_decider
from aduan.complaints.services import record_conflicts_of
from aduan.core.errors import DomainError
from portal.common import signin
from portal.common.methods import post_only
from portal.staff.refusals import action_denied
from portal.staff.rendering import render_staff_page, staff_user
from portal.staff.site import staff_page

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse, HttpResponseBase

SETTLED_SHOWN = 20


@staff_page(
    "orang/usulan/",
    name="account_changes",
    permission=Permission.MANAGE_PEOPLE,
    title=gettext_lazy("Pending grants"),
    menu_order=60,
)
@require_safe
def account_changes(request: HttpRequest) -> HttpResponse:
    by = staff_user(request)
    known = AccountChange.objects.select_related("person", "proposed_by", "settled_by")
    pending = known.filter(state=AccountChange.State.PENDING).order_by("pk")
    context = {
        "title": _("Pending grants"),
        "rows": [(one, _hindrance(one, by)) for one in pending],
        "settled": known.exclude(state=AccountChange.State.PENDING).order_by("-settled_at")[:SETTLED_SHOWN],
        "policy": AccountPolicy.current(),
    }
    return render_staff_page(request, "staff/account_changes.html", context)


def _hindrance(change: AccountChange, by: User) -> str:
    """Why this administrator cannot confirm it; empty when they can."""
    if by.same_human(change.proposed_by):
        return _("You proposed this. Another administrator has to confirm it.")
    if by.same_human(change.person):
        return _("This is about yourself. Two other administrators settle it.")
    return ""


@staff_page("orang/usulan/<int:pk>/", name="settle_account_change", permission=Permission.MANAGE_PEOPLE)
@signin.step_up
@post_only
def settle_account_change(request: HttpRequest, pk: int) -> HttpResponseBase:
    change = get_object_or_404(AccountChange, pk=pk)
    by, now = staff_user(request), timezone.now()
    try:
        if request.POST.get("answer") == "confirm":
            step_up = signin.step_up_of(request)
            _follow_up(services.confirm_account_change(change, by=by, at=now, step_up=step_up))
            messages.success(request, _("Confirmed. It is in force."))
        else:
            services.refuse_account_change(change, by=by, at=now)
            messages.success(request, _("Ended. Nothing was changed."))
    except DomainError as refusal:
        return action_denied(request, refusal, back=reverse("staff:account_changes"))
    return redirect("staff:account_changes")


def _follow_up(change: AccountChange) -> None:
    """What other packages do in the same transaction."""
    person = change.person
    record_conflicts_of(person)
    if change.kind == AccountChange.Kind.SECOND_FACTOR:
        signin.remove_second_factor(person)
    elif WAITING_ROLES.intersection(person.roles) and change.kind != AccountChange.Kind.IDENTITY:
        announce_new_decider(person, at=change.settled_at or timezone.now())
    if not person.has_usable_password():
        signin.send_invitation(person)
