"""Plots as SVG: the same figures are the same bytes."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from matplotlib import rcParams
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

_STYLE: Final[dict[str, Any]] = {
    "svg.hashsalt": "aduan",
    "svg.fonttype": "none",
    "font.family": "sans-serif",
    "font.size": 9,
}


def empty_figure(height: float) -> Figure:
    """As wide as a page of text; `height` in inches."""
    rcParams.update(_STYLE)  # type: ignore[arg-type]  # its names are a literal type
    figure = Figure(figsize=(8, height), layout="constrained")
    FigureCanvasSVG(figure)
    return figure


def save(figure: Figure, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, metadata={"Date": None})
