"""Letters typed or drawn in the place of digits. They are never taken for digits: the person is asked."""

from __future__ import annotations

import re
from typing import Final

# Letters that look like one digit and no other. With these alone there is a single plausible reading.
CLEAR: Final[dict[str, str]] = {
    **dict.fromkeys("OoОоΟοØøＯօՕⲞ", "0"),
    **dict.fromkeys("lI|ІΙӀǀ", "1"),
}
# Letters that might stand for a digit; the reading is offered, nothing more.
VAGUE: Final[dict[str, str]] = {
    "i": "1", "L": "1", "і": "1", "Z": "2", "z": "2", "E": "3", "A": "4", "S": "5", "s": "5",
    "G": "6", "b": "6", "T": "7", "B": "8", "В": "8", "g": "9", "q": "9", "D": "0", "Q": "0",
    "З": "3", "з": "3", "Б": "6",
}  # fmt: skip
_CLEAR_TABLE: Final = str.maketrans(CLEAR)
_ALL_TABLE: Final = str.maketrans({**VAGUE, **CLEAR})
_CLEAR_CLASS: Final = "[" + re.escape("".join(CLEAR)) + "]"
_ALL_CLASS: Final = "[" + re.escape("".join(CLEAR) + "".join(VAGUE)) + "]"

# The number with letters in it: at least six real digits, light separators, look-alikes.
_BODY: Final = re.compile(
    r"(?<![^\W\d_])(?:"
    + _ALL_CLASS
    + r"|[0-9+(])(?:"
    + _ALL_CLASS
    + r"|[0-9]|[ ().+-](?![ ().+-]{2})){5,30}(?![^\W\d_])"
)


def glued(char: str) -> bool:
    return char in CLEAR or char in VAGUE


def only_lookalikes(token: str) -> bool:
    return bool(token) and all(char in CLEAR for char in token)


def readings(text: str) -> tuple[str, bool] | None:
    """The first number-like stretch with look-alikes read as digits, and whether all of them were clear."""
    for match in _BODY.finditer(text):
        body = match[0]
        real = sum(map(str.isdigit, body))
        clear = sum(map(CLEAR.__contains__, body))
        vague = sum(map(VAGUE.__contains__, body))
        if real >= 6 and clear + vague and clear + vague <= real // 2:
            return body.translate(_ALL_TABLE), vague == 0
    return None
