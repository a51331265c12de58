"""Forms of the pages about the ministry's people."""

from __future__ import annotations

from collections.abc import Iterable

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aduan.accounts.roles import MINISTRY_ROLES, Role
from aduan.accounts.services import REASON_MAX
from aduan.numbers.kinds import NumberKind
from aduan.numbers.parsing import Refused, parse

STAFF_ROLES = [(role.value, role.label) for role in Role if role.value in MINISTRY_ROLES]


class ChangeReasonForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=REASON_MAX,
        required=False,
        help_text=gettext_lazy(
            "The second administrator reads it. Not needed where something is taken away."
        ),
        widget=forms.Textarea({"class": "form-control", "rows": 2}),
    )


class PhoneForm(ChangeReasonForm):
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


class RolesForm(ChangeReasonForm):
    roles = forms.MultipleChoiceField(
        label=gettext_lazy("Roles"),
        choices=STAFF_ROLES,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    field_order: Iterable[str] = ("roles", "reason")


class IdentityForm(ChangeReasonForm):
    name = forms.CharField(
        label=gettext_lazy("Name"), max_length=120, widget=forms.TextInput({"class": "form-control"})
    )
    email = forms.EmailField(
        label=gettext_lazy("Official e-mail"),
        max_length=254,
        widget=forms.EmailInput({"class": "form-control"}),
    )
    staff_number = forms.CharField(
        label=gettext_lazy("Staff number"),
        max_length=30,
        help_text=gettext_lazy("One per person: it makes sure that nobody signs twice."),
        widget=forms.TextInput({"class": "form-control"}),
    )
    field_order: Iterable[str] = ("name", "email", "staff_number", "reason")


class InvitationForm(IdentityForm, RolesForm):
    field_order = ("name", "email", "staff_number", "roles", "reason")
