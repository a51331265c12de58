"""Compares the outcomes that an operator reported with its newest list, number by number.

A number without an outcome is missing; an outcome `blocked` for a number that was taken off may be a block
that is still there; a rejected report stays open until a later one is accepted.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.db import connection
from django.db.models import Exists, OuterRef
from psycopg2 import sql

from aduan.blocklists.models import BlockList, ListSeries, OutcomeReport, RejectedOutcomeReport
from aduan.blocklists.queries.files import lists_for
from aduan.core.db import named_rows

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.db.models import QuerySet

    from aduan.operators.models import Operator

ALARMED_AFTER: Final = dt.timedelta(hours=72)
# What may differ, in the order in which a person looks at it. `late` was first answered after the clock; it
# is shown and raises no alarm, because nothing is left to be done.
DIFFERENCES: Final = ("missing", "still_blocked", "declined", "late")
_TO_BE_DONE: Final = ("missing", "still_blocked", "declined")

# One row a number of the series: `state` as above, or agreed, or waiting (its 24 hours still run, or acting
# is voluntary: then nothing is ever missing or late).
_STATES = """
    WITH lists AS (
        SELECT id, sequence, published_at FROM blocklists_blocklist
        WHERE operator_id = %(operator)s AND series = %(series)s AND state = 'published'),
    first_listed AS (
        SELECT e.digits, max(l.published_at) AS listed_at FROM lists l
        JOIN blocklists_blocklistentry e ON e.list_id = l.id AND e.is_new GROUP BY e.digits),
    newest_outcome AS (
        SELECT DISTINCT ON (o.digits) o.digits, o.case_id, o.answer, o.acted_at, o.due_at, o.clock_from,
               o.reported_at
        FROM blocklists_outcome o JOIN lists l ON l.id = o.block_list_id
        WHERE o.operator_id = %(operator)s ORDER BY o.digits, o.reported_at DESC, o.id DESC),
    first_answer AS (
        SELECT DISTINCT ON (o.digits, o.clock_from) o.digits, o.clock_from,
               coalesce(o.first_acted_at, o.acted_at) AS acted_at
        FROM blocklists_outcome o WHERE o.operator_id = %(operator)s ORDER BY o.digits, o.clock_from, o.id),
    listed AS (
        SELECT n.digits, n.case_id, coalesce(w.answer, '') AS answer,
               CASE WHEN w.digits IS NULL OR w.answer = 'unblocked' OR w.clock_from < t.listed_at
                    THEN CASE WHEN t.listed_at + interval '24 hours' <= %(at)s AND NOT %(voluntary)s
                              THEN 'missing' ELSE 'waiting' END
                    WHEN w.answer NOT IN ('blocked', 'inactive') THEN 'declined'
                    WHEN f.acted_at > w.due_at AND NOT %(voluntary)s THEN 'late' ELSE 'agreed' END AS state,
               CASE WHEN w.digits IS NULL OR w.answer = 'unblocked' OR w.clock_from < t.listed_at
                    THEN t.listed_at + interval '24 hours' ELSE w.reported_at END AS since
        FROM {newest} n JOIN first_listed t ON t.digits = n.digits
        LEFT JOIN newest_outcome w ON w.digits = n.digits
        LEFT JOIN first_answer f ON f.digits = w.digits AND f.clock_from = w.clock_from),
    gone AS (
        SELECT w.digits, w.case_id, w.answer, (
            SELECT min(l.published_at) FROM lists l WHERE l.sequence > (
                SELECT max(k.sequence) FROM lists k
                JOIN blocklists_blocklistentry e ON e.list_id = k.id AND e.digits = w.digits)
            ) + interval '24 hours' AS since
        FROM newest_outcome w WHERE w.answer = 'blocked'
          AND NOT EXISTS (SELECT FROM {newest} n WHERE n.digits = w.digits)),
    states AS (
        SELECT digits, case_id, answer, state, since FROM listed
        UNION ALL
        SELECT digits, case_id, answer, 'still_blocked', since FROM gone WHERE since <= %(at)s)"""


@dataclass(frozen=True, slots=True)
class DifferingNumber:
    """One number about which list and operator differ; `answer` is the operator's newest word, or empty."""

    digits: int
    case_id: int
    difference: str
    answer: str
    since: dt.datetime


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """How far an operator's word and its newest list are the same.

    `counts` has every one of DIFFERENCES; `refused` are reports turned away and not made good since: a wrong
    version (`digest_mismatch`), numbers that are not listed (`extra`), unreadable rows. `differs_since` is
    the age of the oldest difference that a person has to do something about.
    """

    operator: Operator
    block_list: BlockList
    listed: int
    agreed: int
    waiting: int
    counts: Mapping[str, int]
    refused: tuple[RejectedOutcomeReport, ...]
    differs_since: dt.datetime | None

    @property
    def to_be_done(self) -> int:
        """Numbers that differ, and reports that were turned away."""
        return sum(self.counts[name] for name in _TO_BE_DONE) + len(self.refused)

    @property
    def agrees(self) -> bool:
        return self.differs_since is None

    def alarming(self, at: dt.datetime) -> bool:
        return self.differs_since is not None and at - self.differs_since >= ALARMED_AFTER


