"""From what a person writes in a field to a value: rupiah, and a moment in one of three time zones."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from aduan.complaints.types import LINE_FIELDS

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

ZONES: Final = (("Asia/Jakarta", "WIB"), ("Asia/Makassar", "WITA"), ("Asia/Jayapura", "WIT"))
LOSS_TEXT_MAX: Final = LINE_FIELDS["loss_text"]
_NOON: Final = dt.time(12, 0)
_ZONES_APART: Final = dt.timedelta(hours=2)  # the clock of a phone in the east beside the zone of the west
_UNITS: Final = {
    "rb": 10**3,
    "ribu": 10**3,
    "ribuan": 10**3,
    "k": 10**3,
    "jt": 10**6,
    "juta": 10**6,
    "jutaan": 10**6,
    "m": 10**9,
    "miliar": 10**9,
    "milyar": 10**9,
    "miliaran": 10**9,
}
_NOTHING: Final = frozenset({"tidak ada", "tdk ada", "belum ada", "nihil", "none", "nothing"})
_ABOUT: Final = re.compile(r"^(?:sekitar|kira-?kira|kurang lebih|lebih kurang|hampir|about|±|~)\s*")
_CURRENCY: Final = re.compile(r"^(?:rp|idr)\.?\s*|(?:rupiah|,-)$")
_PART: Final = re.compile(
    r"([0-9][0-9.,]*(?: [0-9]{3}(?![0-9]))*) ?([a-z]{1,8})?\.?(?: |$|(?<=[a-z])(?=[0-9]))"
)
_GROUPED: Final = re.compile(r"[0-9]{1,3}(?:[., ][0-9]{3})+(?:[.,][0-9]{1,2})?")
_ONE_GROUP: Final = re.compile(r"[0-9]{1,3}[.,][0-9]{3}")
_PLAIN: Final = re.compile(r"[0-9]+")
_DECIMAL: Final = re.compile(r"[0-9]+[.,][0-9]{1,3}")
_MOST: Final = 10**13  # rupiah: beyond it the amount is kept as text


def rupiah(text: str) -> int | None:
    """ "Rp 1.500.000", "3 jt 500 rb", "sekitar 2 jutaan" → whole rupiah; None where no amount is sure."""
    if len(text) > 60:
        return None
    words = " ".join(text.lower().split())
    if words in _NOTHING:
        return 0
    words = _CURRENCY.sub("", _CURRENCY.sub("", _ABOUT.sub("", words)).strip()).strip()
    amounts, at = [], 0
    while at < len(words):
        part = _PART.match(words, at)
        amount = part and _amount(part[1], part[2] or "")
        if part is None or amount is None:
            return None
        amounts.append((amount, bool(part[2])))
        at = part.end()
    if not amounts or (len(amounts) > 1 and not all(unit for _amount_of, unit in amounts)):
        return None
    if [amount for amount, _unit in amounts] != sorted((one for one, _unit in amounts), reverse=True):
        return None
    total = sum(amount for amount, _unit in amounts)
    return total if total <= _MOST else None


def _amount(digits: str, unit: str) -> int | None:
    """One figure with its unit; None where it could be several amounts: "1,5" without a unit."""
    if unit and unit not in _UNITS:
        return None
    digits = digits.rstrip(".,")
    if _UNITS.get(unit, 1) >= 10**6 and _ONE_GROUP.fullmatch(digits):
        return None  # "1.250 jt" is a million and a quarter, or a thousand times as much
    if _GROUPED.fullmatch(digits):
        return int(re.sub(r"[., ]", "", re.sub(r"[.,][0-9]{1,2}$", "", digits))) * _UNITS.get(unit, 1)
    if _PLAIN.fullmatch(digits):
        return int(digits) * _UNITS.get(unit, 1)
    if unit and _DECIMAL.fullmatch(digits):
        return int(Decimal(digits.replace(",", ".")) * _UNITS[unit])
    return None


class RupiahField(forms.CharField):
    """An amount of money as people write it: a number, or the text itself where no amount is sure.

    It never holds a complaint up: what cannot be read is kept as it was written.
    """

    def clean(self, value: Any) -> int | str | None:
        text = super().clean(value)
        if not text:
            return None
        amount = rupiah(text)
        return " ".join(text.split())[:LOSS_TEXT_MAX] if amount is None else amount


def moment(day: dt.date | None, time: dt.time | None, zone: str) -> dt.datetime | None:
    """When it happened. A day without a time is taken at noon, so that it stays this day in every zone."""
    if day is None:
        return None
    known = dict(ZONES)
    return dt.datetime.combine(day, time or _NOON, tzinfo=ZoneInfo(zone if zone in known else ZONES[0][0]))


def to_come(data: Mapping[str, Any]) -> Iterator[tuple[str, StrOrPromise]]:
    """The field with a day or a time that is still to come, and what to say there."""
    day, time, latest = data.get("occurred_on"), data.get("occurred_time"), timezone.now() + _ZONES_APART
    if day is None:
        return
    at = moment(day, time, data.get("zone") or "")
    if day > timezone.localdate(latest):
        yield "occurred_on", _("This date is still to come.")
    elif time and at and at > latest:
        yield "occurred_time", _("This time is still to come. Was it the day before?")
