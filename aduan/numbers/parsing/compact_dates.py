"""Dates and times written without marks, as recordings and exports name them: "08122025 0700".

In Indonesia the digits of the eighth of November and December begin like a mobile number.
"""

from __future__ import annotations

import re
from typing import Final

_DAY: Final = r"(?:0[1-9]|[12][0-9]|3[01])"
_MONTH: Final = r"(?:0[1-9]|1[0-2])"
_DATE: Final = (
    rf"(?:20[12][0-9]{_MONTH}{_DAY}|{_DAY}{_MONTH}20[12][0-9]|{_DAY}{_MONTH}2[0-9]|2[0-9]{_MONTH}{_DAY})"
)
_TIME: Final = r"(?:[01][0-9]|2[0-3])[0-5][0-9](?:[0-5][0-9])?"
_ALONE: Final = (
    r"(?![0-9]|[ .-](?!\(?\+|0[1-9][0-9]{6}|62[0-9]{7})[0-9])"  # no digits go on, but for those of a number
)
_FILE: Final = r"\.(?:m4a|mp3|mp4|amr|3gpp?|wav|aac|ogg|opus|jpe?g|png|txt)\b"
_COMPACT: Final = re.compile(
    rf"(?:(?<![0-9])(?<![0-9][ .-])|(?<=[0-9])_){_DATE}(?:"
    rf"[ _T-]{{1,2}}{_TIME}{_ALONE}(?:{_FILE})?|{_FILE}"
    r"|(?=[ ]{1,2}(?:[01]?[0-9]|2[0-3])[:.][0-5][0-9](?![0-9]))"
    r"|(?=[ ]{1,2}\(?(?:\+|0[1-9]|62)[0-9][0-9 ().-]{7})"
    r")",
    re.IGNORECASE,
)
CLOCK: Final = re.compile(r"(?:[01][0-9]|2[0-3])[0-5][0-9]")


def compact_dates(text: str) -> list[tuple[int, int]]:
    """Where dates stand that a time or a whole number follows."""
    return [match.span() for match in _COMPACT.finditer(text)]
