"""What was entered, a row for each thing, for looking over before sending."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from aduan.complaints import categories
from aduan.complaints.types import LINE_FIELDS, Channel
from portal.common.amounts import in_rupiah
from portal.public.fields import ZONES
from portal.public.forms import ComplaintForm

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

# In the order of the summary: the field of the form, and what its row is called.
_STORY: Final[dict[str, StrOrPromise]] = {
    "other_numbers": _("More numbers"),
    "channel": _("Reached you by"),
    "category": _("Kind of scam"),
    "occurred_on": _("When"),
    "narrative": _("Message or conversation"),
    "loss": _("Money lost"),
    "link": _("Link"),
    "bank_account": _("Account or e-wallet"),
}
_CONTACT: Final[dict[str, StrOrPromise]] = {
    "contact_email": _("Your e-mail"),
    "contact_phone": _("Your mobile number"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """`target` is the id of the control, or of the group of choices, in which it is changed."""

    name: StrOrPromise
    value: str
    target: str


def rows_of(form: ComplaintForm) -> list[Row]:
    """The rows of a valid form that hold something."""
    further = {name: form.fields[name].label or "" for name in LINE_FIELDS if name in form.fields}
    names = _STORY | {name: label for name, label in further.items() if name not in _STORY} | _CONTACT
    rows = [Row(name, _value(form, field), f"id_{field}") for field, name in names.items()]
    return [row for row in rows if row.value]


def _value(form: ComplaintForm, field: str) -> str:
    data = form.cleaned_data
    match field:
        case "other_numbers":
            return "\n".join(one.number.display for one in form.also)
        case "channel":
            return str(Channel(data["channel"]).label)
        case "category":
            return str(categories.named(data["category"]).words)
        case "occurred_on":
            return _moment(form)
        case "loss" if isinstance(data["loss"], int):
            return in_rupiah(data["loss"])
        case _:
            return str(data[field] or "")


def _moment(form: ComplaintForm) -> str:
    data = form.cleaned_data
    day = data["occurred_on"] and date_format(data["occurred_on"], "l, j F Y")
    time = data["occurred_time"] and f"{data['occurred_time']:%H.%M}"
    zone = time and str(dict(ZONES).get(data["zone"], ZONES[0][1]))
    return ", ".join(filter(None, [day, " ".join(filter(None, [time, zone]))]))
