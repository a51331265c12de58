"""A day as people say it: "kemarin", "2 hari lalu", "27 Nopember". Where the day is not sure, none."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from aduan.complaints.reading import day_of

_PART_OF_DAY: Final = r"(?: (?:pagi|siang|sore|malam))?"
_SAID: Final = (
    (
        re.compile(r"(?:hari ini|tadi(?: (?:pagi|siang|sore))?|barusan|today)"),
        0,
    ),  # "tadi malam" may be two days
    (re.compile(rf"(?:kemarin{_PART_OF_DAY}|kmrn|yesterday)"), 1),
    (re.compile(r"(?:kemarin lusa|kemarin dulu|dua hari (?:yang )?lalu)"), 2),
)
_AGO: Final = re.compile(r"([0-9]{1,3}) (?:hari (?:yang )?lalu|days? ago)")
_WRITTEN: Final = re.compile(r"(?:tgl\.?|tanggal)? ?([0-9]{1,2}) ([a-z]{3,9})\.?(?: ([0-9]{4}))?")
_MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            "januari jan january",
            "februari pebruari feb february",
            "maret mar march",
            "april apr",
            "mei may",
            "juni jun june",
            "juli jul july",
            "agustus agu agt ags aug august",
            "september sep sept",
            "oktober okt oct october",
            "november nopember nov nop",
            "desember des dec december",
        ),
        1,
    )
    for name in names.split()
}


def day(text: str, *, today: dt.date) -> dt.date | None:
    """A date without its year is the last such day."""
    words = " ".join(text.lower().split())
    for said, ago in _SAID:
        if said.fullmatch(words):
            return today - dt.timedelta(days=ago)
    if match := _AGO.fullmatch(words):
        return today - dt.timedelta(days=int(match[1]))
    match = _WRITTEN.fullmatch(words)
    return day_of(match[1], _MONTHS.get(match[2]), match[3], today) if match else None


class DayField(forms.DateField):
    """A date in figures, as browsers send it, or in words where a browser shows a plain field."""

    def to_python(self, value: Any) -> dt.date | None:
        try:
            return super().to_python(value)
        except ValidationError:
            if isinstance(value, str) and (found := day(value, today=timezone.localdate())):
                return found
            raise
