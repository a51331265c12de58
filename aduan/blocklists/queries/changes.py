"""What changed on the lists of a series, list by list, so that a receiver catches up without whole lists."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.db import connection

from aduan.blocklists.queries.files import lists_for
from aduan.core.db import named_rows

if TYPE_CHECKING:
    from aduan.blocklists.models import BlockList, ListSeries
    from aduan.operators.models import Operator

NUMBERS_A_PAGE: Final = 10_000
# Numbers that came with a list, and those of the list before that are gone; one page in order of digits.
_CHANGES = """
    SELECT * FROM (
        (SELECT e.digits, true AS added FROM blocklists_blocklistentry e
         WHERE e.list_id = %(list)s AND e.is_new AND e.digits > %(after)s ORDER BY e.digits LIMIT %(limit)s)
        UNION ALL
        (SELECT p.digits, false FROM blocklists_blocklistentry p
         WHERE %(removes)s AND p.list_id = %(before)s AND p.digits > %(after)s
           AND NOT EXISTS (SELECT FROM blocklists_blocklistentry e
               WHERE e.list_id = %(list)s AND e.digits = p.digits)
         ORDER BY p.digits LIMIT %(limit)s)) c
    ORDER BY digits LIMIT %(limit)s"""


@dataclass(frozen=True, slots=True)
class Changes:
    """A page of the changes of one list. `after` goes on within it, and is None at its end."""

    block_list: BlockList
    added: tuple[int, ...]
    removed: tuple[int, ...]
    after: int | None
    caught_up: bool


def changes_since(
    operator: Operator, series: ListSeries, *, sequence: int, after: int = 0, limit: int = NUMBERS_A_PAGE
) -> Changes | None:
    """A page of what the list behind `sequence` changed (0: the first list); None when there is none behind.

    The changes of the lists in order make the newest: full(n) = full(n-1) + added - removed.
    """
    chain = lists_for(operator).filter(series=series)
    block_list = chain.filter(sequence__gt=sequence).order_by("sequence").first()
    if block_list is None:
        return None
    with connection.cursor() as cursor:
        cursor.execute(
            _CHANGES,
            {
                "list": block_list.pk,
                "before": block_list.previous_id or 0,
                "removes": block_list.removed_count > 0,
                "after": after,
                "limit": limit + 1,
            },
        )
        rows = named_rows(cursor)
    more, rows = len(rows) > limit, rows[:limit]
    return Changes(
        block_list,
        added=tuple(row["digits"] for row in rows if row["added"]),
        removed=tuple(row["digits"] for row in rows if not row["added"]),
        after=rows[-1]["digits"] if more else None,
        caught_up=not more and not chain.filter(sequence__gt=block_list.sequence).exists(),
    )


def newest_sequence(operator: Operator, series: ListSeries) -> int:
    """The sequence of the newest list; 0 before the first."""
    newest = lists_for(operator).filter(series=series).order_by("-sequence").first()
    return newest.sequence if newest else 0
