"""What reading digits results in: a number, or a failure that says why."""

from __future__ import annotations

from typing import NamedTuple

from aduan.numbers.kinds import NumberKind


class ParseResult(NamedTuple):
    """A number, account or caller: its kind, and the one text by which it is known."""

    kind: NumberKind
    canonical: str


class ParseFailure(NamedTuple):
    """Why the digits are no number, as a code of `parsing.errors.MESSAGES`, and what they might have been."""

    code: str
    suggestions: tuple[str, ...] = ()
    position: int | None = None  # in the visible text
    found: str = ""
    typed: int = 0  # how many digits were typed
    reading: ParseResult | None = None
