"""Promise: the snapshot of all days costs a few reads of the rows it counts, and one day more costs little.

Floor: one COPY of the columns that are counted, of complaints and decisions. SIZE is complaints; a case has
five, and half of the cases are decided. At most 8 times the floor, 300 MB, and 5 s from one day to the next.
A snapshot has some 250 statements and 35 files whatever its size: of 20,000 complaints these are the most.
From its files alone a stranger recomputes every figure. The ratio is one of processor time, of this process
and its session in PostgreSQL: beside other work seconds on the clock say how long both waited.
"""

from __future__ import annotations

import datetime as dt
import functools
import io
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from django.db import connection, transaction
from django.utils import timezone

from aduan.statistics.models import Snapshot
from aduan.statistics.packaging import as_csv, as_parquet, parquet_engine
from aduan.statistics.published import COUNT, Table
from aduan.statistics.services.snapshots import write_snapshot
from bench import desk, memory
from bench.database import scratch
from bench.loading import past_triggers
from bench.outcome import Outcome
from tests.contrib.stranger import counts_of, recomputed

SIZES = (1_000_000,)
LIMIT, MOST_MEMORY, MOST_DAY = 8.0, 300.0, 5.0
_READ = (
    "SELECT filed_at, category, channel, case_id FROM complaints_complaint",
    "SELECT e.created_at, e.action, e.detail, e.case_id FROM cases_caseevent e",
    "SELECT id, category, number_kind, region, operator_id, opened_at, due_at FROM cases_case",
)
_DECISIONS = """
    INSERT INTO cases_caseevent
        (case_id, action, from_status, to_status, created_at, reason, system_reason, detail)
    SELECT id, CASE id %% 4 WHEN 0 THEN 'confirm_block' ELSE 'dismiss' END, 'open', 'dismissed',
        opened_at + (1 + id %% 40) * interval '1 hour', '', '',
        jsonb_build_object('ready_at', opened_at, 'due_at', opened_at + interval '24 hours',
            'reason_code', 'r' || id %% 7)
    FROM cases_case WHERE id %% 2 = 0 OR id %% 5 = 0
"""


class _Nowhere(io.RawIOBase):
    """Takes the bytes of a COPY and keeps none."""

    def write(self, taken: object) -> int:
        return len(taken)  # type: ignore[arg-type]


def fill(size: int) -> None:
    desk.fill(size)
    with past_triggers(), connection.cursor() as cursor:
        cursor.execute(_DECISIONS, [])
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE cases_caseevent")


def copy_all() -> None:
    for statement in _READ:
        with connection.cursor() as cursor:
            cursor.copy_expert(f"COPY ({statement}) TO STDOUT", _Nowhere())


def snapshot(at: dt.datetime) -> None:
    with transaction.atomic():
        write_snapshot(at=at)


def cost(act: Callable[[], object]) -> tuple[float, float]:
    """Seconds on the clock, and of processor time."""
    start, spent = time.perf_counter(), _processor()
    act()
    return time.perf_counter() - start, _processor() - spent


def _processor() -> float:
    """Of this process and of its session in PostgreSQL, a process of this machine."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        stat = Path(f"/proc/{cursor.fetchone()[0]}/stat").read_text()
    user, system = stat.rpartition(")")[2].split()[11:13]
    return time.process_time() + (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def measure(size: int) -> Outcome:
    one = Table("warm", "", (COUNT,), [(1,)])
    with parquet_engine() as engine:
        as_parquet(one, as_csv(one), engine=engine)  # loads its library, once in the life of a process
    with scratch(f"figures{size}", functools.partial(fill, size)):
        with connection.cursor() as cursor:  # one sequential read: what helpers spend is not seen here
            cursor.execute("SET max_parallel_workers_per_gather = 0")
        copy_all()  # so that both read from memory
        floor, floor_spent = min((cost(copy_all) for _turn in range(3)), key=lambda one: one[1])
        now = timezone.now()
        before = memory.megabytes(memory.AT_MOST)
        whole, whole_spent = cost(lambda: snapshot(now))
        peak = memory.megabytes(memory.AT_MOST)
        day, day_spent = cost(lambda: snapshot(now + dt.timedelta(days=1)))
        newest = Snapshot.objects.latest("day")
        files = sum(entry["size"] for entry in newest.files.values())
        with tempfile.TemporaryDirectory(dir="/tmp") as empty:
            published, again, differ = counts_of(recomputed(newest, Path(empty)))
    ratio = whole_spent / floor_spent
    return Outcome(
        title="the snapshot of all days, and of one more",
        runs=1,
        median_ratio=ratio,
        floor=floor_spent,
        limit=LIMIT,
        sense="most",
        also_holds=day_spent <= MOST_DAY and peak <= MOST_MEMORY and published == again and not differ,
        rows=[
            ("bare COPY of the rows that are counted", _shown(floor, floor_spent)),
            ("snapshot of all days", _shown(whole, whole_spent)),
            (f"snapshot of the next day (at most {MOST_DAY:g} s)", _shown(day, day_spent)),
            (f"peak memory (at most {MOST_MEMORY:g} MB; {before:.0f} before)", f"{peak:.0f} MB"),
            ("files of a snapshot", f"{files / 1e6:.1f} MB"),
            ("figures that a stranger recomputes from them", f"{again:,} of {published:,}, {differ} differ"),
        ],
        more={
            "snapshot_seconds": [whole, whole_spent],
            "day_seconds": [day, day_spent],
            "peak_mb": peak,
            "files_bytes": files,
            "recomputed": [published, again, differ],
        },
    )


def _shown(clock: float, spent: float) -> str:
    return f"{spent:.2f} s ({clock:.1f})"
