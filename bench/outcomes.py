"""Promise: 100,000 answers are uploaded, checked and applied within 10 seconds, in constant memory.

Floor: a bare COPY of the same rows into an empty table.
"""

from __future__ import annotations

import functools
import io
from collections.abc import Iterator
from typing import TYPE_CHECKING

from bench import memory
from bench.outcome import Outcome, median, seconds

if TYPE_CHECKING:
    from aduan.blocklists.models import BlockList

SIZES = (100_000,)
LIMIT, PER = 10.0, 100_000  # seconds per so many rows
MOST_GROWTH_MB = 64.0


def measure(size: int) -> Outcome:
    from bench import world

    with world.country(size, only="alpha"):
        built = _published()
        before = memory.megabytes(memory.AT_MOST)
        floors = [seconds(lambda: _copy(built.pk, size)) for _ in range(3)]
        runs = [
            seconds(functools.partial(_report, built, size, answer)) for answer in ("blocked", "inactive")
        ]
        growth = memory.megabytes(memory.AT_MOST) - before
    took = max(runs)
    return Outcome(
        title=f"seconds per {PER:,} rows: validated, applied in one set; the slower of two reports",
        runs=len(runs),
        median_ratio=took * PER / size,
        floor=median(floors),
        limit=LIMIT,
        sense="most",
        also_holds=growth <= MOST_GROWTH_MB,
        rows=[
            ("bare COPY of the same rows", f"{median(floors):.2f} s"),
            ("first report", f"{runs[0]:.2f} s"),
            ("a report that changes every row", f"{runs[1]:.2f} s"),
            ("allowed", f"{LIMIT * size / PER:.1f} s"),
            ("rows per second", f"{size / took:,.0f}"),
            (f"growth of memory (at most {MOST_GROWTH_MB:g} MB)", f"{growth:.0f} MB"),
        ],
        more={"seconds": runs, "memory_growth_mb": growth},
    )


def _published() -> BlockList:
    """Operator alpha's list of the month."""
    from aduan.blocklists.models import BlockList, ListType
    from aduan.blocklists.services import build_list, publish_due, resume_list
    from aduan.core.periods import Month
    from bench import world
    from tests.factories.accounts import step_up

    alpha = world.operators()[0]
    built = build_list(alpha, period=Month(2026, 10), kind=ListType.MONTHLY, at=world.AT)
    if built is None:
        raise RuntimeError("the list was not built")
    if built.state == BlockList.State.STOPPED:
        for one in world.people():
            resume_list(built, by=one, step_up=step_up(one, world.AT), at=world.AT)
    publish_due(at=world.AT)
    built.refresh_from_db()
    return built


def _numbers(list_id: int, size: int) -> Iterator[int]:
    from django.db import connection, transaction

    with transaction.atomic(), connection.connection.cursor("numbers") as cursor:
        cursor.itersize = 5000
        cursor.execute(
            "SELECT digits FROM blocklists_blocklistentry WHERE list_id = %s ORDER BY digits LIMIT %s",
            [list_id, size],
        )
        for (digits,) in cursor:
            yield digits


def _copy(list_id: int, size: int) -> None:
    from django.db import connection, transaction

    lines = "".join(f"{digits}\tblocked\n" for digits in _numbers(list_id, size))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE floor (digits bigint, answer text) ON COMMIT DROP")
        cursor.copy_expert("COPY floor FROM STDIN", io.StringIO(lines))


def _report(block_list: BlockList, size: int, answer: str) -> None:
    from aduan.blocklists.services import AnswerRow, report_outcomes
    from bench import world

    numbers = list(_numbers(block_list.pk, size))
    rows = (
        AnswerRow(nth, str(digits), answer, "2026-11-18T09:30:00+07:00")
        for nth, digits in enumerate(numbers, start=1)
    )
    report = report_outcomes(block_list, rows, list_digest=block_list.digest, at=world.AT + world.LATER)
    if report.changed_count != size:
        raise RuntimeError(f"{report.changed_count} of {size} rows were applied")
