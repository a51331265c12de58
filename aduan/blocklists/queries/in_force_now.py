"""What an operator must have blocked right now, and why: its newest lists together."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.db import connection

from aduan.blocklists.models import BlockList, ListSeries
from aduan.blocklists.queries.files import lists_for, name_of
from aduan.cases.models.case import case_reference

if TYPE_CHECKING:
    from aduan.operators.models import Operator

# Hold lists, then lists of blocks: a number may stand on one of each for a while, never on two of one series.
_SERIES: Final = (ListSeries.HOLD, ListSeries.BLOCK, ListSeries.INBOUND)
# An entry without an hour of its own ends when the day `until` begins in Jakarta, as on the list.
_ENDS_AT: Final = "coalesce(e.ends_at, (e.until::timestamp AT TIME ZONE 'Asia/Jakarta'))"
_ENTRIES: Final = f"""
    SELECT e.digits, e.since, {_ENDS_AT} AS ends_at, e.category, e.case_id
    FROM blocklists_blocklistentry e
    WHERE e.list_id = %(list)s AND {_ENDS_AT} > %(at)s AND e.digits > %(after)s
      AND (%(only)s IS NULL OR e.digits = %(only)s)
    ORDER BY e.digits LIMIT %(most)s
"""  # noqa: S608 - constants


@dataclass(frozen=True, slots=True)
class Ground:
    """A list on which a number stands, and what is said of it there."""

    series: ListSeries
    list_name: str
    since: dt.date
    ends_at: dt.datetime
    category: str
    case_reference: str


@dataclass(frozen=True, slots=True)
class NumberInForce:
    """A number that must be blocked now, with every list that says so."""

    digits: int
    grounds: tuple[Ground, ...]

    @property
    def ends_at(self) -> dt.datetime:
        """Until its last ground ends: what one list lifts another may still carry."""
        return max(ground.ends_at for ground in self.grounds)


def lists_in_force(operator: Operator) -> list[BlockList]:
    """The newest published list of each series that blocks; no older one counts."""
    lists = lists_for(operator).filter(series__in=_SERIES).order_by("series", "-sequence").distinct("series")
    found: dict[str, BlockList] = {one.series: one for one in lists}
    return [found[series] for series in _SERIES if series in found]


def numbers_in_force(
    operator: Operator, *, at: dt.datetime, after: int = 0, only: int | None = None, limit: int = 100
) -> list[NumberInForce]:
    """The first numbers greater than `after`, ascending. One statement for each list."""
    grounds: dict[int, list[Ground]] = defaultdict(list)
    for block_list in lists_in_force(operator):
        given: dict[str, Any] = {"list": block_list.pk, "at": at, "after": after, "only": only, "most": limit}
        with connection.cursor() as cursor:
            cursor.execute(_ENTRIES, given)
            for digits, *said in cursor.fetchall():
                grounds[digits].append(_ground(block_list, *said))
    return [NumberInForce(digits, tuple(grounds[digits])) for digits in sorted(grounds)[:limit]]


def _ground(block_list: BlockList, since: dt.date, ends_at: dt.datetime, category: str, case: Any) -> Ground:
    series = ListSeries(block_list.series)
    return Ground(series, name_of(block_list), since, ends_at, category, case_reference(case))
