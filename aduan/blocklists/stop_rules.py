"""When a list is stopped until people have looked at it: thresholds and reasons. Pure.

A reason that is not `resumable` can only be repaired at its source: no two people may resume a list with a
protected number or with a block that two people did not sign.
"""

from __future__ import annotations

import bisect
import datetime as dt
import statistics
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from aduan.blocklists.codes import StopReason

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

LISTS_COMPARED = 6
PREFIX_BLOCK = 10_000  # consecutive numbers, as operators get them assigned
NAMED = 20  # at most so many numbers are named in a reason

# E.164 has at most 15 digits. A number's place is its digits filled up to 15 with zeros: places sort as text
# does.
PLACES = 15


@dataclass(frozen=True, slots=True)
class Thresholds:
    """What passes without people.

    Additions up to the floor, or `factor` times the usual, never more than the ceiling; removals up to the
    floor or a share of the list; so many additions in one block of numbers; so many numbers that people
    freed. An urgent block waits `urgent_delay_seconds` for second thoughts before a list takes it.
    """

    additions_floor: int = 200
    additions_factor: int = 3
    additions_ceiling: int = 10_000
    removals_floor: int = 20
    removals_percent: int = 2
    prefix_block_limit: int = PREFIX_BLOCK // 100
    freed_limit: int = 20
    urgent_delay_seconds: int = 120

    def additions(self, recent: Sequence[int]) -> int:
        """By those of up to the last six published lists of the kind."""
        usual = statistics.median(recent[:LISTS_COMPARED]) if recent else 0
        return min(self.additions_ceiling, max(self.additions_floor, int(self.additions_factor * usual)))

    @property
    def urgent_delay(self) -> dt.timedelta:
        return dt.timedelta(seconds=self.urgent_delay_seconds)

    def removals(self, previous_count: int) -> int:
        return max(self.removals_floor, self.removals_percent * previous_count // 100)


USUAL = Thresholds()


@dataclass(frozen=True, slots=True)
class Stop:
    """One reason why a list is stopped: its code, figures, and the numbers to look at."""

    code: StopReason
    resumable: bool
    figures: dict[str, Any] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        return {"code": self.code.value, "resumable": self.resumable, **self.figures}


@dataclass(frozen=True, slots=True)
class Range:
    """Who holds the numbers that start with `prefix`: an operator's id, or None when no one does."""

    prefix: str
    operator_id: int | None


def by_size(
    *,
    count: int,
    added: int,
    removed: int,
    previous_count: int | None,
    recent: Sequence[int],
    may_be_empty: bool = False,
    thresholds: Thresholds = USUAL,
) -> list[Stop]:
    """`previous_count`: length of the list before, None for the first of its series.

    `may_be_empty`: the last number of a short list may go at once, when two people lifted its block.
    """
    reasons = []
    limit = thresholds.additions(recent)
    if added > limit:
        reasons.append(Stop(StopReason.TOO_MANY_ADDITIONS, True, {"added": added, "limit": limit}))
    if previous_count and count == 0 and not may_be_empty:
        reasons.append(Stop(StopReason.EMPTY, True, {"previous": previous_count}))
    elif previous_count and removed > thresholds.removals(previous_count):
        limit = thresholds.removals(previous_count)
        reasons.append(Stop(StopReason.SHRUNK, True, {"removed": removed, "limit": limit}))
    return reasons


def by_freed(numbers: Sequence[int], *, prefixes: Sequence[str], limit: int) -> list[Stop]:
    """`numbers` that people freed since the last look of list managers; `prefixes` that they protected."""
    if len(numbers) <= limit and not prefixes:
        return []
    figures = {"freed": len(numbers), "limit": limit, "prefixes": list(prefixes)}
    return [Stop(StopReason.FREED, True, {**figures, **_named(numbers)})]


def by_prefix_block(added_per_block: Iterable[tuple[int, int]], *, limit: int) -> list[Stop]:
    """`added_per_block`: (number // PREFIX_BLOCK, additions) of the blocks over the limit."""
    return [
        Stop(StopReason.PREFIX_BLOCK, True, {"block": f"{block}xxxx", "added": added, "limit": limit})
        for block, added in added_per_block
    ]


def naming(code: StopReason, numbers: Sequence[int], *, resumable: bool) -> list[Stop]:
    """A reason that names rows, or none when there are none. `numbers` may be cut after NAMED + 1."""
    if not numbers:
        return []
    return [Stop(code, resumable, _named(numbers))]


def _named(numbers: Sequence[int]) -> dict[str, Any]:
    return {"numbers": [str(number) for number in numbers[:NAMED]], "more": len(numbers) > NAMED}


@dataclass(frozen=True, slots=True)
class Plan:
    """The number space cut at every boundary of a range: `holders[i]` holds the places before `bounds[i]`.

    `bounds` is sorted as PostgreSQL's `width_bucket` wants it; there is one holder more than bounds.
    """

    bounds: list[int]
    holders: list[int | None]


def plan_of(ranges: Iterable[Range]) -> Plan:
    """The longest prefix wins, as in the register."""
    spans = sorted(
        ((_place(r.prefix), _place_after(r.prefix), len(r.prefix), r.operator_id) for r in ranges),
        key=lambda span: span[2],
    )
    bounds = sorted({edge for low, high, _length, _holder in spans for edge in (low, high)})
    holders: list[int | None] = [None] * (len(bounds) + 1)
    for low, high, _length, holder in spans:
        first, last = bisect.bisect_right(bounds, low), bisect.bisect_left(bounds, high)
        holders[first : last + 1] = [holder] * (last + 1 - first)
    return Plan(bounds, holders)


def _place(prefix: str) -> int:
    return int(prefix.ljust(PLACES, "0"))


def _place_after(prefix: str) -> int:
    return (int(prefix) + 1) * int("1".ljust(PLACES - len(prefix) + 1, "0"))
