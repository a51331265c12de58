"""Clocks of lists: how far a receiver is with the numbers that a list told it for the first time."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.db import connection

from aduan.blocklists.models import BlockList, ClosedClock
from aduan.blocklists.queries.files import lists_for
from aduan.core.db import named_rows

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aduan.operators.models import Operator

CLOCK: Final = dt.timedelta(hours=24)

# New numbers of one list. `answered`: since this list told it. `listed`: still on the newest list of the
# series, and told by none between, whose clock would then be the one that runs.
_NEW = """
    SELECT e.digits, EXISTS (SELECT FROM blocklists_outcome o WHERE o.operator_id = %(operator)s
               AND o.digits = e.digits AND o.clock_from >= %(published)s) AS answered,
           EXISTS (SELECT FROM blocklists_blocklistentry n
               WHERE n.list_id = %(newest)s AND n.digits = e.digits)
           AND NOT EXISTS (SELECT FROM blocklists_blocklistentry f
               WHERE f.list_id = ANY(%(later)s) AND f.is_new AND f.digits = e.digits) AS listed
    FROM blocklists_blocklistentry e WHERE e.list_id = %(list)s AND e.is_new"""


@dataclass(frozen=True, slots=True)
class Clock:
    """How far a receiver is with the numbers that one list told it for the first time.

    `open` are neither answered nor taken off the list since. A voluntary receiver (`obliged` is False) is
    asked, and never late.
    """

    block_list: BlockList
    reported: int
    answered: int
    open: int
    due_at: dt.datetime
    obliged: bool

    def late(self, at: dt.datetime) -> bool:
        return self.obliged and self.open > 0 and at > self.due_at


def clocks_of(operator: Operator) -> list[Clock]:
    """Every clock that is not known to be closed, however old its list, newest first."""
    closed = ClosedClock.objects.values("block_list")
    return [_counted(one) for one in lists_for(operator).filter(added_count__gt=0).exclude(pk__in=closed)]


def clocks_for(lists: Iterable[BlockList]) -> dict[int, Clock]:
    """The clocks of these lists, by primary key; lists that told nothing new have none."""
    lists = [one for one in lists if one.added_count]
    closed = {one.block_list_id: one for one in ClosedClock.objects.filter(block_list__in=lists)}
    return {
        one.pk: _clock(one, answered=closed[one.pk].answered, still_open=0)
        if one.pk in closed
        else _counted(one)
        for one in lists
    }


def open_numbers(block_list: BlockList, *, limit: int = 100, after: int = 0) -> list[int]:
    """New numbers of a list that are open, in order of digits; `after` pages on."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT digits FROM ({_NEW} AND e.digits > %(after)s) AS new
                WHERE listed AND NOT answered ORDER BY digits LIMIT %(limit)s""",  # noqa: S608 - ours
            _facts(block_list) | {"after": after, "limit": limit},
        )
        return [row["digits"] for row in named_rows(cursor)]


def _counted(block_list: BlockList) -> Clock:
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT count(*) FILTER (WHERE answered) AS answered,
                       count(*) FILTER (WHERE listed AND NOT answered) AS still_open
                FROM ({_NEW}) AS new""",  # noqa: S608 - ours
            _facts(block_list),
        )
        return _clock(block_list, **named_rows(cursor)[0])


def _clock(block_list: BlockList, *, answered: int, still_open: int) -> Clock:
    if block_list.published_at is None:
        raise ValueError("only published lists have a clock")
    return Clock(
        block_list,
        block_list.added_count,
        answered,
        still_open,
        block_list.published_at + CLOCK,
        obliged=not block_list.is_voluntary,
    )


def _facts(block_list: BlockList) -> dict[str, Any]:
    """Where the list stands in its chain; `later` told something new after it."""
    chain = BlockList.objects.filter(
        operator=block_list.operator_id, series=block_list.series, state=BlockList.State.PUBLISHED
    )
    later = list(
        chain.filter(sequence__gt=block_list.sequence).order_by("-sequence").values_list("pk", "added_count")
    )
    return {
        "operator": block_list.operator_id,
        "published": block_list.published_at,
        "list": block_list.pk,
        "newest": later[0][0] if later else block_list.pk,
        "later": [pk for pk, added in later if added],
    }
