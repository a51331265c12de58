"""More than one number in one field: none is chosen, all are offered."""

from __future__ import annotations

import re
from typing import Final

from aduan.numbers.numbering_plan import ParseFailure, ParseResult, dial
from aduan.numbers.parsing.candidates import PHONE_KINDS, candidates

_STRONG: Final = re.compile(
    r"[/,;|\n&+\\]|\b(?:dan|atau|or|and|serta|sama|dn|lalu|kemudian|juga|s/d|sd|sampai)\b", re.IGNORECASE
)
_GROUPS: Final = re.compile(r"[0-9]+")


def _whole(part: str, *, plus: bool = False) -> ParseResult | None:
    groups = tuple(_GROUPS.findall(part))
    digits = "".join(groups)
    if len(digits) < 8:
        return None
    found = dial(digits, plus=plus, groups=groups)
    return found if isinstance(found, ParseResult) and found.kind in PHONE_KINDS else None


def split_numbers(core: str, *, plus: bool) -> ParseFailure | None:
    """An answer when `core` holds a whole number and then something more; None when it may be one number."""
    parts = _STRONG.split(core)
    if len(parts) > 1 and not re.search(r"[^\W\d_]|=", "".join(parts)):
        found = [_whole(part, plus=plus and index == 0) for index, part in enumerate(parts)]
        whole = [number for number in found if number is not None]
        if whole and not (len(whole) == 1 and found[0] is None):
            return ParseFailure("several_numbers", _offers(found, parts))
    if len(_GROUPS.findall(core)) == 1 and len(core) < 20:
        return None
    joined = dial("".join(_GROUPS.findall(core)), plus=plus)
    if isinstance(joined, ParseResult):
        return None
    several = tuple(
        dict.fromkeys(c.found.canonical for c in candidates(("+" if plus else "") + core, limit=20))
    )
    return ParseFailure("several_numbers", several) if len(several) > 1 else None


def _offers(found: list[ParseResult | None], parts: list[str]) -> tuple[str, ...]:
    """ "081234567890/91" means …90 and …91: the last digits of the first number are replaced."""
    offers: list[str] = []
    for number, part in zip(found, parts, strict=True):
        tail = "".join(_GROUPS.findall(part))
        if number is not None:
            offers.append(number.canonical)
        elif offers and 1 <= len(tail) <= 4:
            offers.append(offers[0][: -len(tail)] + tail)
    return tuple(dict.fromkeys(offers))
