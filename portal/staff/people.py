"""Ministry staff: invite, propose what gives power, take it away. Operators have their own pages."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from aduan.accounts import services
from aduan.accounts.models import AccountChange, AccountPolicy, User
from aduan.accounts.queries import waiting_approvals
from aduan.accounts.roles import MINISTRY_ROLES, Permission, Role
from aduan.cases.services import withdraw_proposals_of
from aduan.complaints.services import record_conflicts_of
from aduan.core.errors import DomainError
from portal.common import signin
from portal.common.forms import add_form_error
from portal.staff.approval_terms import to_approval
from portal.staff.people_forms import ChangeReasonForm, IdentityForm, InvitationForm, PhoneForm, RolesForm
from portal.staff.rendering import render_staff_page, staff_user
from portal.staff.site import staff_page

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse, HttpResponseBase

    from aduan.accounts.models import ApprovalRequest


def _staff() -> Q:
    return Q(roles__overlap=sorted(MINISTRY_ROLES)) | Q(roles=[])


@staff_page(
    "orang/", name="people", permission=Permission.MANAGE_PEOPLE, title=gettext_lazy("People"), menu_order=80
)
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    everybody = list(User.objects.filter(_staff()).order_by("-is_active", "name", "pk"))
    waiting = AccountChange.objects.filter(state=AccountChange.State.PENDING)
    changing = set(waiting.values_list("person_id", flat=True))
    policy, now = AccountPolicy.current(), timezone.now()
    rows = [
        {
            "one": one,
            "roles": [Role(role).label for role in one.roles],
            "changing": one.pk in changing,
            "counts_from": _counts_from(one, policy, now),
        }
        for one in everybody
    ]
    context = {"title": _("People"), "rows": rows, "waiting": len(changing)}
    return render_staff_page(request, "staff/people.html", context)


def _counts_from(user: User, policy: AccountPolicy, now: dt.datetime) -> dt.datetime | None:
    """When signatures begin to count, if that is still to come."""
    moment = user.roles_granted_at and user.roles_granted_at + policy.waiting
    return moment if moment and moment > now else None


@staff_page("orang/undang/", name="invite", permission=Permission.MANAGE_PEOPLE)
@signin.step_up
@require_http_methods(["GET", "POST"])
def invite_user(request: HttpRequest) -> HttpResponseBase:
    form = InvitationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            invited = services.invite(
                **form.cleaned_data,
                by=staff_user(request),
                at=timezone.now(),
                step_up=signin.step_up_of(request),
            )
        except DomainError as refusal:
            add_form_error(form, refusal)
        else:
            record_conflicts_of(invited)
            messages.success(request, _("Proposed. Another administrator confirms it."))
            return redirect("staff:account_changes")
    return render_staff_page(
        request, "staff/invite.html", {"title": _("Invite a staff member"), "form": form}
    )


@staff_page("orang/<int:pk>/", name="person", permission=Permission.MANAGE_PEOPLE)
@signin.step_up
@require_http_methods(["GET", "POST"])
def one_person(request: HttpRequest, pk: int) -> HttpResponseBase:
    member = get_object_or_404(User.objects.filter(_staff()), pk=pk)
    act = request.POST.get("act", "")
    panels = _panels(request, member, act)
    sent = panels.get(act)
    try:
        if request.method == "POST" and (sent is None or sent.is_valid()):
            if sent is not None and act == "phone" and member.phone:
                return to_approval(request, _ask_phone(request, member, sent))
            said = _do(request, member, act, sent.cleaned_data if sent else {})
            messages.success(request, said)
            return redirect("staff:person", pk)
    except DomainError as refusal:
        if sent is None:
            messages.error(request, str(refusal.message))
            return redirect("staff:person", pk)
        add_form_error(sent, refusal)
    context = {
        "title": str(member),
        "member": member,
        "panels": panels,
        "sent": sent,
        "own": member.pk == staff_user(request).pk,
        "change": member.changes.filter(state=AccountChange.State.PENDING).first(),
        "counts_from": _counts_from(member, AccountPolicy.current(), timezone.now()),
        "has_second_factor": signin.has_second_factor(member),
        "waiting": waiting_approvals(viewer=staff_user(request), subject=f"user:{pk}"),
    }
    return render_staff_page(request, "staff/person.html", context)


def _panels(request: HttpRequest, member: User, act: str) -> dict[str, forms.Form]:
    """The forms of the page by the act they are for; the one that was sent is bound."""

    def made(kind: type[forms.Form], panel: str, start: dict[str, Any] | None = None) -> forms.Form:
        return kind(request.POST if act == panel else None, initial=start, auto_id=f"id_{panel}_%s")

    same = {"name": member.name, "email": member.email, "staff_number": member.staff_number}
    return {
        "roles": made(RolesForm, "roles", {"roles": member.roles}),
        "identity": made(IdentityForm, "identity", same),
        "phone": made(PhoneForm, "phone", {"phone": member.phone}),
        "second_factor": made(ChangeReasonForm, "second_factor"),
        "reactivate": made(ChangeReasonForm, "reactivate"),
    }


def _do(request: HttpRequest, member: User, act: str, given: dict[str, Any]) -> str:
    """One button of the page; returns what to tell the administrator."""
    by, now = staff_user(request), timezone.now()
    if act == "phone":
        closed = record_conflicts_of(services.set_phone(member, given["phone"], by=by, at=now))
        return _("Saved. Cases closed to them: %(count)d.") % {"count": closed}
    if act == "invite":
        if member.is_active and member.roles:
            signin.send_invitation(member)
        return _("The invitation is on its way to %(email)s.") % {"email": member.email}
    if act == "deactivate":
        left = services.deactivate(member, by=by, at=now)
    elif act == "roles" and set(given["roles"]) <= set(member.roles):
        left = services.take_roles(member, given["roles"], by=by, at=now)
    else:
        _propose(request, member, act, given)
        return _("Proposed. Another administrator confirms it.")
    count = withdraw_proposals_of(left, by=by, at=now)
    return _("Done, in force at once. Proposals of this person withdrawn: %(n)d.") % {"n": count}


def _ask_phone(request: HttpRequest, member: User, sent: forms.Form) -> ApprovalRequest:
    return services.request_phone(
        member,
        **sent.cleaned_data,
        by=staff_user(request),
        step_up=signin.step_up_of(request),
        at=timezone.now(),
    )


def _propose(request: HttpRequest, member: User, act: str, given: dict[str, Any]) -> None:
    step: dict[str, Any] = {
        "by": staff_user(request),
        "at": timezone.now(),
        "step_up": signin.step_up_of(request),
    }
    if act == "roles":
        services.propose_roles(member, given["roles"], reason=given["reason"], **step)
    elif act == "identity":
        services.propose_identity(member, **given, **step)
    elif act == "second_factor":
        services.propose_second_factor_reset(member, reason=given["reason"], **step)
    elif act == "reactivate":
        services.propose_reactivation(member, reason=given["reason"], **step)
