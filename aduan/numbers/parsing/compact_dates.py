"""Dates and times written without marks, as recordings and exports name them: "08122025 0700".

In Indonesia the digits of the eighth of November and December begin like a mobile number.
"""

from __future__ import annotations

import re
from typing import Final

_MONTH: Final = r"(?:0[1-9]|1[0-2])"
_DAY: Final = r"(?:0[1-9]|[12][0-9]|3[01])"
# Behind the first digit: year first, or day first, or as recordings have it ("251208").
_DATE: Final = (
    rf"[0-3](?<![0-9].)(?<![0-9)][ .-].)(?:(?<=2)0[12][0-9]{_MONTH}{_DAY}"
    rf"|(?:(?<=0)[1-9]|(?<=[12])[0-9]|(?<=3)[01]){_MONTH}2(?:0[12][0-9]|[0-9])|(?<=2)[0-9]{_MONTH}{_DAY})"
)
_TIME: Final = r"(?:[01][0-9]|2[0-3])[0-5][0-9](?:[0-5][0-9])?"
_ALONE: Final = r"(?![0-9]|[ .-](?!\(?\+|0[1-9][0-9]{6}|62[0-9]{7})[0-9])"  # nothing but a number may follow
_FILE: Final = r"\.(?:m4a|mp3|mp4|amr|3gpp?|wav|aac|ogg|opus|jpe?g|png|txt)\b"
_COMPACT: Final = re.compile(
    rf"{_DATE}(?:"
    rf"[ _T-]{{1,2}}{_TIME}{_ALONE}(?:{_FILE})?|{_FILE}"
    r"|(?=[ ]{1,2}(?:[01]?[0-9]|2[0-3])[:.][0-5][0-9](?![0-9]))"
    r"|(?=[ ]{1,2}\(?(?:\+|0[1-9]|62)[0-9][0-9 ().-]{7})"
    r")",
    re.IGNORECASE,
)
_SHORTEST: Final = re.compile(r"[0-3][0-9]{5}")
CLOCK: Final = re.compile(r"(?:[01][0-9]|2[0-3])[0-5][0-9]")


def compact_dates(text: str) -> list[tuple[int, int]]:
    """Where dates stand that a time or a whole number follows, or the end of a file's name."""
    if not _SHORTEST.search(text):
        return []
    return [(_begin(text, match.start()), match.end()) for match in _COMPACT.finditer(text)]


def _begin(text: str, start: int) -> int:
    """In "0812…_20251208.m4a" the line between them belongs to the date."""
    return start - 1 if text[start - 2 : start - 1].isdigit() and text[start - 1] == "_" else start
