"""`make plots`: cost against size and against clients, from the JSON that `make bench` kept.

A size or a number of clients that was not measured is a gap: no line leads across it.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from matplotlib.axes import Axes

from bench.pictures import empty_figure, save

FOLDER: Final = Path(__file__).resolve().parents[1] / "docs" / "performance"
MEASURED: Final = FOLDER / "measured"  # the JSON files of bench/results/ that the pictures show
SIZES: Final = (10_000, 100_000, 1_000_000, 10_000_000)
CLIENTS: Final = (1, 2, 4, 8, 16, 32, 64)
SMALL: Final = 50_000  # complaints of the small ministry, in files that do not say it
PAGES: Final = (
    "first page", "10,000th page", "search: a rare word", "search: five common words", "search: a phrase",
    "search: words of two stories",
)  # fmt: skip
Kept = Mapping[str, Any]
Points = dict[int, float]


def draw_all(measured: Path = MEASURED, folder: Path = FOLDER) -> None:
    kept = [json.loads(file.read_text(encoding="utf-8")) for file in sorted(measured.glob("*.json"))]
    _draw_sizes(kept, folder / "sizes.svg")
    _draw_clients(kept, folder / "clients.svg")


def _draw_sizes(kept: Iterable[Kept], path: Path) -> None:
    kept = list(kept)
    figure = empty_figure(6.4)
    pages, whole = figure.subplots(2)
    queue = _of(kept, "queue")
    for name in PAGES:
        _line(pages, name, _medians(queue, name), SIZES)
    _line(
        whole, "a monthly list", _points(_of(kept, "lists"), "size", lambda one: one["build_seconds"]), SIZES
    )
    statistics = _points(_of(kept, "statistics"), "size", lambda one: one["snapshot_seconds"][0])
    _line(whole, "all statistics", statistics, SIZES)
    _axes(pages, "complaints", "median of a staff page, ms", SIZES)
    _axes(whole, "numbers of the list; complaints", "seconds", SIZES)
    save(figure, path)


def _draw_clients(kept: Iterable[Kept], path: Path) -> None:
    kept = list(kept)
    figure = empty_figure(3.6)
    axes = figure.subplots()
    for promise, name in (("pages", "public pages"), ("intake", "complaints"), ("check", "number checks")):
        points = _points(_of(kept, promise), "clients", lambda one: one["median_ratio"] / one["floor"])
        _line(axes, name, points, CLIENTS)
    _axes(axes, "clients at once", "answers a second", CLIENTS)
    save(figure, path)


def _of(kept: Iterable[Kept], promise: str) -> list[Kept]:
    return [one for one in kept if one["promise"] == promise]


def _medians(queue: Iterable[Kept], name: str) -> Points:
    """Each run compares a large ministry with a small one, and says what both took."""
    points: Points = {}
    for one in queue:
        kind = one["kinds"][name]
        points |= {one.get("small_size", SMALL): kind["small_ms"], one["size"]: kind["median_ms"]}
    return points


def _points(kept: Iterable[Kept], along: str, value: Callable[[Kept], float]) -> Points:
    return {int(one[along]): float(value(one)) for one in kept}


def with_gaps(points: Points, expected: Iterable[int]) -> tuple[list[int], list[float]]:
    """What was measured, and NaN where something was to be measured and was not: a line breaks there."""
    places = sorted({*points, *expected})
    return places, [points.get(place, math.nan) for place in places]


def _line(axes: Axes, name: str, points: Points, expected: Iterable[int]) -> None:
    if points:
        axes.plot(*with_gaps(points, expected), label=name, linewidth=1.4, marker="o", markersize=3.5)


def _axes(axes: Axes, along: str, cost: str, expected: tuple[int, ...]) -> None:
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlim(expected[0] * 0.8, expected[-1] * 1.25)
    axes.set_xticks(expected, [f"{place:,}" for place in expected])
    axes.minorticks_off()
    axes.set_xlabel(along)
    axes.set_ylabel(cost)
    axes.grid(alpha=0.3)
    axes.spines[["top", "right"]].set_visible(False)
    if axes.lines:
        axes.legend(frameon=False, fontsize=7, loc="center left", bbox_to_anchor=(1, 0.5))
