"""How fast a receiver acts.

The first answer to each clock counts, and what is reported later is news of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import connection

from aduan.core.db import named_rows

if TYPE_CHECKING:
    import datetime as dt

    from aduan.operators.models import Operator

# Answers of one receiver. `is_first`: nothing was said before about this number since the list that told it.
# Rows from before first answers were kept have only their newest.
_ANSWERS = """
    WITH answers AS (
        SELECT o.answer, o.acted_at, o.reported_at, o.due_at, o.clock_from,
               coalesce(o.first_answer, o.answer) AS first_answer,
               coalesce(o.first_acted_at, o.acted_at) AS first_acted_at,
               coalesce(o.first_reported_at, o.reported_at) AS first_reported_at,
               before.answer IS NULL AS is_first, before.answer AS answer_before
        FROM blocklists_outcome o LEFT JOIN LATERAL (
            SELECT p.answer FROM blocklists_outcome p
            WHERE p.operator_id = o.operator_id AND p.digits = o.digits AND p.clock_from = o.clock_from
              AND p.id < o.id ORDER BY p.id DESC LIMIT 1) before ON true
        WHERE o.operator_id = %(operator)s AND o.reported_at >= %(since)s),
    firsts AS (
        SELECT first_answer AS answer, first_acted_at <= due_at AS in_time,
               greatest(0, extract(epoch FROM first_acted_at - clock_from)) / 3600 AS hours
        FROM answers
        WHERE is_first AND first_reported_at >= %(since)s AND first_reported_at < %(until)s),
    news AS (
        SELECT greatest(0, extract(epoch FROM reported_at - acted_at)) / 3600 AS hours
        FROM answers WHERE reported_at >= %(since)s AND reported_at < %(until)s
          AND CASE WHEN is_first THEN reported_at > first_reported_at ELSE answer <> answer_before END)"""


@dataclass(frozen=True, slots=True)
class Performance:
    """How fast a receiver acts, over a span.

    First answers, in hours from being told to acting. `later` are changes reported after that, such as a
    number that was given to a new holder; `later_p95_hours` runs from the change to its report.
    """

    answered: int
    in_time: int
    p50_hours: float | None
    p95_hours: float | None
    by_answer: dict[str, int]
    later: int
    later_p95_hours: float | None


def performance_of(operator: Operator, *, since: dt.datetime, until: dt.datetime) -> Performance:
    """Answers given between two instants; times run from the publication that told the number."""
    span: dict[str, int | dt.datetime] = {"operator": operator.pk, "since": since, "until": until}
    with connection.cursor() as cursor:
        cursor.execute(
            f"""{_ANSWERS} SELECT answer, count(*) AS numbers, count(*) FILTER (WHERE in_time) AS in_time
                FROM firsts GROUP BY answer ORDER BY answer""",  # noqa: S608 - ours
            span,
        )
        rows = named_rows(cursor)
        cursor.execute(
            f"""{_ANSWERS} SELECT
                (SELECT percentile_cont(ARRAY[0.5, 0.95]) WITHIN GROUP (ORDER BY hours) FROM firsts) AS hours,
                (SELECT count(*) FROM news) AS later,
                (SELECT percentile_cont(0.95) WITHIN GROUP (ORDER BY hours) FROM news) AS later_hours""",  # noqa: S608 - ours
            span,
        )
        found = named_rows(cursor)[0]
    hours = found["hours"] or [None, None]
    return Performance(
        answered=sum(row["numbers"] for row in rows),
        in_time=sum(row["in_time"] for row in rows),
        p50_hours=hours[0],
        p95_hours=hours[1],
        by_answer={row["answer"]: row["numbers"] for row in rows},
        later=found["later"],
        later_p95_hours=found["later_hours"],
    )
