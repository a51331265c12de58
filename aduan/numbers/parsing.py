"""Text as citizens write or paste it → which number is meant, or a refusal that helps.

The law of this module: **digits typed = digits stored**. Only the ways to say "Indonesia" fall away; a letter
is never taken for a digit, a hidden digit is never guessed, of two numbers none is chosen.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from aduan.numbers import links, spelling
from aduan.numbers.kinds import REMEDIES, Kind, Remedy
from aduan.numbers.plan import Found, Unfit, area_code_of
from aduan.numbers.reading import read
from aduan.numbers.refusals import Refused

__all__ = ["LONGEST_TEXT", "Parsed", "Refused", "format_number", "parse"]

LONGEST_TEXT: Final = 2_000  # a wa.me link with a ?text= may be long; a whole chat belongs into `numbers_in`

# What nine of ten people type. Single light separators only, so that nothing else can hide in it.
_CLEAN: Final = re.compile(r"(?:\+?62[ -]?|0)(8[1-35-9][0-9]{1,2})([ -]?)([0-9]{3,4})\2([0-9]{2,5})")
_DISPLAY_GROUPS: Final = re.compile(r"\d{1,4}")


@dataclass(frozen=True, slots=True)
class Parsed:
    """A number, account or caller that a complaint can be about. Equal when the same, however spelled."""

    kind: Kind
    # "+6281234567890", "short:3636", "service:1500888", "sender:BANKABC", "telegram:@name", "withheld"
    canonical: str
    raw: str = field(compare=False)

    @property
    def e164(self) -> str | None:
        return self.canonical if self.canonical[0] == "+" else None

    @property
    def digits(self) -> int | None:
        """The E.164 digits as an integer, as lists hold them."""
        return int(self.canonical) if self.canonical[0] == "+" else None

    @property
    def remedy(self) -> Remedy:
        return REMEDIES[self.kind]

    @property
    def national(self) -> str | None:
        """As dialled inside Indonesia, "081234567890"; None for what is no domestic E.164 number."""
        return "0" + self.canonical[3:] if self.canonical.startswith("+62") else None

    @property
    def display(self) -> str:
        return format_number(self)


def parse(raw: str, *, hint: Kind | None = None) -> Parsed:
    """Which number is meant. Raises `Refused` with a stable code, a position and suggestions.

    `hint` says what the form was told the text is: it widens what counts as a sender name or an account name.
    """
    clean = _CLEAN.fullmatch(raw)
    if clean is not None:
        national = clean[1] + clean[3] + clean[4]
        if 9 <= len(national) <= 12:
            return Parsed(Kind.MOBILE, "+62" + national, raw)
    if len(raw) > LONGEST_TEXT:
        raise Refused("too_much_text")
    folded = spelling.fold(raw)
    seen = spelling.visible(folded)
    answer = read(seen, hint)
    if isinstance(answer, Found):
        return Parsed(answer.kind, answer.canonical, raw)
    raise _refusal(answer, raw, folded)


def _refusal(unfit: Unfit, raw: str, folded: str) -> Refused:
    position = None if unfit.position is None else spelling.raw_position(folded, unfit.position)
    reading = Parsed(unfit.reading.kind, unfit.reading.canonical, raw) if unfit.reading else None
    found = unfit.found if position is None else raw[position : position + len(unfit.found)]
    return Refused(
        unfit.code,
        position=position,
        suggestions=unfit.suggestions,
        reading=reading,
        found=found,
        count=unfit.typed,
    )


def format_number(number: Parsed | str) -> str:
    """For people: "+62 812-3456-7890". `parse` reads every such text back as the same number."""
    canonical = number if isinstance(number, str) else number.canonical
    if canonical.startswith("+62"):
        return _format_home(canonical[3:])
    if canonical.startswith("+"):
        return canonical
    scheme, _, rest = canonical.partition(":")
    if scheme in links.DISPLAY:
        return f"{links.DISPLAY[scheme]} {rest}"
    return rest or "Private number"


def _format_home(national: str) -> str:
    if national.startswith("8"):
        return f"+62 {national[:3]}-{national[3:7]}-{national[7:]}".rstrip("-")
    area = area_code_of(national) or national[:2]
    return f"+62 {area} {national[len(area) :]}"
