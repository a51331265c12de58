"""Counts rows below by day, once. The SQL of each dataset is `aduan/statistics/definitions/<name>.sql`."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from django.db import connection

from aduan.blocklists.models import BlockList, ListSeries
from aduan.complaints.categories import all_categories
from aduan.core.periods import JAKARTA
from aduan.statistics.datasets import HOUR_BOUNDS, NO_HOURS, hour_classes
from aduan.statistics.queries import definition_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aduan.statistics.datasets import Dataset

_STORE: Final = (
    "COPY statistics_daycount (dataset, stratum, day, key, count, amount) FROM STDIN WITH (FORMAT csv)"
)
_LISTED: Final = (ListSeries.BLOCK, ListSeries.REFERRAL)


def starts_at(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), JAKARTA)


def count_days(dataset: Dataset, *, first: dt.date, last: dt.date) -> int:
    """Stores the counts of these days, which were not counted before. Returns the number of rows stored."""
    counted = sorted(_counted(dataset, first, last).items())
    lines = io.StringIO()
    csv.writer(lines).writerows(
        (dataset.name, stratum, day, "{" + ",".join(map(_quoted, key)) + "}", count, amount)
        for (stratum, day, key), (count, amount) in counted
    )
    lines.seek(0)
    with connection.cursor() as cursor:
        cursor.copy_expert(_STORE, lines)
    return len(counted)


def _quoted(value: str) -> str:
    """As an element of an array in text form."""
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def totals_now(dataset: Dataset, *, first: dt.date, last: dt.date) -> dict[str, int]:
    """How many rows each stratum has between two days as the tables below stand now."""
    totals: Counter[str] = Counter()
    for stratum, _day, _key, count, _amount in _rows(dataset, first, last):
        totals[stratum] += count
    return dict(totals)


def first_day_of(dataset: Dataset) -> dt.date | None:
    """The day of the oldest row that a dataset could count."""
    column, table = _TIMES[dataset.name]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT (min({column}) AT TIME ZONE 'Asia/Jakarta')::date FROM {table}")  # noqa: S608 - ours
        found: dt.date | None = cursor.fetchone()[0]
    return found


_TIMES: Final = {
    "complaints": ("filed_at", "complaints_complaint"),
    "decisions": ("created_at", "cases_caseevent"),
    "holds": ("confirmed_at", "cases_hold"),
    "answers": ("published_at", "blocklists_blocklist"),
    "referrals": ("made_at", "referrals_referral"),
    "listings": ("published_at", "blocklists_blocklist"),
    "objections": ("proven_at", "appeals_objection"),
    "wrong_blocks": ("released_at", "cases_block"),
}


def _counted(
    dataset: Dataset, first: dt.date, last: dt.date
) -> dict[tuple[str, dt.date, tuple[str, ...]], tuple[int, int]]:
    found: dict[tuple[str, dt.date, tuple[str, ...]], tuple[int, int]] = {}
    for stratum, day, key, count, amount in _rows(dataset, first, last):
        before = found.get((stratum, day, key), (0, 0))
        found[stratum, day, key] = (before[0] + count, before[1] + amount)
    return found


def _rows(
    dataset: Dataset, first: dt.date, last: dt.date
) -> Iterator[tuple[str, dt.date, tuple[str, ...], int, int]]:
    since, until = starts_at(first), starts_at(last + dt.timedelta(days=1))
    given: dict[str, Any] = {"since": since, "until": until, "bounds": list(HOUR_BOUNDS)}
    given["lists"] = _published_lists(since, until) if dataset.name in {"answers", "listings"} else []
    with connection.cursor() as cursor:
        cursor.execute(definition_of(dataset.name), given)
        for day, stratum, key, hours, count, amount in cursor.fetchall():
            yield stratum, day, _key(dataset, key, hours), count, amount


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


def _key(dataset: Dataset, key: list[str], hours: int | None) -> tuple[str, ...]:
    """Codes in the order of the dimensions; the group of the category and the class of hours filled in."""
    named = dict(zip(dataset.columns, key, strict=True))
    if "hours" in named:
        named["hours"] = NO_HOURS if hours is None else hour_classes()[hours]
    if "group" in named:
        category = all_categories().get(named["category"])
        named["group"] = category.group if category else "other"
    return tuple(value or NO_HOURS for value in named.values())
