"""When the register of ranges changes, cases and blocks follow their numbers; and what that would be."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

from django.db import connection

from aduan.cases.services.enforcement import route_blocks
from aduan.cases.workflow import LIVE
from aduan.numbers.services import route_many
from aduan.numbers.services.routing import routing_parameters, routing_sql
from aduan.operators.models import Operator

_BATCH: Final = 1000

_PREVIEW: Final = """
    SELECT n.operator_id, r.operator_id, count(*) AS numbers,
        count(c.id) AS cases, count(b.id) AS blocks
    FROM routed r
    JOIN numbers_phonenumber n ON n.id = r.id
    LEFT JOIN cases_case c ON c.number_id = n.id AND c.status = ANY(%(live)s)
    LEFT JOIN cases_block b ON b.case_id = c.id AND b.requested_action = 'block' AND b.released_at IS NULL
    WHERE n.operator_id IS DISTINCT FROM r.operator_id
    GROUP BY 1, 2 ORDER BY 3 DESC
"""

_CASES_FOLLOW: Final = """
    UPDATE cases_case c SET operator_id = n.operator_id
    FROM numbers_phonenumber n
    WHERE n.id = c.number_id AND c.status = ANY(%(live)s) AND c.status <> 'confirmed'
      AND c.operator_id IS DISTINCT FROM n.operator_id
"""


@dataclass(frozen=True, slots=True)
class OperatorChange:
    """So many numbers would go from one operator to another. None: to no one, a person must look."""

    old_operator: Operator | None
    new_operator: Operator | None
    numbers: int
    cases: int
    blocks: int


@dataclass(frozen=True, slots=True)
class RangeChangeResult:
    """What did move."""

    numbers: int
    cases: int
    blocks: int


def preview_range_changes(*, on: dt.date) -> list[OperatorChange]:
    """What `apply_range_changes` would do if today were that day, with the range table as it is now."""
    operators = Operator.objects.in_bulk()
    with connection.cursor() as cursor:
        cursor.execute(routing_sql(on) + _PREVIEW, routing_parameters(on) | {"live": list(LIVE)})
        rows = cursor.fetchall()
    return [
        OperatorChange(operators.get(old_operator), operators.get(new_operator), numbers, cases, blocks)
        for old_operator, new_operator, numbers, cases, blocks in rows
    ]


def apply_range_changes(*, on: dt.date, at: dt.datetime) -> RangeChangeResult:
    """Routes every number as of that day, then its case and its block.

    A block ends at the old operator and begins at the new one, by the same decision. Called after a change of
    ranges and every day; it may run again at any time.
    """
    numbers = route_many(on=on)
    with connection.cursor() as cursor:
        cursor.execute(_CASES_FOLLOW, {"live": list(LIVE)})
        cases = cursor.rowcount
    blocks = 0
    while placed := route_blocks(at=at, limit=_BATCH):
        blocks += placed
    return RangeChangeResult(numbers, cases, blocks)
