"""Whether "5/6/26" is the fifth of June or the sixth of May: by what stands around it, else both."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from aduan.complaints.reading import dates

_PAIR: Final = re.compile(
    r"(?<![0-9./-])([0-9]{1,2})/([0-9]{1,2})(?=/(?:20)?[0-9]{2}(?![0-9./-])|,?\s[0-9]{1,2}[.:][0-9]{2})"
)
_TWELVE_HOURS: Final = re.compile(r"[0-9][.:][0-9]{2}\s?[ap]\.?m(?!\w)", re.IGNORECASE)


def has_twelve_hours(text: str) -> bool:
    """Whether a clock of twelve hours stands in it: who has one may have the month first as well."""
    return _TWELVE_HOURS.search(text) is not None


def days_of(texts: Sequence[str], *, today: dt.date, american: bool) -> list[tuple[dt.date, ...]]:
    """The first day of each text; two, the day first and the month first, where nothing tells."""
    return _each(_read(texts, today, american=american))


def days_of_chat(heads: Sequence[str], *, today: dt.date, american: bool) -> list[tuple[dt.date, ...]]:
    """The same for heads of messages: a chat goes on from day to day, and none of its days is to come."""
    orders = _read(heads, today, american=american)
    return _each([days for days in orders if _goes_forward(days)] or orders)


def _each(orders: Sequence[Sequence[dt.date | None]]) -> list[tuple[dt.date, ...]]:
    return [tuple(dict.fromkeys(day for day in days if day)) for days in zip(*orders, strict=True)]


def _read(texts: Sequence[str], today: dt.date, *, american: bool) -> list[list[dt.date | None]]:
    return [
        [dates.date_in(text, today=today, month_first=first) for text in texts]
        for first in _orders(texts, american=american)
    ]


def _orders(texts: Sequence[str], *, american: bool) -> tuple[bool, ...]:
    """Whether the month stands first: figures over 12 tell, and that Americans write no 0 before one."""
    pairs = [pair for text in texts if (pair := _PAIR.search(text))]
    if any(int(pair[2]) > 12 for pair in pairs):
        return (True,)
    day_first = any(int(pair[1]) > 12 or "0" in (pair[1][0], pair[2][0]) for pair in pairs)
    return (False, True) if american and not day_first else (False,)


def _goes_forward(days: Sequence[dt.date | None]) -> bool:
    known = [day for day in days if day is not None]
    return len(known) == len(days) and all(before <= day for before, day in pairwise(known))
