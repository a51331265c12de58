"""Which operators have not been sent what two people signed, or are still sent what ended."""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.db import connection

_RECENT: Final = dt.timedelta(days=30)  # no hold runs for as long
_LATE: Final = """
    SELECT DISTINCT o.name FROM cases_hold h
    JOIN operators_operator o ON o.id = h.operator_id
    LEFT JOIN LATERAL (SELECT l.id FROM blocklists_blocklist l
                       WHERE l.operator_id = h.operator_id AND l.series = 'hold' AND l.state = 'published'
                       ORDER BY l.sequence DESC LIMIT 1) newest ON TRUE
    CROSS JOIN LATERAL (SELECT EXISTS (SELECT FROM blocklists_blocklistentry e
                        WHERE e.list_id = newest.id AND e.digits = h.digits) AS listed) entry
    WHERE h.state = 'confirmed' AND h.confirmed_at > %(recent)s
      AND CASE WHEN h.ended_at IS NULL AND h.ends_at > %(at)s
               THEN NOT listed AND h.confirmed_at <= %(before)s
               ELSE listed AND least(h.ended_at, h.ends_at) <= %(before)s
                    AND NOT EXISTS (SELECT FROM cases_hold other WHERE other.digits = h.digits
                        AND other.operator_id = h.operator_id AND other.confirmed_at > h.confirmed_at) END
    ORDER BY 1"""


def late_hold_lists(*, at: dt.datetime, after: dt.timedelta) -> list[str]:
    """Names of operators whose newest hold list differs for so long from the holds in force."""
    with connection.cursor() as cursor:
        cursor.execute(_LATE, {"at": at, "before": at - after, "recent": at - _RECENT})
        return [name for (name,) in cursor.fetchall()]
