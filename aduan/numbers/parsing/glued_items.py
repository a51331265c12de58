"""The numbers of a list that stand directly before its telephone numbers: "1.0812… 2.0813…"."""

from __future__ import annotations

import re
from typing import Final

_ITEM: Final = re.compile(
    r"(?<!\S)(?P<number>[1-9][0-9]?)[.)](?=(?:0|\+?62[ -]?)8[1-9][0-9](?:[ -]?[0-9]){6})"
)
_SPACES: Final = 3  # are looked back over


def glued_items(text: str) -> list[tuple[int, int]]:
    """Where they stand. Behind other digits only the next number of the list is one.

    In "0812 345 67.0813…" the 67 belongs to the number in front.
    """
    if not (".0" in text or ")0" in text or ".6" in text or ")6" in text or ".+" in text or ")+" in text):
        return []
    found: list[tuple[int, int]] = []
    following = 0
    for match in _ITEM.finditer(text):
        start = match.start()
        number = int(match["number"])
        digits_before = text[max(0, start - _SPACES) : start].rstrip(" ")[-1:].isdigit()
        if not digits_before or number == following:
            found.append(match.span())
            following = number + 1
    return found
