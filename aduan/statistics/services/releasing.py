"""Releases counts: spans of days, and when a month is over its combinations. What is released never changes.

Rows that do not make ten wait for the next days, so that two snapshots never differ by fewer.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Max, Min, Sum

from aduan.core.periods import Month
from aduan.statistics.datasets import DATASETS, THRESHOLD
from aduan.statistics.fold import fold, pool_of
from aduan.statistics.models import Correction, DayCount, ReleasedRow, ReleasedSpan
from aduan.statistics.services.counting import totals_now

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from aduan.statistics.datasets import Dataset

Waiting = dict[str, dict[dt.date, int]]  # stratum → day → rows that were not released yet
Period = tuple[dt.date, dt.date]  # first and last day


def release(dataset: Dataset, *, until: dt.date, day: dt.date) -> None:
    """Releases what is complete up to `until`, in the snapshot of `day`."""
    _release_spans(dataset, until=until, day=day)
    _release_rows(dataset, until=until, day=day)


def release_corrections(dataset: Dataset, month: dt.date, *, day: dt.date) -> None:
    """Counts a released month once more; what differs by ten rows or more is published as a correction."""
    corrected = dict(
        Correction.objects.filter(dataset=dataset.name, month=month)
        .values_list("stratum")
        .annotate(all=Sum("change"))
    )
    spans = _months(dataset, month=month)
    totals = {days: totals_now(dataset, *days) for days in {(span.first, span.last) for span in spans}}
    for span in spans:
        now = totals[span.first, span.last].get(span.stratum, 0)
        change = now - span.count - corrected.get(span.stratum, 0)
        if abs(change) >= THRESHOLD and (now == 0 or now >= THRESHOLD):
            Correction.objects.create(
                dataset=dataset.name, stratum=span.stratum, month=month, change=change, released_on=day
            )


def _release_spans(dataset: Dataset, *, until: dt.date, day: dt.date) -> None:
    ended = dict(
        ReleasedSpan.objects.filter(dataset=dataset.name)
        .values_list("stratum")
        .annotate(last=Max("last_day"))
    )
    waiting: Waiting = defaultdict(dict)
    counts = DayCount.objects.filter(dataset=dataset.name, day__lte=until)
    for stratum, on, count in counts.values_list("stratum", "day").annotate(n=Sum("count")).order_by("day"):
        if stratum not in ended or on > ended[stratum]:
            waiting[stratum][on] = count
    periods = _periods(dataset, {on for days in waiting.values() for on in days}, until)
    ReleasedSpan.objects.bulk_create(
        ReleasedSpan(
            dataset=dataset.name,
            stratum=stratum,
            first_day=first,
            last_day=last,
            month=last.replace(day=1),
            count=count,
            released_on=day,
        )
        for stratum, first, last, count in spans_of(dataset, waiting, periods)
    )


def spans_of(
    dataset: Dataset, waiting: Waiting, periods: list[Period]
) -> Iterator[tuple[str, dt.date, dt.date, int]]:
    """Stratum, first and last day, and number of rows of everything that can be released."""
    if not dataset.daily:
        yield from _monthly(waiting, periods, dataset.pooled)
        return
    for stratum, days in waiting.items():
        yield from _daily(stratum, days)


def calendar_months(days: Iterable[dt.date], until: dt.date) -> list[Period]:
    """First and last day of each month of these days that is over."""
    months = sorted({day.replace(day=1) for day in days})
    return [(month, last_day_of(month)) for month in months if last_day_of(month) <= until]


def months_between(ends: Iterable[dt.date], first: dt.date) -> list[Period]:
    """From `first`, and then from the day after an end, to the next end."""
    found = []
    for end in sorted(ends):
        found.append((first, end))
        first = end + dt.timedelta(days=1)
    return found


def _periods(dataset: Dataset, days: set[dt.date], until: dt.date) -> list[Period]:
    if dataset.follows is None or not days:
        return calendar_months(days, until)
    name, stratum = dataset.follows
    months = _months(DATASETS[name], stratum=stratum)
    return months_between((one.last for one in months if last_day_of(one.month) <= until), min(days))


def _daily(stratum: str, days: dict[dt.date, int]) -> Iterator[tuple[str, dt.date, dt.date, int]]:
    """Spans from the first day with rows on, each ended by the day on which it has enough."""
    first, total = None, 0
    for day, count in sorted(days.items()):
        first, total = first or day, total + count
        if total >= THRESHOLD:
            yield stratum, first, day, total
            first, total = None, 0


def _monthly(
    waiting: Waiting, periods: list[Period], pooled: bool
) -> Iterator[tuple[str, dt.date, dt.date, int]]:
    """Months that are over; what is too few, or hides what is too few, goes with the next month."""
    began: dict[str, dt.date] = {}
    totals: dict[str, int] = defaultdict(int)
    for first, last in periods:
        for stratum, days in waiting.items():
            if count := sum(n for day, n in days.items() if first <= day <= last):
                began.setdefault(stratum, first)
                totals[stratum] += count
        hidden = pool_of(totals) if pooled else {one for one, n in totals.items() if n < THRESHOLD}
        for stratum in sorted(totals.keys() - hidden):
            yield stratum, began.pop(stratum), last, totals.pop(stratum)


def _release_rows(dataset: Dataset, *, until: dt.date, day: dt.date) -> None:
    """Folds each month that is over. The foldings of a dataset stand for the same rows."""
    names = [folding.name for folding in dataset.foldings]
    released = set(
        ReleasedRow.objects.filter(dataset__in=names).values_list("dataset", "stratum", "month").distinct()
    )
    rows: list[ReleasedRow] = []
    for span in _months(dataset):
        missing = [one for one in dataset.foldings if (one.name, span.stratum, span.month) not in released]
        if not missing or last_day_of(span.month) > until:
            continue
        counts = list(
            DayCount.objects.filter(
                dataset=dataset.name, stratum=span.stratum, day__range=(span.first, span.last)
            )
            .values_list("key")
            .annotate(rows=Sum("count"), sum=Sum("amount"))
        )
        for folding in missing:
            places = dataset.places_of(folding)
            parts = ((tuple(key[place] for place in places), count, sum_) for key, count, sum_ in counts)
            rows += [
                ReleasedRow(
                    dataset=folding.name,
                    stratum=span.stratum,
                    month=span.month,
                    key=list(key),
                    count=count,
                    amount=amount,
                    released_on=day,
                )
                for key, count, amount in fold(parts, folding.dimensions)
            ]
    ReleasedRow.objects.bulk_create(rows, batch_size=2000)


@dataclass(frozen=True, slots=True)
class _MonthSpan:
    """The released days of a stratum that count as one month."""

    stratum: str
    month: dt.date
    first: dt.date
    last: dt.date
    count: int


def _months(dataset: Dataset, **where: object) -> list[_MonthSpan]:
    spans = (
        ReleasedSpan.objects.filter(dataset=dataset.name, **where)
        .values_list("stratum", "month")
        .annotate(first=Min("first_day"), last=Max("last_day"), rows=Sum("count"))
        .order_by("stratum", "month")
    )
    return [_MonthSpan(*row) for row in spans]


def last_day_of(month: dt.date) -> dt.date:
    return Month(month.year, month.month).next().first_day - dt.timedelta(days=1)
