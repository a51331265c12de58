"""What is counted: each dataset, its dimensions in the order of folding, its strata and classes. Pure.

A *stratum* is released by itself: in it a span of days, and every combination of a month, holds ten rows or
more. Numbers of different strata may be added up, because their rows are disjoint.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

THRESHOLD: Final = 10  # rows behind every published number
SETTLING_DAYS: Final = 15  # after which an operator's or platform's answer counts as silence
# Upper bounds of the classes of hours; the last class is open.
HOUR_BOUNDS: Final = (1, 2, 4, 6, 8, 12, 18, 24, 36, 48, 72, 120, 168, 240, 360, 720, 1440)
NO_HOURS: Final = "none"  # no clock ran, or nothing happened
OTHER, ANY = "other", "*"  # several values together; not split at all


def hour_classes() -> tuple[str, ...]:
    """`0-1`, `1-2` … `1440-`: hours from (inclusive) to (exclusive)."""
    lows = (0, *HOUR_BOUNDS)
    return (*(f"{low}-{high}" for low, high in zip(lows, HOUR_BOUNDS, strict=False)), f"{HOUR_BOUNDS[-1]}-")


@dataclass(frozen=True, slots=True)
class Dimension:
    """One column. With `ordered`, neighbouring values are put together instead of the rarest."""

    name: str
    ordered: tuple[str, ...] = ()


_HOURS: Final = Dimension("hours", hour_classes())
_GROUP, _CATEGORY = Dimension("group"), Dimension("category")


@dataclass(frozen=True, slots=True)
class Dataset:
    """`definitions/<name>.sql` counts it. `daily`: spans of days are public, else whole months only.

    A day is counted when it is `settling` days old. `amount` names a sum beside the count.
    """

    name: str
    dimensions: tuple[Dimension, ...]
    daily: bool = True
    settling: int = 0
    amount: str = ""

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(dimension.name for dimension in self.dimensions)


_ALL: Final = (
    Dataset("complaints", (_GROUP, _CATEGORY, Dimension("channel"), Dimension("kind"), Dimension("region"))),
    Dataset(
        "decisions",  # one stratum for each act
        (
            Dimension("reason"),
            Dimension("promise"),
            _HOURS,
            _GROUP,
            _CATEGORY,
            Dimension("kind"),
            Dimension("operator"),
        ),
    ),
    # One stratum for each receiver that is an operator or a platform.
    Dataset(
        "answers", (Dimension("answer"), Dimension("promise"), _HOURS), daily=False, settling=SETTLING_DAYS
    ),
    Dataset("listings", (_HOURS,), daily=False),
    Dataset("objections", (Dimension("promise"), _HOURS), daily=False),  # a stratum for each step
    Dataset("wrong_blocks", (Dimension("reason"), _HOURS), daily=False, amount="hours_blocked"),
)
DATASETS: Final[Mapping[str, Dataset]] = MappingProxyType({one.name: one for one in _ALL})
# Strata that are shown though nothing was released of them; receivers come from the register.
STRATA: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "complaints": ("received",),
        "decisions": ("block", "refer", "spoofed", "dismiss", "not_ours"),
        "answers": (),
        "listings": ("listed",),
        "objections": ("filed", "upheld", "rejected"),
        "wrong_blocks": ("released",),
    }
)
