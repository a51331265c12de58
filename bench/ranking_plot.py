"""The picture of `bench.ranking`: how long the oldest case has waited, each evening, under each ranking."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from bench.backlog import Waits
from bench.pictures import empty_figure, save

PLOT: Final = Path(__file__).resolve().parents[1] / "docs" / "performance" / "ranking.svg"


def draw(waits: Mapping[str, Waits], *, limit: int) -> None:
    figure = empty_figure(3.6)
    axes = figure.subplots()
    for name, one in waits.items():
        axes.plot(range(1, len(one.oldest) + 1), one.oldest, label=name, linewidth=1.4)
    axes.axhline(
        limit, color="black", linewidth=0.8, linestyle=":", label=f"limit of the policy, {limit} days"
    )
    axes.set_xlabel("day, with 150 new cases and 100 decisions each")
    axes.set_ylabel("days that the oldest case has waited")
    axes.grid(alpha=0.3)
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(frameon=False, loc="upper left")
    save(figure, PLOT)
