"""Fold what people type and paste into a small alphabet, character by character.

Every character becomes exactly one character, so that a position in the folded text is the position in the
raw text, and no digit can appear or vanish: ten scripts' digits become 0-9, forty dashes become "-", ….
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

INVISIBLE: Final = (
    "\u200b"  # zero-width things, bidi marks, variation selectors: typed by machines, not people
)
OVERRIDE: Final = "\u202e"  # shows digits in another order than they are stored
# Shows them as they are stored: telephones put it around every number that is copied from the contacts.
_LEFT_TO_RIGHT: Final = "\u202d"
CONTROL: Final = "\0"
SYMBOL: Final = "\u263a"  # an emoji or other picture: decoration, but never between digits
UNREADABLE: Final = "\ufffd"
ELLIPSIS: Final = "\u2026"

_SPECIAL: Final[dict[str, str]] = {
    **dict.fromkeys("\t", " "),
    **dict.fromkeys("\n\r\v\f\x85\u2028\u2029", "\n"),
    OVERRIDE: OVERRIDE,
    _LEFT_TO_RIGHT: INVISIBLE,
    **dict.fromkeys("\u2212\u30fc\uff70\u2043\u02d7\u2500\u2501\u23af\u301c\uff5e\u2011", "-"),
    **dict.fromkeys("·•∙⋅․。．、‧・･", "."),
    **dict.fromkeys("⁄∕／⧸", "/"),
    **dict.fromkeys("＋﹢➕⁺₊", "+"),
    **dict.fromkeys("＊∗⁎✱﹡✻", "*"),
    **dict.fromkeys("＃﹟", "#"),
    **dict.fromkeys("（［｛【〔「『〈《﹙⁽₍", "("),
    **dict.fromkeys("）］｝】〕」』〉》﹚⁾₎", ")"),
    **dict.fromkeys("‘’‚‛“”„‟«»‹›`´ʹʼ′″＇＂", "'"),
    **dict.fromkeys("，﹐", ","),
    **dict.fromkeys("：﹕", ":"),
    **dict.fromkeys("；﹔", ";"),
    **dict.fromkeys("×✕✖", "x"),
    "‼": "!",
    **dict.fromkeys("⁇⁈⁉", "?"),
    **dict.fromkeys("█■▓▒░▇◼◾⬛", "*"),
    "\u20e3": INVISIBLE,  # the frame of a keycap emoji: the digit itself stands before it
    "\u2026": ELLIPSIS,
}
# Pictures that people use as digits or letters: dropping one would make another number.
_DIGIT_LIKE: Final = frozenset("⭕🅾🅞🔟💯○◯●◦⓪🄋⓿⚪⚫🔴🔵🟠🟡🟣🟤✴️")


def _fold_other(char: str, category: str) -> str:
    folded = unicodedata.normalize("NFKC", char)
    if len(folded) == 1 and folded != char and folded.isascii():
        return folded
    if category[0] in "LM" and category != "Mn":
        return char
    if category in ("So", "Sk", "Sm") and char not in _DIGIT_LIKE and not _names_letter_or_digit(char):
        return SYMBOL
    return UNREADABLE


def _names_letter_or_digit(char: str) -> bool:
    name = unicodedata.name(char, "")
    return any(
        word in name for word in ("DIGIT", "NUMBER", "CIRCLED", "SQUARED", "PARENTHESIZED", "CLOCK FACE")
    )


_BY_CATEGORY: Final[dict[str, str]] = {
    "Cc": CONTROL, "Cf": INVISIBLE, "Pd": "-", "Zs": " ", "Cs": UNREADABLE, "Co": UNREADABLE,
}  # fmt: skip


def _fold(char: str) -> str:
    if (special := _SPECIAL.get(char)) is not None:
        return special
    if " " <= char <= "~":
        return char
    digit = unicodedata.digit(char, None)
    if digit is not None:
        return str(digit)
    if 0xFE00 <= ord(char) <= 0xFE0F:
        return INVISIBLE
    category = unicodedata.category(char)
    return _BY_CATEGORY.get(category) or _fold_other(char, category)


class _Table(dict[int, str]):
    """Fills itself as characters turn up; bounded, so that hostile text cannot grow it without end."""

    def __missing__(self, point: int) -> str:
        folded = _fold(chr(point))
        if len(self) < 4096:
            self[point] = folded
        return folded


_TABLE: Final = _Table({point: _fold(chr(point)) for point in range(128)})


_KEYCAP: Final = re.compile("[0-9]\ufe0f?\u20e3")
# Digits that are drawn: raised, lowered, in circles, in brackets, before a full stop.
_DRAWN: Final = re.compile(
    "[\u00b2\u00b3\u00b9\u2070\u2074-\u2079\u2080-\u2089\u2460-\u2468\u2474-\u247c\u2488-\u2490\u24ea\u24f5-\u24fd\u24ff"
    "\u2776-\u277e\u2780-\u2788\u278a-\u2792\U0001f100-\U0001f10a]"
)
_FEWEST_DIGITS: Final = 7  # of a number beside list numbers in keycaps


def fold(raw: str) -> str:
    """The same text in the small alphabet, of the same length."""
    folded = raw.translate(_TABLE)
    if not raw.isascii() and _DRAWN.search(raw):
        folded = _without_drawn(raw, folded)
    return _without_item(raw, folded) if "\u20e3" in raw else folded


def _without_drawn(raw: str, folded: str) -> str:
    """ "0857 1234 567²": a raised or circled digit beside plain ones may be a note, a count or a digit."""
    if sum(map(str.isdigit, folded)) == len(_DRAWN.findall(raw)):
        return folded
    within = {
        match.start() for match in _DRAWN.finditer(raw) if _stands_between_digits(folded, match.start())
    }
    return "".join(
        UNREADABLE if _DRAWN.match(char) and place not in within else folded[place]
        for place, char in enumerate(raw)
    )


def drawn_readings(raw: str) -> tuple[str, ...]:
    """The text without its raised or circled digits (notes, counts), and with them as plain ones.

    Empty for a text without them.
    """
    if raw.isascii() or not _DRAWN.search(raw):
        return ()
    plain = _DRAWN.sub(lambda match: str(unicodedata.digit(match[0], "")), raw)
    return (_DRAWN.sub(" ", raw).strip(), plain)


def _stands_between_digits(folded: str, place: int) -> bool:
    return folded[place - 1 : place].isdigit() and folded[place + 1 : place + 2].isdigit()


def _without_item(raw: str, folded: str) -> str:
    """A digit in a keycap before plain digits numbers an item of a list: a picture, no digit."""
    framed = [match.start() for match in _KEYCAP.finditer(raw)]
    plain = sum(map(str.isdigit, folded)) - len(framed)
    if not 0 < len(framed) <= 2 or plain < _FEWEST_DIGITS or raw[: framed[0]].strip():
        return folded
    return "".join(SYMBOL if index in framed else char for index, char in enumerate(folded))


def visible(folded: str) -> str:
    """Without the invisible characters: what a person sees."""
    return folded.replace(INVISIBLE, "") if INVISIBLE in folded else folded


def raw_position(folded: str, seen: int) -> int:
    """Where the `seen`-th visible character stands in the raw text."""
    if INVISIBLE not in folded:
        return seen
    for position, char in enumerate(folded):
        if char != INVISIBLE:
            if seen == 0:
                return position
            seen -= 1
    return len(folded)
