"""Ministry staff: invite, give roles, deactivate. Operators' people are on the operators' pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from aduan.accounts import services
from aduan.accounts.models import User
from aduan.accounts.roles import MINISTRY_ROLES, Permission, Role
from aduan.complaints.services import record_conflicts_of
from aduan.core.errors import DomainError
from aduan.numbers.kinds import NumberKind
from aduan.numbers.parsing import Refused, parse
from portal.common import signin
from portal.common.forms import add_form_error
from portal.staff.rendering import render_staff_page, staff_user
from portal.staff.site import staff_page

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse, HttpResponseBase

STAFF_ROLES = [(role.value, role.label) for role in Role if role.value in MINISTRY_ROLES]


class PhoneForm(forms.Form):
    """Any spelling of a mobile number; gives E.164, or nothing."""

    phone = forms.CharField(
        label=gettext_lazy("Own mobile number (optional)"),
        required=False,
        max_length=40,
        help_text=gettext_lazy(
            "Nobody works on a case in which their own number complained or was reported."
        ),
        widget=forms.TextInput({"class": "form-control", "inputmode": "tel", "autocomplete": "off"}),
    )

    def clean_phone(self) -> str:
        text = self.cleaned_data["phone"].strip()
        if not text:
            return ""
        try:
            number = parse(text)
        except Refused as refused:
            raise forms.ValidationError(str(refused.message)) from refused
        if number.kind != NumberKind.MOBILE:
            raise forms.ValidationError(_("Please give a mobile number."))
        return number.canonical


class RolesForm(forms.Form):
    roles = forms.MultipleChoiceField(
        label=gettext_lazy("Roles"), choices=STAFF_ROLES, widget=forms.CheckboxSelectMultiple
    )


class InvitationForm(RolesForm):
    email = forms.EmailField(
        label=gettext_lazy("Official e-mail"),
        max_length=254,
        widget=forms.EmailInput({"class": "form-control"}),
    )
    name = forms.CharField(
        label=gettext_lazy("Name"), max_length=120, widget=forms.TextInput({"class": "form-control"})
    )
    staff_number = forms.CharField(
        label=gettext_lazy("Staff number"),
        max_length=30,
        help_text=gettext_lazy("One per person: it makes sure that nobody signs twice."),
        widget=forms.TextInput({"class": "form-control"}),
    )
    field_order = ("name", "email", "staff_number", "roles")


def _staff() -> Q:
    return Q(roles__overlap=sorted(MINISTRY_ROLES)) | Q(roles=[])


@staff_page(
    "orang/", name="people", permission=Permission.MANAGE_PEOPLE, title=gettext_lazy("People"), menu_order=80
)
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    everybody = User.objects.filter(_staff()).order_by("-is_active", "name", "pk")
    rows = [{"one": one, "roles": [Role(role).label for role in one.roles]} for one in everybody]
    return render_staff_page(request, "staff/people.html", {"title": _("People"), "rows": rows})


@staff_page("orang/undang/", name="invite", permission=Permission.MANAGE_PEOPLE)
@signin.step_up
@require_http_methods(["GET", "POST"])
def invite_user(request: HttpRequest) -> HttpResponseBase:
    form = InvitationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            invited = services.invite(**form.cleaned_data, by=staff_user(request), at=timezone.now())
        except DomainError as refusal:
            add_form_error(form, refusal)
        else:
            record_conflicts_of(invited)
            _send(request, invited)
            return redirect("staff:person", invited.pk)
    return render_staff_page(
        request, "staff/invite.html", {"title": _("Invite a staff member"), "form": form}
    )


@staff_page("orang/<int:pk>/", name="person", permission=Permission.MANAGE_PEOPLE)
@signin.step_up
@require_http_methods(["GET", "POST"])
def one_person(request: HttpRequest, pk: int) -> HttpResponseBase:
    member = get_object_or_404(User.objects.filter(_staff()), pk=pk)
    act = request.POST.get("act")
    form = RolesForm(request.POST if act == "roles" else None, initial={"roles": member.roles})
    phone = PhoneForm(request.POST if act == "phone" else None, initial={"phone": member.phone})
    sent = phone if phone.is_bound else form
    try:
        if request.method == "POST" and _done(request, member, sent):
            return redirect("staff:person", pk)
    except DomainError as refusal:
        if not sent.is_bound:
            messages.error(request, str(refusal.message))
            return redirect("staff:person", pk)
        add_form_error(sent, refusal)
    own = member.pk == staff_user(request).pk
    context = {"title": str(member), "member": member, "form": form, "phone": phone, "own": own}
    return render_staff_page(request, "staff/person.html", context)


def _done(request: HttpRequest, member: User, form: forms.Form) -> bool:
    """One button of the person's page. False when the form has to be shown again."""
    act, by, now = request.POST.get("act"), staff_user(request), timezone.now()
    if act in ("roles", "phone") and not form.is_valid():
        return False
    if act == "roles":
        services.give_roles(member, form.cleaned_data["roles"], by=by, at=now)
        messages.success(request, _("Saved. It counts from the next page that they open."))
    elif act == "phone":
        member = services.set_phone(member, form.cleaned_data["phone"], by=by, at=now)
        closed = record_conflicts_of(member)
        messages.success(request, _("Saved. Cases closed to them: %(count)d.") % {"count": closed})
    elif act == "deactivate":
        services.deactivate(member, by=by, at=now)
        messages.success(request, _("Deactivated. All their sessions end with their next request."))
    elif act == "reactivate":
        record_conflicts_of(services.reactivate(member, by=by, at=now))
        messages.success(request, _("Active again."))
    elif act == "invite" and member.is_active:
        _send(request, member)
    return True


def _send(request: HttpRequest, member: User) -> None:
    signin.send_invitation(member)
    messages.success(request, _("The invitation is on its way to %(email)s.") % {"email": member.email})
