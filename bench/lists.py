"""The lists of all operators, built: entries, files, digests, signatures, guards.

Floor: a bare COPY of the same rows to a file. Promised: at most 6 times the floor, at least 40 times as fast
as an ORM iterator with bulk_create and csv.writer, at most 150 MB of memory in the worker.
"""

from __future__ import annotations

import csv
import hashlib
import json
import multiprocessing
import resource
import tempfile
import time
from multiprocessing.queues import SimpleQueue
from pathlib import Path
from typing import Any

from bench.outcome import Outcome, median, seconds

SIZES = (100_000,)
LIMIT, LEAST_SPEED, MOST_MEMORY = 6.0, 40.0, 150.0
ORM_ROWS = 50_000
WORKERS = 2  # what the worker runs side by side


def measure(size: int) -> Outcome:
    from bench import world

    world.migrate()
    world.block_numbers(size)
    runs = 3 if size <= 1_000_000 else 1
    floors, builds, peaks = [], [], []
    for turn in range(runs):
        floors.append(seconds(_copy_all))
        took, peak = _build_all(turn, workers=WORKERS)
        builds.append(took)
        peaks.append(peak)
    alone = _build_all(runs, workers=1)[0]
    orm = _orm_seconds_per_row(min(size, ORM_ROWS)) * size
    return _outcome(size, floors, builds, alone, orm, max(peaks))


def _outcome(
    size: int, floors: list[float], builds: list[float], alone: float, orm: float, peak: float
) -> Outcome:
    """`orm` is in seconds for the same numbers, `peak` in MB."""
    build = median(builds)
    speed = orm / build
    return Outcome(
        title="lists of all operators: entries, 9 files each, digests, signatures, guards",
        runs=len(builds),
        median_ratio=median([one / floor for one, floor in zip(builds, floors, strict=True)]),
        floor=median(floors),
        limit=LIMIT,
        sense="most",
        also_holds=speed >= LEAST_SPEED and peak <= MOST_MEMORY,
        rows=[
            ("bare COPY of the same rows", f"{median(floors):.2f} s"),
            (f"build, {WORKERS} workers", f"{build:.2f} s"),
            ("build, 1 worker", f"{alone:.2f} s"),
            ("numbers per second", f"{size / build:,.0f}"),
            (f"ORM and csv.writer (from {min(size, ORM_ROWS):,} rows)", f"{orm:.1f} s"),
            (f"times as fast as that (at least {LEAST_SPEED:g})", f"{speed:.1f}"),
            (f"peak memory of a worker (at most {MOST_MEMORY:g} MB)", f"{peak:.0f} MB"),
        ],
        more={
            "build_seconds": build,
            "build_seconds_one_worker": alone,
            "orm_seconds": orm,
            "times_as_fast_as_orm": speed,
            "worker_peak_mb": peak,
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
    took = time.perf_counter() - start
    for process in started:
        process.join()
        if process.exitcode:
            raise RuntimeError("a worker failed")
    return took, max(peaks)


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
    said.put(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


_ORM_TABLE = """CREATE TABLE bench_orm (LIKE blocklists_entry, PRIMARY KEY (list_id, digits),
    FOREIGN KEY (list_id) REFERENCES blocklists_blocklist DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY (case_id) REFERENCES cases_case DEFERRABLE INITIALLY DEFERRED)"""


def _orm_seconds_per_row(rows: int) -> float:
    """As most would write it: a table with foreign keys, iterate, bulk_create 5,000 at a time, csv.writer,
    json, hashlib. No guards, no signatures."""
    from django.db import connection, transaction

    from aduan.blocklists.models import BlockList, Entry

    with connection.cursor() as cursor:
        cursor.execute(_ORM_TABLE)
    list_id = BlockList.objects.values_list("pk", flat=True)[0]
    table, Entry._meta.db_table = Entry._meta.db_table, "bench_orm"
    start = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder, transaction.atomic():
        _write_by_orm(Path(folder), list_id, rows)
    took = time.perf_counter() - start
    Entry._meta.db_table = table
    return took / rows


def _write_by_orm(folder: Path, list_id: int, rows: int) -> None:
    from aduan.blocklists.models import Entry
    from aduan.cases.models import Block

    blocks = Block.objects.filter(action="block", released_at=None).select_related("case").order_by("digits")
    paths = [folder / name for name in ("block.csv", "block.json", "block.txt")]
    batch: list[Entry] = []
    with paths[0].open("w", newline="") as file, paths[1].open("w") as pages, paths[2].open("w") as lines:
        writer = csv.writer(file)
        for block in blocks[:rows].iterator(chunk_size=5000):
            values = {"since": block.since, "until": block.until, "category": block.category}
            batch.append(
                Entry(list_id=list_id, digits=block.digits or 0, case_id=block.case_id, is_new=True, **values)
            )
            line = [block.digits, "block", *values.values(), block.case.reference]
            writer.writerow(line)
            pages.write(json.dumps(line, default=str) + "\n")
            lines.write(f"{block.digits}\n")
            if len(batch) == 5000:
                Entry.objects.bulk_create(batch)
                batch.clear()
        Entry.objects.bulk_create(batch)
    for path in paths:
        hashlib.sha256(path.read_bytes()).hexdigest()
