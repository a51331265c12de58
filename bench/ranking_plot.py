"""The picture of `bench.ranking`: how long the oldest case has waited, each evening, under each ranking."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from matplotlib import rcParams
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from bench.backlog import Waits

PLOT: Final = Path(__file__).resolve().parents[1] / "docs" / "performance" / "ranking.svg"
_STYLE: Final[dict[str, Any]] = {
    "svg.hashsalt": "aduan",  # the same picture is the same bytes
    "svg.fonttype": "none",
    "font.family": "sans-serif",
    "font.size": 9,
}


def draw(waits: Mapping[str, Waits], *, limit: int) -> None:
    rcParams.update(_STYLE)  # type: ignore[arg-type]  # its names are a literal type
    figure = Figure(figsize=(8, 3.6), layout="constrained")
    FigureCanvasSVG(figure)
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
    PLOT.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(PLOT, metadata={"Date": None})
