"""Organisations that receive lists or referrals: how a platform is reached, and who manages access there.

Both are asked for here, and done when a second person approves (portal.staff.approvals). Everyone else at an
organisation is invited by its first person. Its number ranges are in the register.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import Count, Q
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from aduan.accounts.queries import waiting_approvals
from aduan.accounts.roles import Permission
from aduan.blocklists.models import Download
from aduan.core.errors import DomainError
from aduan.operators import members
from aduan.operators.models import AccessKey, Operator
from aduan.referrals import queries, services
from aduan.referrals.models import PlatformContact
from portal.common import signin
from portal.common.forms import add_form_error
from portal.staff.approval_terms import to_approval
from portal.staff.organisation_forms import ContactForm, FirstPersonForm, PlatformForm
from portal.staff.rendering import render_staff_page, staff_user
from portal.staff.site import staff_page

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse, HttpResponseBase

    from aduan.accounts.models import ApprovalRequest

TITLE = gettext_lazy("Operators and platforms")


@staff_page(
    "organisasi/", name="organisations", permission=Permission.VIEW_REGISTER, title=TITLE, menu_order=74
)
@require_safe
def organisations(request: HttpRequest) -> HttpResponse:
    active = Q(members__user__is_active=True)
    everyone = Operator.objects.annotate(
        people=Count("members", filter=active, distinct=True),
        managing=Count("members", filter=active & Q(members__manages_keys=True), distinct=True),
    ).order_by("kind", "name")
    contacts = {contact.platform_id: contact for contact in PlatformContact.objects.all()}
    context = {
        "title": TITLE,
        "rows": [(one, contacts.get(one.pk)) for one in everyone],
        "may_edit": staff_user(request).has_permission(Permission.EDIT_REGISTER),
    }
    return render_staff_page(request, "staff/organisations.html", context)


@staff_page("organisasi/baru/", name="platform_new", permission=Permission.EDIT_REGISTER)
@signin.step_up
@require_http_methods(["GET", "POST"])
def new_platform(request: HttpRequest) -> HttpResponseBase:
    form = PlatformForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            asked = services.request_platform(form.data_of(), **_signer(request))
        except DomainError as refusal:
            add_form_error(form, refusal)
        else:
            return to_approval(request, asked)
    context = {"title": _("New platform"), "form": form}
    return render_staff_page(request, "staff/platform_new.html", context)


@staff_page("organisasi/<int:pk>/", name="organisation", permission=Permission.VIEW_REGISTER)
@signin.step_up
@require_http_methods(["GET", "POST"])
def one_organisation(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Its people and how it is reached; each of the two forms has a permission of its own."""
    organisation = get_object_or_404(Operator, pk=pk)
    act, panels = request.POST.get("act", ""), _panels(request, organisation)
    sent = panels.get(act)
    if request.method == "POST" and sent is not None and sent.is_valid():
        try:
            return to_approval(request, _ask(request, organisation, sent))
        except DomainError as refusal:
            add_form_error(sent, refusal)
    context = {
        "title": str(organisation),
        "organisation": organisation,
        "people": members.people_of(organisation),
        "keys": AccessKey.objects.filter(operator=organisation, revoked_at=None).count(),
        "fetched": Download.objects.filter(operator=organisation, complete=True).order_by("-pk").first(),
        "panels": panels,
        "sent": sent,
        "waiting": waiting_approvals(viewer=staff_user(request), subject=f"operator:{pk}"),
    }
    return render_staff_page(request, "staff/organisation.html", context)


def _panels(request: HttpRequest, organisation: Operator) -> dict[str, forms.Form]:
    """The forms that this person may use here, by the act they are for; the one that was sent is bound."""
    by, act = staff_user(request), request.POST.get("act", "")
    panels: dict[str, forms.Form] = {}
    reached = organisation.kind == Operator.Kind.OTT and not organisation.is_sandbox
    if reached and by.has_permission(Permission.EDIT_REGISTER):
        panels["contact"] = ContactForm(
            request.POST if act == "contact" else None,
            initial=ContactForm.initial_of(queries.contact_of(organisation)),
            auto_id="id_contact_%s",
        )
    if by.has_permission(Permission.MANAGE_PEOPLE) and members.needs_first_person(organisation):
        panels["invite"] = FirstPersonForm(request.POST if act == "invite" else None, auto_id="id_invite_%s")
    return panels


def _ask(request: HttpRequest, organisation: Operator, sent: forms.Form) -> ApprovalRequest:
    if isinstance(sent, ContactForm):
        return services.request_contact(organisation, sent.data_of(organisation), **_signer(request))
    return members.request_first(organisation, **sent.cleaned_data, **_signer(request))


def _signer(request: HttpRequest) -> dict[str, Any]:
    return {"by": staff_user(request), "step_up": signin.step_up_of(request), "at": timezone.now()}
