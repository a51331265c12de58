"""All SQL of one list's entries: select, compare, copy out, close, and the questions of the stop checks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from django.db import connection
from psycopg2 import sql

from aduan.blocklists.models import ListSeries, ListType
from aduan.blocklists.queries import accepted_holds, rules_in_force
from aduan.blocklists.services import entries_sql, hold_entries_sql
from aduan.blocklists.services.entries_sql import PLACE, partition
from aduan.blocklists.stop_rules import NAMED, PREFIX_BLOCK
from aduan.core import failpoints
from aduan.core.db import named_rows
from aduan.core.periods import local_date

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence
    from io import BufferedWriter

    from aduan.blocklists.models import BlockList
    from aduan.blocklists.stop_rules import Plan

MOST = NAMED + 1  # one more than a reason names, so that it can say that there are more


class Selected(NamedTuple):
    """How many numbers a selection found, how many are new, and how many of the list before are gone."""

    numbers: int
    added: int
    removed: int


class ListEntries:
    """The entries of one list: its own partition, and that of the list before for comparison."""

    def __init__(self, block_list: BlockList) -> None:
        self._list = block_list
        self._before = block_list.previous_id
        self._mine = partition(block_list.pk)

    def select(self, *, code: str, at: dt.datetime, only_removals: bool) -> Selected:
        """Make the partition and put every number in force on it, sorted.

        `code`: the operator's (a platform's channel bears the same).
        """
        kind = ListType(self._list.kind)
        insert = entries_sql.insert_statement(
            kind, canaries=self._list.series == ListSeries.BLOCK, only_removals=only_removals
        )
        values = {"list": self._list.pk, **_values(self._list.operator_id, code, kind, at)}
        with connection.cursor() as cursor:
            cursor.execute(
                "SET LOCAL work_mem = '256MB'; SET LOCAL maintenance_work_mem = '256MB';"
                " SET LOCAL default_statistics_target = 10"
            )
            cursor.execute("SELECT blocklists_make_partition(%s)", [self._list.pk])
            before = entries_sql.rows_before(self._before)
            cursor.execute(sql.SQL(insert).format(mine=self._mine, before=before), values)
            count = cursor.rowcount
            failpoints.reached("mid_query")
            cursor.execute("SELECT blocklists_seal_partition(%s)", [self._list.pk])  # indexed, analysed
        if self._before is None:
            return Selected(count, count, 0)
        return Selected(count, self._count("{mine} WHERE is_new"), self._count("{removed}"))

    def copy(self, part: str, *, into: BufferedWriter, columns: Sequence[str]) -> None:
        """Stream one part (block, added, removed) as CSV lines, sorted as text. Constant memory.

        `columns`: see `formats.columns_of`; lists of earlier versions have fewer.
        """
        rows: sql.Composable = sql.SQL("{} r").format(self._mine)
        if part == "removed":
            if self._before is None:
                return
            rows = entries_sql.removed_rows(self._list.pk, self._before)
        with connection.cursor() as cursor:
            statement = entries_sql.copy_statement(ListSeries(self._list.series), part, rows, columns)
            cursor.copy_expert(statement, into)
        into.flush()

    def close(self) -> None:
        """Attach the partition: from here on the triggers of the parent table refuse every change."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT blocklists_attach_partition(%s)", [self._list.pk])

    def sample(self, *, limit: int = 50) -> tuple[list[int], list[int]]:
        """The first new and the first removed numbers, for people who look before the list goes out."""
        new = self._digits(
            "SELECT digits FROM {mine} WHERE is_new ORDER BY digits LIMIT %(limit)s", limit=limit
        )
        if self._before is None:
            return new, []
        return new, self._digits("SELECT digits FROM {removed} ORDER BY digits LIMIT %(limit)s", limit=limit)

    def adds_beyond(self, other: BlockList) -> bool:
        """Whether the list adds a number that the other (superseded) one did not have."""
        query = """SELECT EXISTS (SELECT FROM {mine} e WHERE e.is_new
                   AND NOT EXISTS (SELECT FROM {other} o WHERE o.digits = e.digits)) AS beyond"""
        return bool(self._rows(query, other=partition(other.pk))[0]["beyond"])

    def no_longer_in_force(self, *, at: dt.datetime) -> list[int]:
        """Numbers of an unpublished list whose block or hold ended, ran out or moved since. At most 21."""
        series = ListSeries(self._list.series)
        rests_on = (
            f"cases_hold h WHERE h.digits = e.digits AND {hold_entries_sql.IN_FORCE}"
            if series == ListSeries.HOLD
            else f"cases_block b WHERE b.digits = e.digits AND {entries_sql.WANTED[series]}"
            f" AND {entries_sql.IN_FORCE}"
        )
        return self._digits(
            f"""SELECT e.digits FROM {{mine}} e
                WHERE NOT EXISTS (SELECT FROM {rests_on})
                  AND NOT EXISTS (SELECT FROM blocklists_canary n WHERE n.digits = e.digits)
                LIMIT {MOST}""",
            **_values(self._list.operator_id, "", ListType(self._list.kind), at),
        )

    def crowded_blocks(self, *, limit: int) -> list[tuple[int, int]]:
        """Blocks of PREFIX_BLOCK numbers with more than `limit` additions: (block, additions)."""
        query = """SELECT e.digits / %(block)s AS block, count(*) AS added FROM {mine} e WHERE e.is_new
                   GROUP BY 1 HAVING count(*) > %(limit)s ORDER BY 2 DESC, 1 LIMIT 20"""
        rows = self._rows(query, block=PREFIX_BLOCK, limit=limit)
        return [(int(row["block"]), int(row["added"])) for row in rows]

    def strange_categories(self) -> list[int]:
        """Values that would need quoting in a file; the pattern is applied once per category."""
        return self._digits(
            """WITH used AS MATERIALIZED (
                   SELECT category, min(digits) AS digits FROM {mine} GROUP BY category)
               SELECT digits FROM used WHERE category !~ '^[A-Z0-9_]+$'"""
        )

    def outside(self, spans: Sequence[tuple[int, int]]) -> list[int]:
        """Numbers in none of the spans. Ranges of integers, no pattern: this looks at every number."""
        fits = " OR ".join(f"e.digits BETWEEN {int(low)} AND {int(high)}" for low, high in spans)
        return self._digits(f"SELECT e.digits FROM {{mine}} e WHERE NOT ({fits}) LIMIT {MOST}")

    def segments(self, plan: Plan) -> list[int]:
        """Which segments of the number space the list touches: one pass, however many ranges there are."""
        if not plan.bounds:
            return [0]
        bucket = f"width_bucket({PLACE.format('e.digits')}, %(bounds)s::bigint[])"
        rows = self._rows(f"SELECT DISTINCT {bucket} AS segment FROM {{mine}} e", bounds=plan.bounds)
        return [int(row["segment"]) for row in rows]

    def in_segments(self, plan: Plan, segments: Sequence[int], more: str = "", **values: Any) -> list[int]:
        """Numbers in these segments of the number space; `more` is a further condition on `e.digits`."""
        if not segments:
            return []
        bucket = f"width_bucket({PLACE.format('e.digits')}, %(bounds)s::bigint[])"
        where = f"{bucket} = ANY(%(segments)s::int[])" if plan.bounds else "TRUE"
        return self._digits(
            f"SELECT e.digits FROM {{mine}} e WHERE {where}{more} LIMIT {MOST}",
            bounds=plan.bounds,
            segments=list(segments),
            **values,
        )

    def unsigned(self) -> list[int]:
        """New numbers whose block or hold two different people (or three) did not confirm."""
        holds = self._list.series == ListSeries.HOLD
        return self._digits(hold_entries_sql.UNCONFIRMED if holds else entries_sql.UNSIGNED)

    def objected(self) -> list[int]:
        """New numbers with an open objection."""
        return self._digits(
            f"""SELECT e.digits FROM cases_case c JOIN {{mine}} e ON e.case_id = c.id
                WHERE c.objection_since IS NOT NULL AND e.is_new LIMIT {MOST}"""
        )

    def among(self, numbers: Sequence[int]) -> list[int]:
        """Those of these numbers that are on the list."""
        query = f"SELECT e.digits FROM {{mine}} e WHERE e.digits = ANY(%(numbers)s::bigint[]) LIMIT {MOST}"
        return self._digits(query, numbers=list(numbers))

    def _count(self, rows: str) -> int:
        return int(self._rows(f"SELECT count(*) AS number FROM {rows}")[0]["number"])

    def _digits(self, query: str, **values: Any) -> list[int]:
        return sorted(int(row["digits"]) for row in self._rows(query, **values))

    def _rows(
        self, query: str, *, other: sql.Composable | None = None, **values: Any
    ) -> list[dict[str, Any]]:
        names: dict[str, sql.Composable] = {"mine": self._mine}
        if self._before is not None:
            names["removed"] = entries_sql.removed_rows(self._list.pk, self._before)
        if other is not None:
            names["other"] = other
        with connection.cursor() as cursor:
            cursor.execute(sql.SQL(query).format(**names), values)
            return named_rows(cursor)


def _values(operator_id: int, code: str, kind: ListType, at: dt.datetime) -> dict[str, Any]:
    """What a selection asks with: the calendar day in Jakarta, and since when an urgent block may leave."""
    if kind == ListType.HOLD:
        longest, most = accepted_holds(at=at)
        return {"operator": operator_id, "at": at, "longest": longest, "most": most}
    return {
        "operator": operator_id,
        "code": code,
        "day": local_date(at),
        "urgent_until": at - rules_in_force().thresholds.urgent_delay,
    }


def pending(
    operator_id: int, *, code: str, kind: ListType, before: int | None, at: dt.datetime
) -> tuple[bool, bool]:
    """Whether a list of this kind, made now, would add a number; whether it would remove one."""
    values = _values(operator_id, code, kind, at)
    query = sql.SQL(entries_sql.pending_statement(kind)).format(before=entries_sql.rows_before(before))
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        found = named_rows(cursor)[0]
    return bool(found["adds"]), bool(found["removes"])
