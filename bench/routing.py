"""Promise: routing all numbers to operators by SQL takes at most 3 times as long as reading them with COPY.

Measured twice: the answer alone (who holds each number today, written to a table), which is the promise; and
`route_many`, which compares with what is stored and writes the rows that differ (here: every fourth).
"""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

from django.core.management import call_command
from django.db import connection

from aduan.numbers.services import route_many
from aduan.numbers.services.routing import routing_parameters, routing_sql
from bench.database import scratch
from bench.outcome import Outcome, median, seconds

SIZES = (1_000_000,)
LIMIT = 3.0
RUNS = 5
TODAY = dt.date(2026, 11, 23)
ROWS = "COPY numbers_phonenumber TO STDOUT"

# Numbers of all prefixes that are in use somewhere, in no order, as complaints bring them.
FILL = """
    INSERT INTO numbers_phonenumber (canonical, kind, digits, routing, first_seen_at)
    SELECT '+' || digits, 'mobile', digits, 'unassigned', timestamptz '2026-11-01 00:00+07'
    FROM (
        SELECT (prefix || lpad((i::bigint * 7919 %% 100000000)::text, 8, '0'))::bigint AS digits
        FROM generate_series(1, %(size)s) AS i,
        LATERAL (
            SELECT (ARRAY['62811','62812','62813','62815','62817','62821','62831','62851','62856','62857',
                          '62863','62877','62881','62895','62896','6285155'])[1 + i %% 16] AS prefix
        ) AS p
    ) AS made
    ON CONFLICT DO NOTHING
"""


class _Sink(io.RawIOBase):
    """Takes what COPY sends and counts it."""

    def __init__(self) -> None:
        self.bytes = 0

    def write(self, data: Any) -> int:
        self.bytes += len(data)
        return len(data)


def execute(sql: str, parameters: dict[str, Any] | None = None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)


def read_all() -> int:
    sink = _Sink()
    with connection.cursor() as cursor:
        cursor.copy_expert(ROWS, sink)
    return sink.bytes


def answer() -> None:
    execute("DROP TABLE IF EXISTS answer")
    select = routing_sql(TODAY) + "SELECT id, operator_id FROM routed"  # noqa: S608
    execute(f"CREATE UNLOGGED TABLE answer AS {select}", routing_parameters(TODAY))


def forget_a_quarter() -> None:
    execute("UPDATE numbers_phonenumber SET operator_id = NULL, routing = 'unassigned' WHERE id % 4 = 0")
    execute("VACUUM ANALYZE numbers_phonenumber")


def measure(size: int) -> Outcome:
    with scratch():
        call_command("load_reference", stdout=io.StringIO())
        execute(FILL, {"size": size})
        route_many(on=TODAY)
        execute("VACUUM ANALYZE numbers_phonenumber")
        read_all()
        ratios, reads, answers, writes = [], [], [], []
        changed: list[int] = []
        for _run in range(RUNS):
            reads.append(seconds(read_all))
            answers.append(seconds(answer))
            ratios.append(answers[-1] / reads[-1])
        for _run in range(2):
            forget_a_quarter()
            writes.append(seconds(lambda: changed.append(route_many(on=TODAY))))
        nothing = seconds(lambda: route_many(on=TODAY))
    floor = median(reads)
    return Outcome(
        title="routing by SQL (each number's operator, the register not updated) as a multiple of COPY",
        runs=RUNS,
        median_ratio=median(ratios),
        floor=floor,
        limit=LIMIT,
        sense="most",
        rows=[
            ("COPY of all rows", f"{floor:.3f} s"),
            ("who holds each number today, into a table", f"{median(answers):.3f} s"),
            (f"route_many, {changed[-1]:,} rows to write", f"{median(writes):.3f} s"),
            ("route_many, nothing to write", f"{nothing:.3f} s"),
        ],
        more={
            "answer_seconds": median(answers),
            "route_many_changed": changed[-1],
            "route_many_seconds": median(writes),
            "route_many_unchanged_seconds": nothing,
        },
    )
