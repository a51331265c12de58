"""Which numbers the newest published hold lists carry now. What is not published is revealed nowhere."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import connection

from aduan.blocklists.models import ListSeries
from aduan.blocklists.queries.newest_lists import newest_lists

# The newest list alone: an ended hold leaves with the next one, or at the hour that stands beside it.
_HELD = f"""
    SELECT e.case_id, e.ends_at, l.operator_id, l.published_at
    FROM ({newest_lists(ListSeries.HOLD)}) l
    JOIN blocklists_blocklistentry e ON e.list_id = l.id
    WHERE e.digits = %(digits)s AND e.ends_at > %(at)s
    ORDER BY e.ends_at LIMIT 1
"""  # noqa: S608 - constants


@dataclass(frozen=True, slots=True)
class PublishedHold:
    """That a number is held by its operator until `ends_at`, at the latest."""

    digits: int
    case_id: int
    operator_id: int
    ends_at: dt.datetime
    listed_at: dt.datetime


def published_hold(digits: int, *, at: dt.datetime) -> PublishedHold | None:
    """Whether a published list asks an operator to hold this number now. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_HELD, {"digits": digits, "at": at})
        row = cursor.fetchone()
    if row is None:
        return None
    case_id, ends_at, operator_id, listed_at = row
    return PublishedHold(digits, case_id, operator_id, ends_at, listed_at)
