"""Charts as data for an SVG that the server writes: bars, so that no value between two is invented."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from portal.common.amounts import grouped

_HEIGHT: Final = 120
_STEP: Final = 26  # from one bar to the next
_BAR: Final = 18
_FOOT: Final = 16  # for the labels under the bars
_PLACES: Final = 12  # fewer bars leave the rest empty: a month is as wide on every chart


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar in the chart's units. `value` is None where too few rows stand behind it: then none is drawn."""

    label: str
    short: str
    value: int | None
    x: int
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars of one series over time. `top` is the value at the upper edge."""

    title: str
    bars: list[Bar]
    top: str

    @property
    def width(self) -> int:
        return max(len(self.bars), _PLACES) * _STEP

    @property
    def shows(self) -> bool:
        """Whether there is anything to draw."""
        return any(bar.value for bar in self.bars)

    @property
    def height(self) -> int:
        return _HEIGHT + _FOOT

    @property
    def base(self) -> int:
        return _HEIGHT

    @property
    def label_y(self) -> int:
        return _HEIGHT + _FOOT - 4

    @property
    def bar_width(self) -> int:
        return _BAR


def bar_chart(title: str, series: Iterable[tuple[str, str, int | None]]) -> Chart:
    """A chart of (label, short label, value); heights are in proportion to the values, from zero."""
    points = list(series)
    most = max((value for _label, _short, value in points if value), default=0)
    bars = []
    for place, (label, short, value) in enumerate(points):
        height = round(_HEIGHT * (value or 0) / most, 2) if most else 0.0
        x = place * _STEP + (_STEP - _BAR) // 2
        bars.append(Bar(label, short, value, x, round(_HEIGHT - height, 2), height))
    return Chart(title, bars, grouped(most))
