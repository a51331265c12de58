"""The daily snapshot: count, release, package. One job a day, one transaction, the same bytes again."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Final

from django.db import connection, transaction
from django.db.models import Max

from aduan.blocklists.manifest import sha256
from aduan.blocklists.services import keys
from aduan.core import failpoints, jobs
from aduan.core.periods import local_date
from aduan.statistics.datasets import DATASETS, THRESHOLD
from aduan.statistics.figures import compute_figures
from aduan.statistics.models import DayCount, PublishedFile, ReleasedRow, Snapshot
from aduan.statistics.packaging import package_files
from aduan.statistics.published import PACKAGE, Column, Table
from aduan.statistics.queries import OPEN_CASES, definition_of, tables_of
from aduan.statistics.services.counting import count_days, first_day_of, starts_at
from aduan.statistics.services.releasing import release, release_corrections

if TYPE_CHECKING:
    from aduan.statistics.datasets import Dataset

SNAPSHOT_JOB: Final = "statistics_snapshot"
AGES: Final = ("under_a_day", "under_three_days", "under_a_week", "older")


def make_snapshot(*, at: dt.datetime) -> Snapshot | None:
    """The snapshot of yesterday (Jakarta), made once; None while another process makes it."""
    day = local_date(at) - dt.timedelta(days=1)
    if (made := Snapshot.objects.filter(day=day).first()) is not None:
        return made
    if Snapshot.objects.filter(day__gt=day).exists():
        return None
    jobs.enqueue(SNAPSHOT_JOB, day.isoformat(), at=at)
    with jobs.lease(SNAPSHOT_JOB, day.isoformat()) as lease:
        if lease is None:
            return Snapshot.objects.filter(day=day).first()
        with transaction.atomic():
            snapshot = write_snapshot(at=at)
            lease.finish({"snapshot": snapshot.pk})
    return snapshot


def write_snapshot(*, at: dt.datetime) -> Snapshot:
    """Counts, releases and packages everything until yesterday. Call it in one transaction, once a day."""
    day = local_date(at) - dt.timedelta(days=1)
    for dataset in DATASETS.values():
        _update(dataset, day)
    failpoints.reached("snapshot_counted")
    return _package(day, at)


def _update(dataset: Dataset, day: dt.date) -> None:
    until = day - dt.timedelta(days=dataset.settling)
    last = _counted_until(dataset)
    first = last + dt.timedelta(days=1) if last else first_day_of(dataset)
    if first is not None and first <= until:
        count_days(dataset, first=first, last=until)
    month = _month_to_check(dataset, day)
    if month is not None:
        release_corrections(dataset, month, day=day)
    release(dataset, until=until, day=day)


def _counted_until(dataset: Dataset) -> dt.date | None:
    """The last day that has been counted, whether or not it had any row."""
    if not DayCount.objects.filter(dataset=dataset.name).exists():
        return None
    newest: dt.date | None = Snapshot.objects.aggregate(day=Max("day"))["day"]
    return newest and newest - dt.timedelta(days=dataset.settling)


def _month_to_check(dataset: Dataset, day: dt.date) -> dt.date | None:
    """One released month a day, in turn: late changes are found without counting everything daily."""
    names = [folding.name for folding in dataset.foldings]
    months = ReleasedRow.objects.filter(dataset__in=names).values_list("month", flat=True)
    known = sorted(set(months.distinct()), reverse=True)
    return known[day.toordinal() % len(known)] if known else None


def _package(day: dt.date, at: dt.datetime) -> Snapshot:
    tables = [*tables_of(day), _open_cases(day)]
    files = package_files(tables, compute_figures({table.name: table for table in tables}), day=day)
    listed: dict[str, Any] = {}
    for name, body in files.items():
        digest = sha256(body)
        PublishedFile.objects.get_or_create(sha256=digest, defaults={"body": body})
        listed[name] = {"size": len(body), "sha256": digest}
    return Snapshot.objects.create(
        day=day,
        made_at=at,
        digest=listed[PACKAGE]["sha256"],
        files=listed,
        signature=_signature(files[PACKAGE]),
    )


def _signature(package: bytes) -> bytes | None:
    """By the key of the lists, which only the process that makes lists holds; None on another machine."""
    held = keys.private(keys.LISTS)
    return held[0].sign(package) if held else None


def _open_cases(day: dt.date) -> Table:
    """Rounded to tens: the difference of two days must not tell what one day brought."""
    with connection.cursor() as cursor:
        cursor.execute(definition_of(OPEN_CASES), {"until": starts_at(day + dt.timedelta(days=1))})
        counts = dict(cursor.fetchall())
    rows = [(age, rounded(counts.get(age, 0))) for age in AGES]
    columns = (
        Column("age", "string", "Time since the case was opened, at the end of the day"),
        Column("cases", "integer", "To tens"),
    )
    return Table(OPEN_CASES, "Cases that wait, by age; empty: fewer than ten", columns, list(rows))


def rounded(count: int) -> int | None:
    """The nearest ten; None for fewer than ten."""
    return None if count < THRESHOLD else (count + 5) // 10 * 10
