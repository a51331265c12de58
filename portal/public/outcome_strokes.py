"""A hundred strokes for a hundred decisions, by what they decided. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from aduan.statistics.datasets import THRESHOLD

if TYPE_CHECKING:
    from collections.abc import Mapping

STROKES: Final = 100
_STEP: Final = 10
_NARROW: Final = 50  # strokes in a row on a phone


@dataclass(frozen=True, slots=True)
class Strokes:
    """The strokes of one outcome. `wide`, `narrow`: paths in one row and in two; `kind` has a colour."""

    kind: int
    label: str
    count: int
    wide: str
    narrow: str


def strokes_of(counts: Mapping[str, int | None]) -> list[Strokes]:
    """By largest remainders. Nothing where what is withheld (None) could be as much as half a stroke."""
    known = {label: count or 0 for label, count in counts.items()}
    whole = sum(known.values())
    withheld = sum(count is None for count in counts.values())
    if not whole or withheld * (THRESHOLD - 1) * 2 * STROKES > whole:
        return []
    found, begin = [], 0
    for kind, (label, number) in enumerate(_shared_out(known, whole).items(), 1):
        places = range(begin, begin + number)
        wide = "".join(_stroke(place, 0) for place in places)
        narrow = "".join(_stroke(place % _NARROW, place // _NARROW) for place in places)
        found.append(Strokes(kind, label, number, wide, narrow))
        begin += number
    return found


def _shared_out(counts: Mapping[str, int], whole: int) -> dict[str, int]:
    numbers = {label: count * STROKES // whole for label, count in counts.items()}
    left = STROKES - sum(numbers.values())
    for label in sorted(counts, key=lambda one: -(counts[one] * STROKES % whole))[:left]:
        numbers[label] += 1
    return numbers


def _stroke(place: int, row: int) -> str:
    return f"M{place * _STEP + _STEP // 2} {row * 60 + 4}v44"