def reconcile(
    operator: Operator, *, at: dt.datetime, series: str = ListSeries.BLOCK
) -> Reconciliation | None:
    """The operator's word against its newest list; None before the first."""
    newest = _newest(operator, series)
    if newest is None:
        return None
    rows = _rows(
        newest, "SELECT state, count(*) AS numbers, min(since) AS since FROM states GROUP BY state", at=at
    )
    count = {row["state"]: int(row["numbers"]) for row in rows}
    refused = tuple(open_refusals(operator.pk).filter(block_list__series=series))
    ages = [row["since"] for row in rows if row["state"] in _TO_BE_DONE]
    ages += [report.at for report in refused]
    return Reconciliation(
        operator=operator,
        block_list=newest,
        listed=newest.count,
        agreed=count.get("agreed", 0) + count.get("late", 0),
        waiting=count.get("waiting", 0),
        counts={name: count.get(name, 0) for name in DIFFERENCES},
        refused=refused,
        differs_since=None if newest.is_voluntary else min(ages, default=None),
    )


def differing(
    operator: Operator,
    difference: str,
    *,
    at: dt.datetime,
    series: str = ListSeries.BLOCK,
    limit: int = 100,
    after: int = 0,
) -> list[DifferingNumber]:
    """The numbers of one of DIFFERENCES, in order of digits; `after` pages on."""
    newest = _newest(operator, series)
    if newest is None:
        return []
    query = """SELECT digits, case_id, state AS difference, answer, since FROM states
               WHERE state = %(state)s AND digits > %(after)s ORDER BY digits LIMIT %(limit)s"""
    rows = _rows(newest, query, at=at, state=difference, after=after, limit=limit)
    return [DifferingNumber(**row) for row in rows]


def not_reported_as_lifted(newest: BlockList) -> int:
    """Numbers whose block we released, that the list has no more, and that the operator last called blocked.

    From the releases, which are few, and all of them in one pass: a page that loads itself every minute shows
    this, and asking number by number took 2.4 times as long for 20,000 releases.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT count(*) AS numbers FROM (
                   SELECT DISTINCT ON (o.digits) o.answer FROM cases_block b
                   JOIN blocklists_outcome o ON o.operator_id = b.operator_id AND o.digits = b.digits
                   JOIN blocklists_blocklist l ON l.id = o.block_list_id AND l.series = %(series)s
                   WHERE b.operator_id = %(operator)s AND b.released_at IS NOT NULL
                     AND NOT EXISTS (SELECT FROM blocklists_blocklistentry e
                         WHERE e.list_id = %(newest)s AND e.digits = b.digits)
                   ORDER BY o.digits, o.reported_at DESC, o.id DESC) said
               WHERE answer = 'blocked'""",
            {"operator": newest.operator_id, "series": newest.series, "newest": newest.pk},
        )
        return int(named_rows(cursor)[0]["numbers"])


def open_refusals(operator_id: int) -> QuerySet[RejectedOutcomeReport]:
    """Reports turned away, newest first, after which none was taken about the same or a newer list."""
    made_good = OutcomeReport.objects.filter(
        operator=OuterRef("operator"),
        at__gt=OuterRef("at"),
        block_list__series=OuterRef("block_list__series"),
        block_list__sequence__gte=OuterRef("block_list__sequence"),
    )
    return RejectedOutcomeReport.objects.filter(~Exists(made_good), operator=operator_id).select_related(
        "block_list"
    )


def _newest(operator: Operator, series: str) -> BlockList | None:
    return lists_for(operator).filter(series=series).order_by("-sequence").first()


def _rows(newest: BlockList, query: str, **values: Any) -> list[dict[str, Any]]:
    # Through the parent: the role of operators' requests may not read a partition by its name.
    entries = sql.SQL("(SELECT * FROM blocklists_blocklistentry WHERE list_id = {})").format(
        sql.Literal(newest.pk)
    )
    with connection.cursor() as cursor:
        cursor.execute(
            sql.SQL(f"{_STATES} {query}").format(newest=entries),
            {
                "operator": newest.operator_id,
                "series": newest.series,
                "voluntary": newest.is_voluntary,
                **values,
            },
        )
        return named_rows(cursor)
