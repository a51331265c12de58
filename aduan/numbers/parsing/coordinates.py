"""Places on a map, as Indonesia's are written: "-6.2088, 106.8456". No number is made of their digits."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

# Eleven degrees south to six north, 94 to 142 east. "62" begins at the latitude of Jakarta.
_DEGREES: Final = re.compile(r"(?<![0-9.,+])-?(?:1[01]|[0-9])\Z")
# Begins with the point, so that the search skips to it.
_FROM_POINT: Final = re.compile(
    r"\.(?<=[0-9].)[0-9]{2,16}(?:\s?[,;]\s?|\s)(?:9[4-9]|1[0-4][0-9])\.[0-9]{2,16}(?![0-9])"
)
_REACH: Final = 6


def coordinates(text: str) -> Iterator[tuple[int, int]]:
    """Where they stand in a folded text."""
    for match in _FROM_POINT.finditer(text):
        low = max(0, match.start() - _REACH)
        degrees = _DEGREES.search(text[low : match.start()])
        if degrees is not None:
            yield low + degrees.start(), match.end()
