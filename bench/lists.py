"""The lists of all operators, built: entries, files, digests, signatures, guards.

Floor: a bare COPY of the same rows to a file. Promised: at most 6 times the floor, at least 40 times as fast
as an ORM iterator with bulk_create and csv.writer, at most 150 MB of memory in the worker.
"""

from __future__ import annotations

import csv
import hashlib
import multiprocessing
import statistics
import time
from multiprocessing.queues import SimpleQueue
from pathlib import Path
from typing import Any

from bench import stage

SIZE = 100_000
LIMIT, LEAST_SPEED, MOST_MEMORY = 6.0, 40.0, 150.0
ORM_ROWS = 50_000
WORKERS = 2  # what the worker runs side by side


def measure(size: int) -> stage.Result:
    stage.durable_database()
    from bench import world

    world.block_numbers(size)
    world.drop_seeds()
    runs = 3 if size <= 1_000_000 else 1
    floors, builds, peaks, alone = [], [], [], []
    for turn in range(runs):
        floors.append(stage.timed(_copy_all))
        seconds, peak = _build_all(turn, workers=WORKERS)
        builds.append(seconds)
        peaks.append(peak)
    alone.append(_build_all(runs, workers=1)[0])
    orm = _orm_seconds_per_row(min(size, ORM_ROWS))
    floor = statistics.median(floors)
    build = statistics.median(builds)
    ratio, speed = build / floor, orm * size / build
    return stage.Result(
        promise="lists",
        size=size,
        runs=[one / floor for one in builds],
        median_ratio=ratio,
        floor=floor,
        limit=LIMIT,
        holds=ratio <= LIMIT and speed >= LEAST_SPEED and max(peaks) <= MOST_MEMORY,
        more={
            "build_seconds": build,
            "build_seconds_one_worker": statistics.median(alone),
            "numbers_per_second": size / build,
            "orm_seconds_for_the_same": orm * size,
            "orm_measured_rows": min(size, ORM_ROWS),
            "times_as_fast_as_orm": speed,
            "least_times_as_fast": LEAST_SPEED,
            "worker_peak_mb": max(peaks),
            "most_worker_peak_mb": MOST_MEMORY,
        },
    )


_ROWS = """SELECT digits, 'block', since, until, category, 'K-' || lpad(case_id::text, 8, '0')
    FROM cases_block
    WHERE operator_id = {} AND action = 'block' AND released_at IS NULL AND until > DATE '2026-11-18'"""


def _copy_all() -> None:
    """The floor: the same rows, unsorted, to one file an operator."""
    from django.db import connection

    from bench import world

    for operator in world.operators():
        path = Path("/tmp") / f"bench-copy-{operator.code}.csv"  # noqa: S108
        with path.open("wb") as file, connection.cursor() as cursor:
            cursor.copy_expert(f"COPY ({_ROWS.format(operator.pk)}) TO STDOUT WITH (FORMAT csv)", file)
        path.unlink()


def _build_all(turn: int, *, workers: int) -> tuple[float, float]:
    """Seconds until the lists of all operators exist, and the peak memory of a worker."""
    from django.db import connection

    from bench import world

    codes = [operator.code for operator in world.operators()]
    connection.close()
    context = multiprocessing.get_context("spawn")
    tasks: SimpleQueue[Any] = context.SimpleQueue()
    said: SimpleQueue[Any] = context.SimpleQueue()
    started = [context.Process(target=_worker, args=(tasks, said, turn)) for _ in range(workers)]
    for process in started:
        process.start()
    for _ in started:
        said.get()  # ready: a Celery worker is warm before its task comes
    start = time.perf_counter()
    for code in [*codes, *[None] * workers]:
        tasks.put(code)
    peaks = [said.get() for _ in started]
    seconds = time.perf_counter() - start
    for process in started:
        process.join()
        if process.exitcode:
            raise RuntimeError("a worker failed")
    return seconds, max(peaks)


def _worker(tasks: SimpleQueue[Any], said: SimpleQueue[Any], turn: int) -> None:
    import django

    django.setup()
    from aduan.blocklists.models import Kind
    from aduan.blocklists.services import build_list
    from aduan.core.periods import Month
    from aduan.operators.models import Operator
    from bench.world import AT

    Operator.objects.count()
    said.put("ready")
    while (code := tasks.get()) is not None:
        operator = Operator.objects.get(code=code)
        made = build_list(operator, period=Month(2020 + turn, 10), kind=Kind.MONTHLY, at=AT)
        if made is None:
            raise RuntimeError(f"{code} was not built")
    said.put(stage.peak_mebibytes())


def _orm_seconds_per_row(rows: int) -> float:
    """As most would write it: iterate, bulk_create 5,000 at a time, csv.writer, hashlib."""
    from django.db import connection

    from aduan.blocklists.models import Entry
    from aduan.cases.models import Block

    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bench_orm (LIKE blocklists_entry, PRIMARY KEY (list_id, digits))")
    table, Entry._meta.db_table = Entry._meta.db_table, "bench_orm"
    path = Path("/tmp/bench-orm.csv")  # noqa: S108
    start = time.perf_counter()
    batch: list[Entry] = []
    blocks = Block.objects.filter(action="block", released_at=None).select_related("case").order_by("digits")
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        for block in blocks[:rows].iterator(chunk_size=5000):
            batch.append(
                Entry(
                    list_id=1,
                    digits=block.digits or 0,
                    since=block.since,
                    until=block.until,
                    is_new=True,
                    category=block.category,
                    case_id=block.case_id,
                )
            )
            writer.writerow(
                [block.digits, "block", block.since, block.until, block.category, block.case.reference]
            )
            if len(batch) == 5000:
                Entry.objects.bulk_create(batch)
                batch.clear()
        Entry.objects.bulk_create(batch)
    hashlib.sha256(path.read_bytes()).hexdigest()
    seconds = time.perf_counter() - start
    Entry._meta.db_table = table
    path.unlink()
    return seconds / rows
