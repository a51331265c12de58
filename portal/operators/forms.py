"""The forms of operators' people: they translate what was typed and decide nothing."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from aduan.operators.models import AccessKey
from aduan.operators.webhooks import SUBSCRIBABLE

LIVES = [(30, _("30 days")), (90, _("90 days")), (180, _("180 days")), (365, _("365 days"))]
OVERLAPS = [(1, _("1 day")), (3, _("3 days")), (7, _("7 days"))]


class PlainForm(forms.Form):
    """Dressed for our style sheet."""

    use_required_attribute = False  # our own words instead of the browser's, in the page's language

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            kind = "form-select" if isinstance(field.widget, forms.Select) else "form-control"
            if not isinstance(field.widget, (forms.CheckboxInput, forms.RadioSelect)):
                wrong = " is-invalid" if self.is_bound and name in self.errors else ""
                field.widget.attrs.setdefault("class", kind + wrong)


def _scopes(*offered: AccessKey.Scope) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=_("The key may"),
        choices=[(scope.value, scope.label) for scope in offered],
        initial=[AccessKey.Scope.LIST_READ, AccessKey.Scope.REPORT_WRITE],
        widget=forms.CheckboxSelectMultiple,
    )


class KeyForm(PlainForm):
    name = forms.CharField(
        label=_("Name"),
        max_length=80,
        help_text=_("The machine that will use the key, for example “HLR gateway Jakarta”."),
    )
    scopes = _scopes(*AccessKey.Scope)
    networks = forms.CharField(
        label=_("Allowed addresses"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false", "autocomplete": "off"}),
        help_text=_(
            "One IP address or network a line, for example 203.0.113.0/24. From elsewhere the key is refused "
            "and you are told. Left empty, the key is good from everywhere."
        ),
    )
    life = forms.TypedChoiceField(label=_("Good for"), choices=LIVES, coerce=int, initial=90)

    def service_arguments(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {
            "name": data["name"],
            "scopes": data["scopes"],
            "networks": data["networks"].replace(",", "\n").splitlines(),
            "life": dt.timedelta(days=data["life"]),
        }


class PlatformKeyForm(KeyForm):
    """A platform gives out no numbers: none of its own has a new holder."""

    scopes = _scopes(AccessKey.Scope.LIST_READ, AccessKey.Scope.REPORT_WRITE)


class RotateForm(PlainForm):
    overlap = forms.TypedChoiceField(
        label=_("The old key stays good for"), choices=OVERLAPS, coerce=int, initial=7
    )


class SecretForm(PlainForm):
    overlap = forms.TypedChoiceField(
        label=_("The old secret signs beside it for"), choices=OVERLAPS, coerce=int, initial=7
    )


class PersonForm(PlainForm):
    name = forms.CharField(label=_("Name"), max_length=120)
    email = forms.EmailField(
        label=_("E-mail"), max_length=254, help_text=_("The link to set a password goes there.")
    )
    staff_number = forms.CharField(
        label=_("Staff number"),
        max_length=16,
        help_text=_("Your organisation's number for this person. One person has one log-in."),
    )
    manages = forms.BooleanField(label=_("May manage keys, webhooks and people"), required=False)


class WebhookForm(PlainForm):
    url = forms.CharField(
        label=_("Address"),
        max_length=500,
        widget=forms.URLInput(attrs={"placeholder": "https://", "autocomplete": "off"}),
        help_text=_("An https:// address that is reachable from the internet."),
    )
    events = forms.MultipleChoiceField(
        label=_("Tell us when"),
        choices=[(event.value, event.label) for event in SUBSCRIBABLE],
        initial=[event.value for event in SUBSCRIBABLE],
        widget=forms.CheckboxSelectMultiple,
    )
