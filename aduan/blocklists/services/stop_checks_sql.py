"""The guards that look at the rows: run inside the build's transaction, on the snapshot that was selected."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import connection
from psycopg2 import sql

from aduan.blocklists import stop_rules
from aduan.blocklists.models import BlockList, Canary, Kind, Series
from aduan.blocklists.queries import rules_in_force
from aduan.blocklists.services.entries_sql import PLACE, partition
from aduan.blocklists.stop_rules import Range, Reason
from aduan.numbers.models import ProtectedNumber
from aduan.operators.models import NumberRange, Operator

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

# How a number on a block list begins and how long it may be: (head, fewest digits, most digits).
_SHAPES = {Operator.Kind.MOBILE: ("628", 10, 14)}
_ANY_INDONESIAN = ("62", 9, 14)


def reasons_to_hold(block_list: BlockList, *, operator: Operator, day: dt.date) -> list[Reason]:
    """Everything that a person must look at before this list may go out; empty for a list that may."""
    before, thresholds = block_list.previous, rules_in_force().thresholds
    recent = (
        BlockList.objects.filter(operator=operator, kind=block_list.kind, state=BlockList.State.PUBLISHED)
        .order_by("-sequence")
        .values_list("added_count", flat=True)[: stop_rules.LISTS_COMPARED]
    )
    found = stop_rules.by_size(
        count=block_list.count,
        added=block_list.added_count,
        removed=block_list.removed_count,
        previous_count=before.count if before else None,
        recent=list(recent),
        may_be_empty=block_list.kind == Kind.INTERIM,
        thresholds=thresholds,
    )
    if block_list.count == 0:
        return found
    limit = thresholds.prefix_block_limit
    found += stop_rules.by_prefix_block(_crowded_blocks(block_list, limit), limit=limit)
    found += stop_rules.naming("strange_category", _strange(block_list), releasable=False)
    if block_list.series == Series.BLOCK:
        found += _by_number_space(block_list, operator, day)
        found += stop_rules.naming("wrong_shape", _misshapen(block_list, operator), releasable=False)
    if block_list.series != Series.INBOUND:
        found += stop_rules.naming("not_two_people", _unsigned(block_list), releasable=False)
    found += stop_rules.naming("objection", _objected(block_list), releasable=True)
    return found + stop_rules.naming("protected", _protected(block_list), releasable=False)


def _crowded_blocks(block_list: BlockList, limit: int) -> list[tuple[int, int]]:
    if block_list.added_count <= limit:
        return []
    return [
        (int(block), int(added))
        for block, added in _rows(
            """SELECT e.digits / %(block)s, count(*) FROM {mine} e WHERE e.is_new
               GROUP BY 1 HAVING count(*) > %(limit)s ORDER BY 2 DESC, 1 LIMIT 20""",
            block_list,
            block=stop_rules.PREFIX_BLOCK,
            limit=limit,
        )
    ]


def _strange(block_list: BlockList) -> list[int]:
    """Values that would need quoting in a file. The pattern is asked of each category, not of each number."""
    return _numbers(
        """WITH used AS MATERIALIZED (SELECT category, min(digits) AS digits FROM {mine} GROUP BY category)
           SELECT digits FROM used WHERE category !~ '^[A-Z0-9_]+$'""",
        block_list,
    )


def _misshapen(block_list: BlockList, operator: Operator) -> list[int]:
    """By ranges of integers, not by a pattern over text: this looks at every number of every list."""
    head, fewest, most = _SHAPES.get(Operator.Kind(operator.kind), _ANY_INDONESIAN)
    spans = [
        (int(head.ljust(length, "0")), int(head.ljust(length, "9"))) for length in range(fewest, most + 1)
    ]
    fits = " OR ".join(f"e.digits BETWEEN {low} AND {high}" for low, high in spans)
    return _numbers(f"SELECT e.digits FROM {{mine}} e WHERE NOT ({fits}) LIMIT 21", block_list)


def _by_number_space(block_list: BlockList, operator: Operator, day: dt.date) -> list[Reason]:
    """Numbers in ranges of somebody else or of nobody; a person's word on one number counts more.

    Canaries are the reverse: they must lie in ranges that nobody holds.
    """
    plan = stop_rules.plan_of(
        Range(row.prefix, row.operator_id if row.status == NumberRange.Status.ACTIVE else None)
        for row in NumberRange.objects.filter(valid__contains=day)
    )
    used = _segments(block_list, plan)
    others = [i for i in used if plan.holders[i] not in (operator.pk, None)]
    nobody = [i for i in used if plan.holders[i] is None]
    no_word = """ AND NOT EXISTS (SELECT FROM numbers_holderoverride o JOIN numbers_phonenumber n
            ON n.id = o.number_id WHERE n.digits = e.digits AND o.ended_at IS NULL
            AND o.operator_id = %(operator)s)"""
    canary = "EXISTS (SELECT FROM blocklists_canary k WHERE k.digits = e.digits)"
    held = [i for i in used if plan.holders[i] is not None] if Canary.objects.exists() else []

    def found(segments: Sequence[int], more: str) -> list[int]:
        return _in_segments(block_list, plan, segments, more, operator=operator.pk)

    return (
        stop_rules.naming("wrong_operator", found(others, no_word), releasable=True)
        + stop_rules.naming("unassigned", found(nobody, f"{no_word} AND NOT {canary}"), releasable=True)
        + stop_rules.naming("canary_assigned", found(held, f" AND {canary}"), releasable=False)
    )


def _segments(block_list: BlockList, plan: stop_rules.Plan) -> list[int]:
    """Which segments of the number space the list touches at all: one pass, whatever the number of ranges."""
    if not plan.bounds:
        return [0]
    query = f"SELECT DISTINCT width_bucket({PLACE.format('e.digits')}, %(bounds)s::bigint[]) FROM {{mine}} e"
    return [row[0] for row in _rows(query, block_list, bounds=plan.bounds)]


def _in_segments(
    block_list: BlockList, plan: stop_rules.Plan, segments: Sequence[int], more: str = "", **values: Any
) -> list[int]:
    if not segments:
        return []
    where = (
        f"width_bucket({PLACE.format('e.digits')}, %(bounds)s::bigint[]) = ANY(%(segments)s::int[])"
        if plan.bounds
        else "TRUE"
    )
    return _numbers(
        f"SELECT e.digits FROM {{mine}} e WHERE {where}{more} LIMIT 21",
        block_list,
        bounds=plan.bounds,
        segments=list(segments),
        **values,
    )


def _unsigned(block_list: BlockList) -> list[int]:
    """New numbers whose block does not rest on a proposal that two different people confirmed, or three.

    Asked from the side of the few proposals that do not: the index `proposal_unsigned` holds just them. The
    shape keeps PostgreSQL, which cannot know how few they are, from reading all proposals or all blocks.
    """
    return _numbers(
        """WITH unsigned AS MATERIALIZED (
               SELECT p.id FROM cases_proposal p WHERE NOT coalesce(p.state = 'confirmed'
                   AND ((p.second_agrees AND p.second_by_id <> p.proposed_by_id)
                        OR (p.third_agrees AND p.third_by_id <> p.proposed_by_id))
                   AND (NOT p.needs_third OR p.second_agrees AND p.third_agrees), FALSE))
           SELECT found.digits FROM unsigned u CROSS JOIN LATERAL (
               SELECT e.digits FROM cases_block b
               JOIN {mine} e ON e.digits = b.digits AND e.case_id = b.case_id
               WHERE b.proposal_id = u.id AND b.released_at IS NULL AND e.is_new LIMIT 1) found
           LIMIT 21""",
        block_list,
    )


def _objected(block_list: BlockList) -> list[int]:
    return _numbers(
        """SELECT e.digits FROM cases_case c JOIN {mine} e ON e.case_id = c.id
           WHERE c.objection_since IS NOT NULL AND e.is_new LIMIT 21""",
        block_list,
    )


def _protected(block_list: BlockList) -> list[int]:
    """Numbers of the register of protected ones, exact or by prefix (`62215*`)."""
    patterns = [
        pattern.removeprefix("+")
        for pattern in ProtectedNumber.objects.filter(active=True).values_list("pattern", flat=True)
    ]
    exact = [int(pattern) for pattern in patterns if pattern.isdigit() and len(pattern) <= stop_rules.PLACES]
    heads = [
        Range(pattern[:-1], 0)
        for pattern in patterns
        if pattern[-1:] == "*" and pattern[:-1].isdigit() and pattern[0] != "0"
    ]
    named = _numbers(
        "SELECT e.digits FROM {mine} e WHERE e.digits = ANY(%(exact)s::bigint[]) LIMIT 21",
        block_list,
        exact=exact,
    )
    plan = stop_rules.plan_of(heads)
    held = [i for i, holder in enumerate(plan.holders) if holder is not None]
    if held:
        named += _in_segments(block_list, plan, held)
    return sorted(set(named))


def _numbers(query: str, block_list: BlockList, **values: Any) -> list[int]:
    return sorted(int(row[0]) for row in _rows(query, block_list, **values))


def _rows(query: str, block_list: BlockList, **values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(query).format(mine=partition(block_list.pk)), values)
        return list(cursor.fetchall())
