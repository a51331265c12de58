"""From what a person writes in a field to a value: rupiah, and a moment in one of three time zones."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal, InvalidOperation
from typing import Any, Final
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

ZONES: Final = (("Asia/Jakarta", "WIB"), ("Asia/Makassar", "WITA"), ("Asia/Jayapura", "WIT"))
_NOON: Final = dt.time(12, 0)
_THOUSANDS: Final = {
    "rb": 10**3,
    "ribu": 10**3,
    "k": 10**3,
    "jt": 10**6,
    "juta": 10**6,
    "m": 10**9,
    "miliar": 10**9,
}
_AMOUNT: Final = re.compile(
    r"(?:rp|idr)?\.?\s*([0-9][0-9.,\s]{0,30}?)(?:,-)?\s*([a-z]{1,6})?\.?", re.IGNORECASE
)
_GROUPED: Final = re.compile(r"[0-9]{1,3}(?:[.,\s][0-9]{3})+(?:[.,][0-9]{1,2})?")


def rupiah(text: str) -> int | None:
    """ "Rp 1.500.000", "1500000", "1,5 juta", "500rb" → whole rupiah; None when it is no amount."""
    match = _AMOUNT.fullmatch(text.strip())
    if match is None or len(text) > 60:
        return None
    digits, unit = match[1].strip(), (match[2] or "").lower()
    if unit and unit not in _THOUSANDS:
        return None
    if _GROUPED.fullmatch(digits):
        digits = re.sub(r"[.,][0-9]{1,2}$", "", digits)
        digits = re.sub(r"[.,\s]", "", digits)
    try:
        amount = Decimal(re.sub(r"\s", "", digits).replace(",", "."))
    except InvalidOperation:
        return None
    return int(amount * _THOUSANDS.get(unit, 1))


class RupiahField(forms.CharField):
    """An amount of money as people write it."""

    default_error_messages = {"amount": _("This amount cannot be read. Write for example 1.500.000.")}

    def clean(self, value: Any) -> int | None:
        text = super().clean(value)
        if not text:
            return None
        amount = rupiah(text)
        if amount is None:
            raise forms.ValidationError(self.error_messages["amount"], code="amount")
        return amount


def moment(day: dt.date | None, time: dt.time | None, zone: str) -> dt.datetime | None:
    """When it happened. A day without a time is taken at noon, so that it stays this day in every zone."""
    if day is None:
        return None
    known = dict(ZONES)
    return dt.datetime.combine(day, time or _NOON, tzinfo=ZoneInfo(zone if zone in known else ZONES[0][0]))
