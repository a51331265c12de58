"""The forms of the register's pages; services decide."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from aduan.operators.models import NumberRange, Operator

TEXT = {"class": "form-control"}
DAY = {"class": "form-control", "type": "date"}


def operators() -> Any:
    return Operator.objects.exclude(kind=Operator.Kind.OTT)


class ReasonForm(forms.Form):
    """Every change says why."""

    reason = forms.CharField(
        label=_("Why"), max_length=300, widget=forms.TextInput(TEXT), help_text=_("Kept for good.")
    )


class EndForm(ReasonForm):
    on = forms.DateField(label=_("First day on which it no longer holds"), widget=forms.DateInput(DAY))
    field_order = ("on", "reason")


class TransferForm(ReasonForm):
    to = forms.ModelChoiceField(
        label=_("New operator"),
        queryset=Operator.objects.none(),
        widget=forms.Select({"class": "form-select"}),
    )
    on = forms.DateField(label=_("From this day on"), widget=forms.DateInput(DAY))
    source = forms.CharField(label=_("Where it is written"), max_length=300, widget=forms.TextInput(TEXT))
    field_order = ("to", "on", "source", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = operators()  # type: ignore[attr-defined]


class RangeForm(ReasonForm):
    digits = forms.CharField(
        label=_("Prefix"),
        max_length=14,
        widget=forms.TextInput(TEXT),
        help_text=_("For example 0811 or 62811."),
    )
    status = forms.ChoiceField(
        label=_("Status"), choices=NumberRange.Status.choices, widget=forms.Select({"class": "form-select"})
    )
    operator = forms.ModelChoiceField(
        label=_("Operator"),
        queryset=Operator.objects.none(),
        required=False,
        widget=forms.Select({"class": "form-select"}),
    )
    brand = forms.CharField(label=_("Brand"), max_length=120, required=False, widget=forms.TextInput(TEXT))
    since = forms.DateField(
        label=_("First day"),
        required=False,
        widget=forms.DateInput(DAY),
        help_text=_("Leave empty when nobody knows since when."),
    )
    until = forms.DateField(
        label=_("First day after"),
        required=False,
        widget=forms.DateInput(DAY),
        help_text=_("Empty: still valid."),
    )
    source = forms.CharField(label=_("Where it is written"), max_length=300, widget=forms.TextInput(TEXT))
    field_order = ("digits", "status", "operator", "brand", "since", "until", "source", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["operator"].queryset = operators()  # type: ignore[attr-defined]


class ImportForm(ReasonForm):
    file = forms.FileField(
        label=_("CSV file"),
        required=False,
        widget=forms.FileInput({"class": "form-control", "accept": ".csv,text/csv"}),
        help_text=_("Columns: prefix, operator, brand, status, since, until, source, note."),
    )
    table = forms.CharField(
        label=_("Or paste the lines"),
        required=False,
        widget=forms.Textarea({"class": "form-control code", "rows": 8}),
    )
    field_order = ("file", "table", "reason")

    def clean(self) -> dict[str, Any]:
        """`text`: what was uploaded, else what was pasted."""
        data = super().clean() or {}
        file = data.get("file")
        try:
            data["text"] = file.read(1_000_000).decode("utf-8-sig") if file else data.get("table", "")
        except UnicodeDecodeError:
            self.add_error("file", _("The file is not UTF-8 text."))
        if not data.get("text", "").strip() and not self.errors:
            self.add_error("file", _("Choose a file or paste its lines."))
        return data


class SettleForm(ReasonForm):
    operator = forms.ModelChoiceField(
        label=_("Operator of this number"),
        queryset=Operator.objects.none(),
        required=False,
        empty_label=_("The register is right"),
        widget=forms.Select({"class": "form-select"}),
    )
    field_order = ("operator", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["operator"].queryset = operators()  # type: ignore[attr-defined]


PROTECTED_KINDS: Final = [
    ("emergency", _("emergency")),
    ("government", _("government")),
    ("bank", _("bank")),
    ("operator", _("operator")),
    ("utility", _("utility")),
    ("other", _("other")),
]


class ProtectForm(ReasonForm):
    number = forms.CharField(
        label=_("Number, code or sender name"),
        max_length=40,
        widget=forms.TextInput(TEXT),
        help_text=_("A trailing * protects all numbers that begin so."),
    )
    owner = forms.CharField(label=_("Owner"), max_length=200, widget=forms.TextInput(TEXT))
    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=PROTECTED_KINDS,
        widget=forms.Select({"class": "form-select"}),
    )
    source = forms.CharField(label=_("Where it is written"), max_length=300, widget=forms.TextInput(TEXT))
    field_order = ("number", "owner", "kind", "source", "reason")
