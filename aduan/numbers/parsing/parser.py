"""Text as citizens write or paste it → which number is meant, or a refusal that helps.

The law of this module: **digits typed = digits stored**. Only the ways to say "Indonesia" fall away; a letter
is never taken for a digit, a hidden digit is never guessed, of two numbers none is chosen.
"""

from __future__ import annotations

from typing import Final

from aduan.numbers.kinds import NumberKind
from aduan.numbers.numbering_plan import ParseFailure, ParseResult
from aduan.numbers.parsing import normalise
from aduan.numbers.parsing.classify import classify
from aduan.numbers.parsing.errors import Refused
from aduan.numbers.parsing.links import bare_account_name, handle
from aduan.numbers.parsing.number import PLAIN_MOBILE
from aduan.numbers.parsing.types import Parsed, format_number

LONGEST_TEXT: Final = 2_000  # a wa.me link with a ?text= may be long; a whole chat goes to `numbers_in`


def parse(raw: str, *, hint: NumberKind | None = None) -> Parsed:
    """Which number is meant. Raises `Refused` with a stable code, a position and suggestions.

    `hint` is the kind chosen in the form: it widens what counts as a sender name or an account name.
    """
    clean = PLAIN_MOBILE.fullmatch(raw)
    if clean is not None:
        national = clean[1] + clean[3] + clean[4]
        if 9 <= len(national) <= 12:
            return Parsed(NumberKind.MOBILE, "+62" + national, raw)
    if len(raw) > LONGEST_TEXT:
        raise Refused("too_much_text")
    folded = normalise.fold(raw)
    seen = normalise.visible(folded)
    answer = _drawn(raw, seen) or classify(seen, hint)
    if isinstance(answer, ParseResult):
        return Parsed(answer.kind, answer.canonical, raw)
    raise _refusal(answer, raw, folded)


def account_name_of(raw: str) -> str | None:
    """The name in "@name", when the text names no platform; None for any other text."""
    return bare_account_name(normalise.visible(normalise.fold(raw))) if len(raw) <= LONGEST_TEXT else None


def account_on(platform: str, name: str, raw: str) -> Parsed:
    """The account of that name on a platform of `links.PLATFORM_NAMES`."""
    found = handle(platform, name)
    return Parsed(found.kind, found.canonical, raw)


def offered_by(refused: Refused) -> list[Parsed]:
    """The numbers that a refusal offers: an interface shows them, only the person may choose."""
    readings = [refused.reading] if refused.reading is not None else []
    return list(dict.fromkeys([*readings, *(parse(format_number(offer)) for offer in refused.suggestions)]))


def _drawn(raw: str, seen: str) -> ParseFailure | None:
    """ "0857 1234 567²": the number with and without the digit that is drawn small."""
    if normalise.UNREADABLE not in seen or normalise.OVERRIDE in seen or normalise.CONTROL in seen:
        return None
    answers = [
        classify(normalise.visible(normalise.fold(reading))) for reading in normalise.drawn_readings(raw)
    ]
    offers = dict.fromkeys(answer.canonical for answer in answers if isinstance(answer, ParseResult))
    place = seen.index(normalise.UNREADABLE)
    return ParseFailure("unreadable_character", tuple(offers), place, found="?") if offers else None


def _refusal(failure: ParseFailure, raw: str, folded: str) -> Refused:
    position = None if failure.position is None else normalise.raw_position(folded, failure.position)
    reading = Parsed(failure.reading.kind, failure.reading.canonical, raw) if failure.reading else None
    found = failure.found if position is None else raw[position : position + len(failure.found)]
    return Refused(
        failure.code,
        position=position,
        suggestions=failure.suggestions,
        reading=reading,
        found=found,
        count=failure.typed,
    )
