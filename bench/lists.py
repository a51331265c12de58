"""The lists of all operators, built: entries, nine files a list, digests, signatures, stop rules.

Floor: a bare COPY of the same rows to a file. Promised: at most 6 times the floor, at least 40 times as fast
as an ORM iterator with bulk_create doing the same, at most 150 MB of memory in the worker; and ten times the
numbers take at most 11 times as long (shown when a run of a tenth of the size was measured here before). The
memory is promised for a million; what it counts beyond are files that are mapped to be signed, not kept.
"""

from __future__ import annotations

import json
import multiprocessing
import time
from multiprocessing.queues import SimpleQueue
from pathlib import Path
from typing import Any

from bench import memory
from bench.outcome import Outcome, median, seconds

SIZES = (1_000_000,)  # with fewer, what a list costs whatever its length would be measured
LIMIT, LEAST_SPEED, MOST_MEMORY, MOST_GROWTH = 6.0, 40.0, 150.0, 11.0
ORM_ROWS = 1_000_000
WORKERS = 2  # what the worker runs side by side


def measure(size: int) -> Outcome:
    from bench import by_orm, world

    with world.country(size):
        runs = 5 if size <= 1_000_000 else 2
        year = _unused_year()
        floors, builds, peaks = [], [], []
        for turn in range(runs):
            floors.append(seconds(_copy_all))
            took, peak = _build_all(year + turn, workers=WORKERS)
            builds.append(took)
            peaks.append(peak)
        alone = _build_all(year + runs, workers=1)[0]
        rows = min(size, ORM_ROWS)
        orm = by_orm.seconds_for(rows) * size / rows
    return _outcome(size, floors, builds, alone, orm, max(peaks))


def _outcome(
    size: int, floors: list[float], builds: list[float], alone: float, orm: float, peak: float
) -> Outcome:
    """`orm` is in seconds for the same numbers, `peak` in MB."""
    build, tenth = median(builds), _of_a_tenth(size)
    speed, growth = orm / build, build / tenth if tenth else 0.0
    shown_growth = f"{growth:.1f}" if tenth else "not measured here"
    return Outcome(
        title="lists of all operators: entries, 9 files each, digests, signatures, stop rules",
        runs=len(builds),
        median_ratio=median([one / floor for one, floor in zip(builds, floors, strict=True)]),
        floor=median(floors),
        limit=LIMIT,
        sense="most",
        also_holds=speed >= LEAST_SPEED
        and growth <= MOST_GROWTH
        and (peak <= MOST_MEMORY or size > 1_000_000),
        rows=[
            ("bare COPY of the same rows", f"{median(floors):.2f} s"),
            (f"build, {WORKERS} workers", f"{build:.2f} s"),
            ("build, 1 worker", f"{alone:.2f} s"),
            ("numbers per second", f"{size / build:,.0f}"),
            (f"ORM doing the same, {min(size, ORM_ROWS):,} rows measured", f"{orm:.1f} s"),
            (f"times as fast as that (at least {LEAST_SPEED:g})", f"{speed:.1f}"),
            ("the same with 1 worker", f"{orm / alone:.1f}"),
            (f"peak memory of a worker (at most {MOST_MEMORY:g} MB)", f"{peak:.0f} MB"),
            (f"times as long as {size // 10:,} numbers (at most {MOST_GROWTH:g})", shown_growth),
        ],
        more={
            "build_seconds": build,
            "build_seconds_one_worker": alone,
            "orm_seconds": orm,
            "times_as_fast_as_orm": speed,
            "worker_peak_mb": peak,
            "times_as_long_as_a_tenth": growth or None,
        },
    )


def _of_a_tenth(size: int) -> float | None:
    """Seconds of the build with a tenth of the numbers, if it was measured here.

    Below a million, what a list costs whatever its length would hide what a number costs.
    """
    kept = Path(__file__).parent / "results" / f"lists-{size // 10}.json"
    if size < 10_000_000 or not kept.exists():
        return None
    return float(json.loads(kept.read_text(encoding="utf-8"))["build_seconds"])


def _unused_year() -> int:
    """A monthly list is made once: each turn needs a month of its own, also in a database that is kept."""
    from aduan.blocklists.models import BlockList

    newest = BlockList.objects.order_by("-period").first()
    return newest.period.year + 1 if newest else 2020


_ROWS = """SELECT digits, 'block', valid_from, valid_until, category, 'K-' || lpad(case_id::text, 8, '0')
    FROM cases_block
    WHERE operator_id = {} AND requested_action = 'block' AND released_at IS NULL
      AND valid_until > DATE '2026-11-18'"""


def _copy_all() -> None:
    """The floor: the same rows, unsorted, to one file an operator."""
    from django.db import connection

    from bench import world

    for operator in world.operators():
        path = Path("/tmp") / f"bench-copy-{operator.code}.csv"  # noqa: S108
        with path.open("wb") as file, connection.cursor() as cursor:
            cursor.copy_expert(f"COPY ({_ROWS.format(operator.pk)}) TO STDOUT WITH (FORMAT csv)", file)
        path.unlink()


def _build_all(year: int, *, workers: int) -> tuple[float, float]:
    """Seconds until the lists of all operators exist, and the peak memory of a worker."""
    from django.db import connection

    from bench import world

    codes = [operator.code for operator in world.operators()]
    connection.close()
    context = multiprocessing.get_context("spawn")
    tasks: SimpleQueue[Any] = context.SimpleQueue()
    said: SimpleQueue[Any] = context.SimpleQueue()
    started = [context.Process(target=_worker, args=(tasks, said, year)) for _ in range(workers)]
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


def _worker(tasks: SimpleQueue[Any], said: SimpleQueue[Any], year: int) -> None:
    import django

    django.setup()
    from aduan.blocklists.models import ListType
    from aduan.blocklists.services import build_list
    from aduan.core.periods import Month
    from aduan.operators.models import Operator
    from bench.world import AT

    Operator.objects.count()
    said.put("ready")
    while (code := tasks.get()) is not None:
        operator = Operator.objects.get(code=code)
        made = build_list(operator, period=Month(year, 10), kind=ListType.MONTHLY, at=AT)
        if made is None:
            raise RuntimeError(f"{code} was not built")
    said.put(memory.megabytes(memory.AT_MOST))
