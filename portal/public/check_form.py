"""One number to be looked up. A spelling that is refused offers what may be meant, without scripts too."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from aduan.numbers.parsing import Parsed, Refused, parse
from portal.public.forms import PlainForm
from portal.public.number_offers import meant_by


class CheckForm(PlainForm):
    number = forms.CharField(
        label=_("Phone number"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "tel"}),
    )

    def __init__(self, data: QueryDict | None = None, **options: Any) -> None:
        super().__init__(_with_choice(data) if data is not None else None, **options)
        self.offered: list[Parsed] = []

    def clean_number(self) -> Parsed:
        text = self.cleaned_data["number"]
        if not text.strip():
            raise forms.ValidationError(_("Please type the number."), code="empty")
        try:
            return parse(text)
        except Refused as refusal:
            self.offered = meant_by(refusal, text)
            raise forms.ValidationError(str(refusal.message), code=refusal.code) from refusal


def _with_choice(data: QueryDict) -> QueryDict:
    """A number picked from those we offered stands in the field from then on."""
    if chosen := data.get("chosen", ""):
        data = data.copy()
        data["number"] = chosen
    return data


def typed_number(data: QueryDict) -> str:
    """What the field holds, as it was sent."""
    return data.get("chosen") or data.get("number", "")
