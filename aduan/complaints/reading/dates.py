"""Dates and amounts as chats show them: "12 November 2026", "13/8/2026", "HARI INI", "Rp 1,5 juta"."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal, InvalidOperation
from typing import Final

_MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            "jan",
            "feb",
            "mar",
            "apr",
            "mei may",
            "jun",
            "jul",
            "agu ags agt aug",
            "sep",
            "okt oct",
            "nov",
            "des dec",
        ),
        1,
    )
    for name in names.split()
}
_WRITTEN: Final = re.compile(
    r"(?<![0-9])([0-3]?[0-9])[ .-]{1,2}([A-Za-z]{3,9})\.?,?(?:\s(20[0-9]{2}))?(?![0-9])"
)
_AMERICAN: Final = re.compile(r"\b([A-Za-z]{3,9})\s([0-3]?[0-9]),\s(20[0-9]{2})")
_FIGURES: Final = re.compile(r"(?<![0-9/.-])([0-3]?[0-9])[/.-]([01]?[0-9])[/.-]((?:20)?[0-9]{2})(?![0-9/.-])")
_MONTH_FIRST: Final = re.compile(
    r"(?<![0-9/.-])([01]?[0-9])/(1[3-9]|2[0-9]|3[01])/((?:20)?[0-9]{2})(?![0-9/.-])"
)
# "25/11 21.15": messages that were copied on a telephone, rows of a call log.
_NO_YEAR: Final = re.compile(r"^\W{0,2}([0-3]?[0-9])/([0-3]?[0-9]),?\s(?=[0-9]{1,2}[.:][0-9]{2}(?![0-9/]))")
_YEAR_FIRST: Final = re.compile(r"(?<![0-9/.-])(20[0-9]{2})[/.-]([01]?[0-9])[/.-]([0-3]?[0-9])(?![0-9/.-])")
_TIME: Final = re.compile(
    r"(?<![0-9.:/])([01]?[0-9]|2[0-3])[.:]([0-5][0-9])(?:[.:][0-5][0-9])?(?![0-9/]|[.:][0-9])(?:\s?([AP])\.?M\b)?",
    re.IGNORECASE,
)
_DAYS: Final = {"hari ini": 0, "today": 0, "kemarin": 1, "yesterday": 1}
_SUM: Final = r"([0-9][0-9.,]{0,18}[0-9]|[0-9])"
# Without "Rp" a unit says that it is money; "k" only close to its figures ("150k", not "4 k").
_AMOUNT: Final = re.compile(
    rf"(?<![^\W_])(?:rp|idr)\.?\s?{_SUM}(?:,-)?\s?(rb|ribu|k|jt|juta|m|mil(?:i|y)ar)?(?:an)?(?![^\W_])"
    rf"|(?<![\w.,/@-]){_SUM}(?:\s?(rb|ribu|jt|juta|mil(?:i|y)ar)(?:an)?|(?<=[0-9][0-9])(k))(?!\w)",
    re.IGNORECASE,
)
_TWO_UNITS: Final = re.compile(
    r"(?<![\w.,-])([0-9]{1,3})\s?(?:jt|juta)\s([0-9]{1,3})\s?(?:rb|ribu)(?!\w)", re.IGNORECASE
)
_TIMES: Final = {"rb": 10**3, "ribu": 10**3, "k": 10**3, "jt": 10**6, "juta": 10**6}
_LEAST: Final = 1_000  # rupiah


def date_in(text: str, *, today: dt.date, month_first: bool = False) -> dt.date | None:
    """The first date of a line; one without a year is the last such day. Never in the future."""
    for name, ago in _DAYS.items():
        if name in text.casefold():
            return today - dt.timedelta(days=ago)
    for day, month, year in _candidates(text, month_first=month_first):
        found = day_of(day, month, year, today)
        if found is not None and found <= today:
            return found
    return None


def is_from_today(text: str) -> bool:
    """Whether the day is counted from the one on which the text was shown: "today", "yesterday"."""
    return any(name in text.casefold() for name in _DAYS)


def _candidates(text: str, *, month_first: bool) -> list[tuple[str, int | None, str | None]]:
    found: list[tuple[str, int | None, str | None]] = []
    found += [(m[1], _MONTHS.get(m[2][:3].lower()), m[3]) for m in _WRITTEN.finditer(text)]
    found += [(m[2], _MONTHS.get(m[1][:3].lower()), m[3]) for m in _AMERICAN.finditer(text)]
    found += [(m[2], int(m[1]), m[3]) for m in _MONTH_FIRST.finditer(text)]
    found += [(m[3], int(m[2]), m[1]) for m in _YEAR_FIRST.finditer(text)]
    figures = [(m[1], m[2], m[3]) for m in _FIGURES.finditer(text)]
    figures += [(m[1], m[2], None) for m in _NO_YEAR.finditer(text)]
    return found + [(b, int(a), year) if month_first else (a, int(b), year) for a, b, year in figures]


def day_of(day: str, month: int | None, year: str | None, today: dt.date) -> dt.date | None:
    """The date of these figures, without a year the last such day; None where there is no such day."""
    if month is None:
        return None
    try:
        if year is not None:
            return dt.date(int(year) + (2000 if len(year) == 2 else 0), month, int(day))
        this = dt.date(today.year, month, int(day))
        return this if this <= today else this.replace(year=today.year - 1)
    except ValueError:
        return None


def time_in(text: str) -> str:
    """The first time of a line as HH:MM, or nothing."""
    match = _TIME.search(text)
    return hour_and_minute(match[1], match[2], match[3]) if match else ""


def hour_and_minute(hour: str, minute: str, half: str | None) -> str:
    """HH:MM; `half` is the A or P of a clock of twelve hours."""
    whole = int(hour)
    if half and 1 <= whole <= 12:
        whole = whole % 12 + (12 if half.lower() == "p" else 0)
    return f"{whole:02}:{minute}"


def amounts_in(text: str) -> list[int]:
    """The sums that a text names in rupiah, each once, in reading order."""
    text = _TWO_UNITS.sub(lambda m: f"{int(m[1]) * 1000 + int(m[2])} ribu", text)
    sums = (_rupiah(m[1] or m[3], (m[2] or m[4] or m[5] or "").lower()) for m in _AMOUNT.finditer(text))
    return list(dict.fromkeys(filter(None, sums)))


def _rupiah(digits: str, unit: str) -> int:
    if not unit or re.fullmatch(r"[0-9]{1,3}(?:[.,][0-9]{3})+", digits):
        digits = re.sub(r"[.,](?=[0-9]{3}(?:[.,]|$))", "", digits)
        digits = re.sub(r"[.,][0-9]{1,2}$", "", digits)
    try:
        amount = Decimal(digits.replace(",", "."))
    except InvalidOperation:
        return 0
    whole = int(amount * _TIMES.get(unit, 10**9 if unit else 1))
    return whole if _LEAST <= whole < 10**12 else 0
