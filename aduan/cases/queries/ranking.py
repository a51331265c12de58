"""What other weights would do to the queue."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection

from aduan.cases.queries.queue_rows import COLUMNS, JOINS, QueueRow, fetch_rows
from aduan.cases.ranking import DEFAULT_WEIGHTS, GIVEN_WEIGHTS, POINTS, SCORE
from aduan.core.db import named_rows

LOOKED_AT: Final = 20_000  # cases from the top of the queue, and as many of those that have waited longest
FIRST_CASES: Final = 200  # what the team decides in about a day
TOP: Final = 20

# The places of the cases looked at, now and under the given weights, and what that makes of the first.
_COMPARED: Final = f"""
    WITH near AS (
        (SELECT id FROM cases_case WHERE status = 'open' ORDER BY score DESC, id DESC LIMIT %(most)s)
        UNION
        (SELECT id FROM cases_case WHERE status = 'open' AND due_at IS NOT NULL
            ORDER BY due_at, id LIMIT %(most)s)
    ), scored AS (
        SELECT c.id, c.score AS before, {SCORE} AS after, c.opened_at
        FROM near JOIN cases_case c USING (id) CROSS JOIN ({GIVEN_WEIGHTS}) w
            CROSS JOIN LATERAL (SELECT {POINTS} AS points) p
    ), placed AS (
        SELECT id, opened_at, row_number() OVER (ORDER BY before DESC, id DESC) AS place,
            row_number() OVER (ORDER BY after DESC, id DESC) AS new_place
        FROM scored
    )
    SELECT count(*) AS looked_at,
        count(*) FILTER (WHERE place <= %(first)s) AS first,
        count(*) FILTER (WHERE place <= %(first)s AND new_place <= %(first)s) AS stay,
        max(%(at)s - opened_at) FILTER (WHERE place <= %(first)s) AS longest_before,
        max(%(at)s - opened_at) FILTER (WHERE new_place <= %(first)s) AS longest_after,
        percentile_cont(0.5) WITHIN GROUP (ORDER BY %(at)s - opened_at) FILTER (WHERE place <= %(first)s)
            AS median_before,
        percentile_cont(0.5) WITHIN GROUP (ORDER BY %(at)s - opened_at) FILTER (WHERE new_place <= %(first)s)
            AS median_after,
        array_agg(ARRAY[id, place, new_place] ORDER BY new_place) FILTER (WHERE new_place <= %(shown)s)
            AS top
    FROM placed
"""  # noqa: S608 - constants of the domain
_ROWS: Final = f"SELECT {COLUMNS} FROM cases_case c {JOINS} WHERE c.id = ANY(%(keys)s)"  # noqa: S608 - constants


@dataclass(frozen=True, slots=True)
class Moved:
    """A case near the top under the given weights, and its place now."""

    row: QueueRow
    place: int
    new_place: int


@dataclass(frozen=True, slots=True)
class RankingPreview:
    """What weights would do to the first FIRST_CASES of the open cases. Times: how long those have waited."""

    looked_at: int
    first: int
    stay: int
    longest_before: dt.timedelta | None
    longest_after: dt.timedelta | None
    median_before: dt.timedelta | None
    median_after: dt.timedelta | None
    top: tuple[Moved, ...]


def ranking_preview(
    weights: Mapping[str, int], *, by_ranker: bool = False, at: dt.datetime
) -> RankingPreview:
    """Compares the order in force with that of `weights` (a value for each of DEFAULT_WEIGHTS)."""
    given: dict[str, Any] = {name: weights[name] for name in DEFAULT_WEIGHTS}
    given |= {"by_ranker": by_ranker, "at": at, "most": LOOKED_AT, "first": FIRST_CASES, "shown": TOP}
    with connection.cursor() as cursor:
        cursor.execute(_COMPARED, given)
        [summary] = named_rows(cursor)
    places = summary.pop("top") or []
    rows = {row.case_id: row for row in fetch_rows(_ROWS, {"keys": [case for case, *_ in places]}, at=at)}
    top = tuple(Moved(rows[case], place, new_place) for case, place, new_place in places)
    return RankingPreview(**summary, top=top)
