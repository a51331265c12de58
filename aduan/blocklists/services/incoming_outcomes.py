"""SQL of one batch of outcomes.

Rows are copied into the temporary table `incoming_outcomes`, checked against the list and applied in one
statement.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from django.db import connection
from psycopg2 import sql

from aduan.blocklists import outcome_rows
from aduan.blocklists.outcome_rows import AnswerRow, CheckedRow, RowError
from aduan.blocklists.services import entries_sql
from aduan.core.db import named_rows
from aduan.core.errors import DomainError

if TYPE_CHECKING:
    import datetime as dt
    import hashlib
    from collections.abc import Iterable, Iterator

    from aduan.blocklists.models import BlockList, OutcomeReport

MAX_ERRORS = 1000
STATEMENT_TIMEOUT = "60s"  # loading a hundred thousand rows takes longer than the limit for a web page

# The case for which a number stood on the newest earlier list with it. A receiver may have missed the list
# that took the number off, and still has to say that it is free again.
_EARLIER = """(SELECT f.case_id FROM blocklists_blocklist l
    JOIN blocklists_blocklistentry f ON f.list_id = l.id AND f.digits = t.digits
    WHERE l.operator_id = %(operator)s AND l.series = %(series)s AND l.state = 'published'
      AND l.sequence < %(sequence)s ORDER BY l.sequence DESC LIMIT 1)"""
_CHECKS = f"""
    SELECT row, 'duplicate_row' AS code, digits FROM (
        SELECT row, digits, row_number() OVER (PARTITION BY digits ORDER BY row) AS nth
        FROM incoming_outcomes) d
        WHERE nth > 1
    UNION ALL
    SELECT t.row, 'not_on_list', t.digits FROM incoming_outcomes t WHERE t.answer <> 'unblocked'
        AND NOT EXISTS (SELECT FROM {{mine}} e WHERE e.digits = t.digits)
    UNION ALL
    SELECT t.row, 'not_removed_by_list', t.digits FROM incoming_outcomes t WHERE t.answer = 'unblocked'
        AND (EXISTS (SELECT FROM {{mine}} e WHERE e.digits = t.digits) OR {_EARLIER} IS NULL)
    ORDER BY 1 LIMIT {{limit}}"""
# The clock runs from the list that first carried the number: this one, or an earlier one.
_APPLY = f"""
    INSERT INTO blocklists_outcome AS o
        (operator_id, block_list_id, report_id, digits, case_id, answer, acted_at, reason, clock_from, due_at,
         reported_at, first_answer, first_acted_at, first_reported_at, effect_at, effect_note)
    SELECT %(operator)s, %(list)s, %(report)s, t.digits, coalesce(e.case_id, {_EARLIER}), t.answer,
           t.acted_at, t.reason, c.clock, c.clock + interval '24 hours', %(at)s, t.answer, t.acted_at, %(at)s,
           CASE WHEN t.answer IN ('not_ours', 'recycled', 'refused') THEN NULL ELSE %(at)s END, ''
    FROM incoming_outcomes t LEFT JOIN {{mine}} e ON e.digits = t.digits
    CROSS JOIN LATERAL (SELECT coalesce(CASE WHEN e.digits IS NULL OR e.is_new THEN %(published)s END, (
        SELECT max(l.published_at) FROM blocklists_blocklist l
        JOIN blocklists_blocklistentry f ON f.list_id = l.id AND f.digits = t.digits AND f.is_new
        WHERE l.operator_id = %(operator)s AND l.series = %(series)s AND l.state = 'published'
          AND l.sequence < %(sequence)s), %(published)s) AS clock) c
    ON CONFLICT (block_list_id, digits) DO UPDATE
        SET answer = excluded.answer, acted_at = excluded.acted_at, reason = excluded.reason,
            report_id = excluded.report_id, reported_at = excluded.reported_at,
            effect_at = excluded.effect_at, effect_note = '', settled_at = NULL, settled_by_id = NULL
        WHERE (o.answer, o.reason) IS DISTINCT FROM (excluded.answer, excluded.reason)"""


def load(rows: Iterable[AnswerRow], *, at: dt.datetime, digest: hashlib._Hash) -> tuple[int, list[RowError]]:
    """Copy the rows into `incoming_outcomes`; returns how many were copied and the errors of the rest."""
    errors: list[RowError] = []
    with connection.cursor() as cursor:
        cursor.execute(
            "SET LOCAL statement_timeout = %s; DROP TABLE IF EXISTS pg_temp.incoming_outcomes",
            [STATEMENT_TIMEOUT],
        )
        cursor.execute(
            """CREATE TEMP TABLE incoming_outcomes
               (row bigint, digits bigint, answer text, acted_at timestamptz, reason text)
               ON COMMIT DROP"""
        )
        unreadable: list[DomainError] = []
        stream = _Lines(outcome_rows.as_copy_lines(_good(rows, errors, at, unreadable)), digest)
        cursor.copy_expert("COPY incoming_outcomes FROM STDIN", stream)
        if unreadable:
            raise unreadable[0]
        cursor.execute("CREATE INDEX ON incoming_outcomes (digits); ANALYZE incoming_outcomes")
    return stream.count, errors


def says_recycled() -> bool:
    """Whether a row of the batch says that a number has a new holder."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM incoming_outcomes WHERE answer = 'recycled')")
        return bool(cursor.fetchone()[0])


