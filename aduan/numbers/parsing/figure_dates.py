"""Dates, times and opening hours beside a number: whether figures of that shape have such values."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from aduan.numbers.parsing import figure_words
from aduan.numbers.parsing.compact_dates import CLOCK
from aduan.numbers.parsing.shape import Shape

_NO: Final = ""
_GOES_ON: Final = re.compile(r"[S.-]\(?\+?D")
_LONGEST_MONTH: Final = 2
_UNTIL: Final = frozenset(("-", "s/d", "sd", "sampai", "hingga"))
_LONGEST_UNTIL: Final = 6  # words, marks and spaces, with the figure behind them
_WHOLE: Final = 9  # digits in one piece that begin a number of their own


def within(text: str, lowest: int, highest: int) -> bool:
    return len(text) <= 2 and lowest <= int(text) <= highest


def _is_clock(parts: list[str]) -> bool:
    return within(parts[0], 0, 24) and all(len(part) == 2 and part < "60" for part in parts[1:])


def _is_date(parts: list[str]) -> bool:
    first, second, third = parts
    if len(first) == 4:
        return first[:2] in ("19", "20") and within(second, 1, 12) and within(third, 1, 31)
    year = len(third) == 2 or (len(third) == 4 and third[:2] in ("19", "20"))
    return within(first, 1, 31) and within(second, 1, 12) and year


def _date(shape: Shape, start: int, end: int) -> str:
    parts = shape.texts[start:end:2]
    if len(parts[1]) > _LONGEST_MONTH:
        return _NO  # "0812-3456-7890"
    dotted = shape.letters[start + 1] == "."
    return "date" if _is_date(parts) or (dotted and _is_clock(parts)) else _NO


def _stamp(shape: Shape, start: int, end: int) -> str:
    return "date" if _is_date(shape.figures(start, end)[:3]) else _NO


def _month(shape: Shape, start: int, end: int) -> str:
    return "date" if within(shape.figures(start, end)[0], 1, 31) else _NO


def _monthday(shape: Shape, start: int, end: int) -> str:
    """ "Dec 8, 2025" and "Sept 2025"."""
    day, *year = shape.figures(start, end)
    if not year:
        return "date" if within(day, 1, 31) or is_year(day) else _NO
    return "date" if within(day, 1, 31) and is_year(year[0]) else _NO


def _hours(shape: Shape, start: int, end: int) -> str:
    first, last = shape.figures(start, end)
    return "date" if within(first, 0, 24) and within(last, 1, 24) else _NO


def with_rest(kind: str, shape: Shape, end: int) -> int:
    """Where "8 Des 2025" ends, of which "8 Des" ends at `end`; and "08-12-2025 0700" with its time."""
    if kind == "at":
        return _with_end_of_span(shape, end)
    index = end + (shape.letters[end : end + 1] == "S")
    if shape.letters[index : index + 1] != "D":
        return end
    follows = shape.texts[index]
    if kind == "date":
        return index + 1 if _is_compact_clock(shape, index) else end
    return index + 1 if kind == "month" and (is_year(follows) or _is_short_year(shape, index)) else end


def _with_end_of_span(shape: Shape, end: int) -> int:
    """ "jam 0812 - 1630": the second time, when both are written without marks."""
    index = shape.letters.find("D", end, end + _LONGEST_UNTIL)
    if index < 0 or not CLOCK.fullmatch(shape.texts[end - 1]) or not _is_compact_clock(shape, index):
        return end
    return index + 1 if "".join(shape.texts[end:index]).strip().lower() in _UNTIL else end


def _is_short_year(shape: Shape, index: int) -> bool:
    """ "28 Nov 26", unless a number may go on behind it."""
    year = shape.texts[index]
    return len(year) == 2 and year[0] == "2" and _GOES_ON.match(shape.letters, index + 1) is None


def _clock(shape: Shape, start: int, end: int) -> str:
    if "-" in shape.letters[start:end]:
        first, second, third, fourth = shape.figures(start, end)
        return "date" if _is_clock([first, second]) and _is_clock([third, fourth]) else _NO
    parts = shape.figures(start, end)
    lasted = len(parts) == 2 and shape.letters[start + 1] == ":" and within(parts[0], 0, 99)
    return "date" if _is_clock(parts) or (lasted and _is_clock(["0", parts[1]])) else _NO  # a call of 27:27


def _minutes(shape: Shape, start: int, end: int) -> str:
    """ "20'" and "45\"" are minutes and seconds, unless the mark closes what another has opened."""
    mark = shape.texts[start + 1]
    short = all(within(part, 0, 99) for part in shape.figures(start, end))
    return "date" if short and mark not in shape.texts[:start] else _NO


def _at(shape: Shape, start: int, end: int) -> str:
    parts = shape.figures(start, end)
    if len(parts) == 3 and _is_date(parts):
        return "date"
    if len(parts) == 1 and shape.texts[start].lower() in figure_words.SINCE and is_year(parts[0]):
        return "date"
    if len(parts) == 1 and (within(parts[0], 1, 31) or _is_compact_clock(shape, end - 1)):
        return "date"
    return "date" if _is_clock(parts) else _NO


def _is_compact_clock(shape: Shape, index: int) -> bool:
    """ "0700", unless a number may go on behind it: "08-12-2025 0812 345 678", "at 0821 0000 3553"."""
    if not CLOCK.fullmatch(shape.texts[index]):
        return False
    follows = _GOES_ON.match(shape.letters, index + 1)
    return follows is None or len(shape.texts[follows.end() - 1]) >= _WHOLE


def _zoned(shape: Shape, start: int, _end: int) -> str:
    """ "0700 WIB", "9 pm"."""
    time = shape.texts[start]
    return "date" if within(time, 0, 24) or CLOCK.fullmatch(time) else _NO


def _year(shape: Shape, start: int, end: int) -> str:
    named = shape.texts[start].lower() in figure_words.YEARS and is_year(shape.figures(start, end)[0])
    return "date" if named else _NO


def is_year(text: str) -> bool:
    return len(text) == 4 and text[:2] in ("19", "20")


DATE_CHECKS: Final[dict[str, Callable[[Shape, int, int], str]]] = {
    "stamp": _stamp, "date": _date, "month": _month, "monthday": _monthday, "clock": _clock, "at": _at,
    "hours": _hours, "minutes": _minutes, "year": _year, "zoned": _zoned,
}  # fmt: skip
