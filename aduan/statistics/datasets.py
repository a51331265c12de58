"""What is counted: each dataset, its dimensions in the order of folding, its strata and classes. Pure.

A *stratum* is released by itself: in it a span of days, and every combination of a month, holds ten rows or
more. Numbers of different strata may be added up, because their rows are disjoint.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

THRESHOLD: Final = 10  # rows behind every published number
SETTLING_DAYS: Final = 15  # after which a missing answer counts as silence
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
_LISTED: Final = Dimension("listed", hour_classes())
_GROUP, _CATEGORY, _KIND = Dimension("group"), Dimension("category"), Dimension("kind")
_REASON, _PROMISE, _OPERATOR = Dimension("reason"), Dimension("promise"), Dimension("operator")
_ANSWER = Dimension("answer")


@dataclass(frozen=True)
class Folding:
    """One file: the rows of a dataset, folded by some of its dimensions in this order.

    Two foldings of one dataset share no dimension, and none that tells of one in the other (who holds a
    number tells its kind): from both together no more follows than from each.
    """

    name: str
    dimensions: tuple[Dimension, ...]

    @cached_property
    def columns(self) -> tuple[str, ...]:
        return tuple(dimension.name for dimension in self.dimensions)

    @cached_property
    def hours(self) -> str:
        """The column that holds classes of hours; empty where there is none."""
        return next((one.name for one in self.dimensions if one.ordered), "")


@dataclass(frozen=True)
class Dataset:
    """`definitions/<name>.sql` counts it. `daily`: spans of days are public, else whole months only.

    A day is counted when it is `settling` days old. `amount` names a sum beside the count. `pooled`: the
    number of all rows is known from elsewhere (what was decided is what receivers are sent), so a stratum
    with too few takes the next smallest along. `follows`: the dataset and stratum in which the same rows
    stand on the same days; months end where their spans end, so that nothing follows from the days between.
    """

    name: str
    foldings: tuple[Folding, ...]
    daily: bool = True
    settling: int = 0
    amount: str = ""
    pooled: bool = False
    follows: tuple[str, str] | None = None

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """Those of all foldings, in the order of the key of a counted row."""
        return tuple(column for folding in self.foldings for column in folding.columns)

    def places_of(self, folding: Folding) -> tuple[int, ...]:
        """Where the values of a folding stand in the key of a counted row."""
        return tuple(self.columns.index(column) for column in folding.columns)


def _folded(name: str, *dimensions: Dimension) -> tuple[Folding]:
    return (Folding(name, dimensions),)


# What kept a promise is folded on the promise first: rare misses under `other` would flatter.
_ALL: Final = (
    Dataset(
        "complaints",
        _folded("complaints", _GROUP, _CATEGORY, Dimension("channel"), _KIND, Dimension("region")),
    ),
    Dataset(
        "decisions",  # one stratum for each act
        (
            *_folded("decisions", _REASON, _GROUP, _CATEGORY),
            *_folded("decision_operators", _OPERATOR, _KIND),
            *_folded("decision_times", _PROMISE, _HOURS),
        ),
    ),
    Dataset("holds", _folded("holds", _GROUP, _CATEGORY, _OPERATOR)),
    # One stratum for each operator, and for each platform.
    Dataset(
        "answers",
        (*_folded("answers", _PROMISE, _ANSWER, _HOURS), *_folded("listing_times", _LISTED)),
        daily=False,
        settling=SETTLING_DAYS,
        pooled=True,
    ),
    Dataset(
        "referrals",
        _folded("referrals", _ANSWER, _HOURS),
        daily=False,
        settling=SETTLING_DAYS,
        pooled=True,
        follows=("decisions", "refer"),
    ),
    Dataset(
        "objections", _folded("objections", _PROMISE, _ANSWER, _HOURS), daily=False, settling=SETTLING_DAYS
    ),
    Dataset("wrong_blocks", _folded("wrong_blocks", _HOURS), daily=False, amount="hours_blocked"),
)
DATASETS: Final[Mapping[str, Dataset]] = MappingProxyType({one.name: one for one in _ALL})
# Each folding by its name, with its dataset.
FOLDINGS: Final[Mapping[str, tuple[Dataset, Folding]]] = MappingProxyType(
    {folding.name: (one, folding) for one in _ALL for folding in one.foldings}
)
# Strata that are shown though nothing was released of them; receivers come from the register.
STRATA: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "complaints": ("received",),
        "decisions": ("block", "refer", "spoofed", "dismiss", "not_ours"),
        "holds": ("placed",),
        "answers": (),
        "referrals": (),
        "objections": ("proven",),
        "wrong_blocks": ("block", "hold"),
    }
)
