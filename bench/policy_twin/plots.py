"""Two pictures of the study: what each policy avoids and whom it wrongs, and which assumptions matter."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from bench.pictures import empty_figure, save
from bench.policy_twin.policies import POLICIES
from bench.policy_twin.study import Study

_INK, _PALE, _WARM = "#1f4e79", "#9dbbd6", "#b3541e"
_SHOWN: Final = 10


def draw(study: Study, folder: Path) -> None:
    """Writes `policies.svg` and `assumptions.svg`."""
    save(_policies(study), folder / "policies.svg")
    save(_assumptions(study), folder / "assumptions.svg")


def _policies(study: Study) -> Figure:
    figure = empty_figure(3.2)
    left, right = figure.subplots(1, 2, sharey=True)
    _intervals(left, study, "avoided", 100, _INK)
    left.set_xlabel("share of all loss avoided, per cent")
    _intervals(right, study, "wrong_hours", 1 / 8760, _WARM)
    right.set_xlabel("years of innocent lines cut (log)")
    right.set_xscale("log")
    left.set_yticks(range(len(POLICIES)), [one.title for one in POLICIES])
    left.invert_yaxis()
    return figure


def _intervals(axes: Axes, study: Study, measure: str, factor: float, colour: str) -> None:
    for place, policy in enumerate(POLICIES):
        middle, low, high = (value * factor for value in study.between(policy.name, measure))
        axes.plot([low, high], [place, place], color=colour, alpha=0.45, linewidth=5, solid_capstyle="butt")
        axes.plot([middle], [place], "o", color=colour, markersize=6)
    axes.grid(axis="x", alpha=0.3)
    axes.spines[["top", "right"]].set_visible(False)


def _assumptions(study: Study) -> Figure:
    figure = empty_figure(3.6)
    axes = figure.subplots()
    effects = study.effects[:_SHOWN]
    for place, effect in enumerate(effects):
        axes.barh(
            place, 100 * effect.low, left=100 * study.gain, color=_PALE, label="_" if place else "low bound"
        )
        axes.barh(
            place, 100 * effect.high, left=100 * study.gain, color=_INK, label="_" if place else "high bound"
        )
    axes.set_yticks(range(len(effects)), [effect.name for effect in effects])
    axes.invert_yaxis()
    axes.axvline(100 * study.gain, color="black", linewidth=0.8)
    axes.set_xlabel("what holds after 3 complaints avoid beyond lists alone, percentage points of all loss")
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(frameon=False, loc="lower right")
    return figure
