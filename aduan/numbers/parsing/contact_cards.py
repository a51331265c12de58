"""The one number of a contact card (vCard) that was pasted into a field."""

from __future__ import annotations

import re
from typing import Final

from aduan.numbers.parsing.candidates import candidates

_NUMBER: Final = re.compile(
    r"(?<![^\s.])TEL(?:;[^:\n]{1,80}+)?:(?:tel:)?(?P<number>[+0-9(][0-9 ().-]{5,24}[0-9])(?![^\s;,])"
)


def number_of_card(text: str) -> str | None:
    """The number in its place, and blanks for all else; None when there are none, several, or others."""
    if "TEL;" not in text and "VCARD" not in text:
        return None
    found = list(_NUMBER.finditer(text))
    if len({match["number"].strip() for match in found}) != 1:
        return None
    start = found[0].start("number")
    rest = _NUMBER.sub(" \n ", text)
    if any(True for _other in candidates(rest, limit=5)):
        return None  # none is chosen
    return (" " * start + found[0]["number"]).ljust(len(text))
