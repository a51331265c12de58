"""Hours as pictures: a bar for a median and its 95th percentile, and steps for medians by month. Pure.

Hours are upper bounds of classes, as published. What is withheld is not drawn, no value is invented.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

_WIDTH: Final = 312  # of both pictures
_HEIGHT: Final = 72
_STEP: Final = 26  # one month
_PROMISE: Final = 24  # hours
_LABEL: Final = 10  # height of a line of words


@dataclass(frozen=True, slots=True)
class PaceBar:
    """Widths in the picture's units. `promise` is where the 24 hours end; None where nothing is promised."""

    median: float
    p95: float
    promise: float | None


@dataclass(frozen=True, slots=True)
class StepChart:
    """`path`: one step a month, broken where a month is withheld. `rows`: the same as a table."""

    title: str
    path: str
    promise_y: float
    first: str
    last: str
    rows: list[tuple[str, str]]

    @property
    def promise_label_y(self) -> float:
        """Above the dashes; below them where nothing fits above."""
        return round(self.promise_y - 3 if self.promise_y > _LABEL else self.promise_y + _LABEL, 1)

    @property
    def width(self) -> int:
        """Where the last month ends."""
        return len(self.rows) * _STEP


def pace_bar(median: int | None, p95: int | None, *, promised: bool) -> PaceBar | None:
    """None where a bound is not known: half a bar would say something else."""
    if median is None or p95 is None:
        return None
    scale = _WIDTH / max(p95, _PROMISE if promised else 1)
    promise = round(_PROMISE * scale, 1) if promised else None
    return PaceBar(round(median * scale, 1), round(p95 * scale, 1), promise)


def step_chart(
    title: str, series: Sequence[tuple[str, str, str, int | None]], *, top: int
) -> StepChart | None:
    """Of (month, its short name, words, hours), `top` at the upper edge. None without any hours."""
    if all(hours is None for *_names, hours in series):
        return None
    top = max(top, _PROMISE)
    path: list[str] = []
    drawn = False
    for place, (*_names, hours) in enumerate(series):
        if hours is not None:
            y = _height_of(hours, top)
            path.append(f"{f'V{y}' if drawn else f'M{place * _STEP} {y}'}H{(place + 1) * _STEP}")
        drawn = hours is not None
    rows = [(month, words) for month, _short, words, _hours in series]
    return StepChart(title, "".join(path), _height_of(_PROMISE, top), series[0][1], series[-1][1], rows)


def _height_of(hours: int, top: int) -> float:
    return round(_HEIGHT * (1 - hours / top), 1)
