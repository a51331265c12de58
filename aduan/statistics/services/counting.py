"""Counts rows below by day, once. The SQL of each dataset is `aduan/statistics/definitions/<name>.sql`."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any, Final

from django.db import connection

from aduan.blocklists.models import BlockList, ListSeries
from aduan.complaints.categories import all_categories
from aduan.core.periods import JAKARTA
from aduan.statistics.datasets import HOUR_BOUNDS, NO_HOURS, hour_classes
from aduan.statistics.queries import definition_of

if TYPE_CHECKING:
    from aduan.statistics.datasets import Dataset

_STORE: Final = """
    INSERT INTO statistics_daycount (dataset, stratum, day, key, count, amount)
    SELECT %(dataset)s, stratum, day, array_replace(array_replace(key, NULL, %(none)s), '', %(none)s),
        sum(count), sum(amount)
    FROM ({definition}) counted GROUP BY 2, 3, 4
"""
_TOTALS: Final = "SELECT stratum, sum(count)::bigint FROM ({definition}) counted GROUP BY 1"
_OF_STRATUM: Final = """
    SELECT key, sum(count)::bigint FROM ({definition}) counted WHERE stratum = %(stratum)s GROUP BY 1
"""
_LISTED: Final = (ListSeries.BLOCK, ListSeries.REFERRAL)


def starts_at(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), JAKARTA)


def count_days(dataset: Dataset, *, first: dt.date, last: dt.date) -> int:
    """Stores the counts of these days, which were not counted before. Returns the number of rows stored."""
    with connection.cursor() as cursor:
        cursor.execute(_over(_STORE, dataset), _given(dataset, first, last))
        stored: int = cursor.rowcount
    return stored


def totals_now(dataset: Dataset, first: dt.date, last: dt.date) -> dict[str, int]:
    """How many rows each stratum has between two days as the tables below stand now."""
    with connection.cursor() as cursor:
        cursor.execute(_over(_TOTALS, dataset), _given(dataset, first, last))
        return dict(cursor.fetchall())


def answers_now(
    dataset: Dataset, stratum: str, *, first: dt.date, last: dt.date
) -> dict[tuple[str, ...], int]:
    """How many rows each key of a stratum has between two days, as the tables below stand now."""
    with connection.cursor() as cursor:
        cursor.execute(_over(_OF_STRATUM, dataset), _given(dataset, first, last) | {"stratum": stratum})
        return {tuple(value or NO_HOURS for value in key): count for key, count in cursor.fetchall()}


def first_day_of(dataset: Dataset) -> dt.date | None:
    """The day of the oldest row that a dataset could count."""
    column, table = _TIMES[dataset.name]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT (min({column}) AT TIME ZONE 'Asia/Jakarta')::date FROM {table}")  # noqa: S608 - ours
        found: dt.date | None = cursor.fetchone()[0]
    return found


_ENDED: Final = """
    (SELECT min(released_at) AS ended FROM cases_block UNION ALL SELECT min(ended_at) FROM cases_hold) w
"""
_TIMES: Final = {
    "complaints": ("filed_at", "complaints_complaint"),
    "decisions": ("created_at", "cases_caseevent"),
    "holds": ("confirmed_at", "cases_hold"),
    "answers": ("published_at", "blocklists_blocklist"),
    "referrals": ("made_at", "referrals_referral"),
    "objections": ("proven_at", "appeals_objection"),
    "wrong_blocks": ("ended", _ENDED),
}


def _over(statement: str, dataset: Dataset) -> str:
    return statement.format(definition=definition_of(dataset.name))


def _given(dataset: Dataset, first: dt.date, last: dt.date) -> dict[str, Any]:
    """The parameters of a definition."""
    since, until = starts_at(first), starts_at(last + dt.timedelta(days=1))
    return {
        "dataset": dataset.name,
        "since": since,
        "until": until,
        "bounds": list(HOUR_BOUNDS),
        "classes": list(hour_classes()),
        "groups": json.dumps({code: one.group for code, one in all_categories().items()}),
        "none": NO_HOURS,
        "lists": _published_lists(since, until) if dataset.name == "answers" else [],
    }


def _published_lists(since: dt.datetime, until: dt.datetime) -> list[int]:
    """Named by their keys, so that the database opens the partitions of these lists only."""
    lists = BlockList.objects.filter(
        state=BlockList.State.PUBLISHED,
        series__in=_LISTED,
        published_at__gte=since,
        published_at__lt=until,
        operator__is_sandbox=False,
    )
    return list(lists.order_by("pk").values_list("pk", flat=True))
