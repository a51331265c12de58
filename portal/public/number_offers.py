"""The numbers that a text may mean, for the person to choose from."""

from __future__ import annotations

from typing import Final

from aduan.numbers.parsing import Parsed, Refused, numbers_in, offered_by

MOST_OFFERED: Final = 6


def meant_by(refusal: Refused, text: str) -> list[Parsed]:
    """What a refused text may mean; none of them is chosen."""
    return _each_once(offered_by(refusal)) or named_in(text)


def named_in(text: str) -> list[Parsed]:
    """The first numbers of a text."""
    return _each_once([span.parsed for span in numbers_in(text)])


def _each_once(meant: list[Parsed]) -> list[Parsed]:
    return list(dict.fromkeys(meant))[:MOST_OFFERED]
