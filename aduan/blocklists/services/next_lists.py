"""What goes out next, before it does: for each operator what its monthly list would add and remove."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

from django.db import connection

from aduan.blocklists.models import ListSeries
from aduan.blocklists.queries.newest_lists import newest_lists
from aduan.blocklists.services.entries_sql import IN_FORCE
from aduan.core.periods import JAKARTA, month_of

BUILT_AT: Final = dt.time(0, 30)  # of the first of a month, Jakarta; portal.tasks.schedule goes by it
_NEXT: Final = f"""
    WITH newest AS ({newest_lists(ListSeries.BLOCK)})
    SELECT o.code, o.name, n.published_at,
        (SELECT count(*) FROM cases_block b
            WHERE b.operator_id = o.id AND b.requested_action = 'block' AND {IN_FORCE} AND NOT EXISTS (
                SELECT FROM blocklists_blocklistentry p WHERE p.list_id = n.id AND p.digits = b.digits)),
        (SELECT count(*) FROM blocklists_blocklistentry p
            WHERE p.list_id = n.id AND NOT EXISTS (SELECT FROM blocklists_canary k WHERE k.digits = p.digits)
                AND NOT EXISTS (SELECT FROM cases_block b WHERE b.digits = p.digits AND b.operator_id = o.id
                    AND b.requested_action = 'block' AND {IN_FORCE}))
    FROM operators_operator o LEFT JOIN newest n ON n.operator_id = o.id
    WHERE o.kind <> 'ott' AND NOT o.is_sandbox ORDER BY o.name
"""


@dataclass(frozen=True, slots=True)
class NextList:
    """What the next monthly list of an operator changes, were nothing decided until then.

    Removals and urgent blocks do not wait for it: they go out within minutes on a list of their own.
    """

    code: str
    operator: str
    published_at: dt.datetime | None
    added: int
    removed: int


def next_lists(*, at: dt.datetime) -> tuple[dt.datetime, list[NextList]]:
    """When they are made, and one for each operator. One statement; canaries are not counted."""
    day = month_of(at).next().first_day
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, {"day": day})
        return dt.datetime.combine(day, BUILT_AT, JAKARTA), [NextList(*row) for row in cursor.fetchall()]
