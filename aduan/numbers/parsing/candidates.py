"""Find stretches that may be telephone numbers in folded text. Linear: no nested repetition anywhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from aduan.numbers.kinds import NumberKind
from aduan.numbers.numbering_plan import ParseResult, dial

PHONE_KINDS: Final = frozenset((NumberKind.MOBILE, NumberKind.LANDLINE, NumberKind.FOREIGN))
SHORTEST: Final = 7  # digits, with the 0 or the country code
_RUN: Final = re.compile(r"[+(]{0,3}[0-9](?:[ ]{0,2}[-.()_ *\u200b]{0,3}[0-9]|[/,][0-9]{3,4}(?![0-9])){2,40}")
_BEGINS: Final = re.compile(r"[ -](?=\(?(?:\+|0[1-9]|00?62|62))")
_DIGITS: Final = re.compile(r"[0-9]+")


class Candidate(NamedTuple):
    start: int
    end: int
    found: ParseResult


def read_digits(text: str) -> ParseResult | None:
    """A stretch of digits and light separators → what it dials, if it is a telephone number at all."""
    groups = tuple(_DIGITS.findall(text))
    digits = "".join(groups)
    if len(digits) < SHORTEST:
        return None
    found = dial(digits, plus=text.lstrip("( ").startswith("+"), groups=groups)
    return found if isinstance(found, ParseResult) and found.kind in PHONE_KINDS else None


def candidates(text: str, *, limit: int = 50) -> Iterator[Candidate]:
    """Telephone numbers in reading order; a run that holds several is split where a new one begins."""
    for match in _RUN.finditer(text):
        if limit <= 0:
            return
        limit -= 1
        found = read_digits(match[0])
        if found is not None:
            yield Candidate(match.start(), match.end(), found)
        else:
            yield from _split(match[0], match.start())


def _split(run: str, offset: int) -> Iterator[Candidate]:
    """ "0812 3456 7890 0813 3456 7890": cut where both sides are numbers of their own."""
    cuts = [match.start() for match in _BEGINS.finditer(run)][:8]
    start = 0
    for cut in [*cuts, len(run)] if cuts else []:
        found = read_digits(run[start:cut])
        if found is not None:
            yield Candidate(offset + start, offset + cut, found)
            start = cut + 1