def _good(
    rows: Iterable[AnswerRow], errors: list[RowError], at: dt.datetime, unreadable: list[DomainError]
) -> Iterator[CheckedRow]:
    """Rows that pass; the others go to `errors`. After the first hundreds of errors nothing more is read.

    A refusal by anyone who reads the rows ends them and is kept: raised inside COPY it would lose its name.
    """
    try:
        for row in rows:
            checked = outcome_rows.check(row, at=at)
            if isinstance(checked, CheckedRow):
                yield checked
                continue
            errors.append(checked)
            if len(errors) >= MAX_ERRORS:
                return
    except DomainError as refusal:
        unreadable.append(refusal)


class _Lines(io.RawIOBase):
    """Gives COPY the lines of an iterator; counts and hashes them."""

    def __init__(self, lines: Iterator[bytes], digest: hashlib._Hash) -> None:
        super().__init__()
        self.count = 0
        self._lines, self._digest, self._rest = lines, digest, b""

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1, /) -> bytes:
        pieces, length = [self._rest], len(self._rest)
        while length < max(size, 1):
            line = next(self._lines, None)
            if line is None:
                break
            self.count += 1
            self._digest.update(line)
            pieces.append(line)
            length += len(line)
        data = b"".join(pieces)
        self._rest = data[size:] if size >= 0 else b""
        return data[:size] if size >= 0 else data


def check_against_list(block_list: BlockList) -> list[RowError]:
    query = sql.SQL(_CHECKS).format(mine=entries_sql.entries_of(block_list.pk), limit=sql.Literal(MAX_ERRORS))
    with connection.cursor() as cursor:
        cursor.execute(query, _chain_position(block_list))
        return [RowError(row["row"], row["code"], str(row["digits"])) for row in named_rows(cursor)]


def apply(block_list: BlockList, report: OutcomeReport, at: dt.datetime) -> int:
    query = sql.SQL(_APPLY).format(mine=entries_sql.entries_of(block_list.pk))
    with connection.cursor() as cursor:
        cursor.execute(
            query,
            {
                **_chain_position(block_list),
                "list": block_list.pk,
                "report": report.pk,
                "at": at,
                "published": block_list.published_at,
            },
        )
        return int(cursor.rowcount)


def _chain_position(block_list: BlockList) -> dict[str, int | str]:
    """Where the list stands in its chain."""
    return {
        "operator": block_list.operator_id,
        "series": block_list.series,
        "sequence": block_list.sequence,
    }
