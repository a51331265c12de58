"""The guards that look at the rows: run inside the build's transaction, on the snapshot that was selected."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import connection
from psycopg2 import sql

from aduan.blocklists import guards
from aduan.blocklists.guards import Range, Reason
from aduan.blocklists.models import BlockList, Series
from aduan.blocklists.services.selecting import partition
from aduan.numbers.models import ProtectedNumber
from aduan.operators.models import NumberRange, Operator

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

# Digits to place (see guards): filled up with zeros to 15 digits, in integers only.
_PLACE = """CASE WHEN e.digits >= 100000000000000 THEN e.digits
    WHEN e.digits >= 10000000000000 THEN e.digits * 10 WHEN e.digits >= 1000000000000 THEN e.digits * 100
    WHEN e.digits >= 100000000000 THEN e.digits * 1000 WHEN e.digits >= 10000000000 THEN e.digits * 10000
    WHEN e.digits >= 1000000000 THEN e.digits * 100000 WHEN e.digits >= 100000000 THEN e.digits * 1000000
    ELSE e.digits * power(10::numeric, 15 - length(e.digits::text))::bigint END"""
# A mobile number on a block list: 62 8 and 7 to 11 digits more. Fixed numbers: 62 and 7 to 12.
_SHAPES = {Operator.Kind.MOBILE: "628[0-9]{7,11}"}
_ANY_INDONESIAN = "62[1-9][0-9]{6,11}"


def reasons_to_hold(block_list: BlockList, *, operator: Operator, day: dt.date) -> list[Reason]:
    """Everything that a person must look at before this list may go out; empty for a list that may."""
    before = block_list.previous
    recent = (
        BlockList.objects.filter(operator=operator, kind=block_list.kind, state=BlockList.State.PUBLISHED)
        .order_by("-sequence")
        .values_list("added_count", flat=True)[: guards.LISTS_COMPARED]
    )
    found = guards.by_size(
        count=block_list.count,
        added=block_list.added_count,
        removed=block_list.removed_count,
        previous_count=before.count if before else None,
        recent=list(recent),
    )
    if block_list.count == 0:
        return found
    found += guards.by_prefix_block(_crowded_blocks(block_list))
    found += guards.naming("strange_category", _strange(block_list), releasable=False)
    if block_list.series == Series.BLOCK:
        found += _by_number_space(block_list, operator, day)
        found += guards.naming("wrong_shape", _misshapen(block_list, operator), releasable=False)
    if block_list.series != Series.INBOUND:
        found += guards.naming("not_two_people", _unsigned(block_list), releasable=False)
    found += guards.naming("objection", _objected(block_list), releasable=True)
    return found + guards.naming("protected", _protected(block_list), releasable=False)


def _crowded_blocks(block_list: BlockList) -> list[tuple[int, int]]:
    if block_list.added_count <= guards.prefix_block_limit():
        return []
    return [
        (int(block), int(added))
        for block, added in _rows(
            """SELECT e.digits / %(block)s, count(*) FROM {mine} e WHERE e.is_new
               GROUP BY 1 HAVING count(*) > %(limit)s ORDER BY 2 DESC, 1 LIMIT 20""",
            block_list,
            block=guards.PREFIX_BLOCK,
            limit=guards.prefix_block_limit(),
        )
    ]


def _strange(block_list: BlockList) -> list[int]:
    """Values that would need quoting in a file."""
    return _numbers(
        """SELECT min(e.digits) FROM {mine} e GROUP BY e.category HAVING e.category !~ '^[A-Z0-9_]+$'""",
        block_list,
    )


def _misshapen(block_list: BlockList, operator: Operator) -> list[int]:
    shape = _SHAPES.get(Operator.Kind(operator.kind), _ANY_INDONESIAN)
    return _numbers(
        "SELECT e.digits FROM {mine} e WHERE e.digits::text !~ %(shape)s LIMIT 21",
        block_list,
        shape=f"^({shape})$",
    )


def _by_number_space(block_list: BlockList, operator: Operator, day: dt.date) -> list[Reason]:
    """Numbers in ranges of somebody else or of nobody; a person's word on one number counts more than a
    range.

    Canaries are the reverse: they must lie in ranges that nobody holds.
    """
    ranges = [
        Range(row.prefix, row.operator_id if row.status == NumberRange.Status.ACTIVE else None)
        for row in NumberRange.objects.filter(valid__contains=day)
    ]
    plan = guards.plan_of(ranges)
    if not plan.bounds:
        return guards.naming(
            "unassigned", _numbers("SELECT e.digits FROM {mine} e LIMIT 21", block_list), releasable=True
        )
    others, nobody = plan.segments_not_of(operator.pk)
    in_segments = (
        "SELECT e.digits FROM {mine} e WHERE width_bucket(" + _PLACE + ", %(bounds)s::bigint[]) "
        "= ANY(%(segments)s::int[])"
    )
    no_word = """ AND NOT EXISTS (SELECT FROM numbers_holderoverride o JOIN numbers_phonenumber n
            ON n.id = o.number_id WHERE n.digits = e.digits AND o.ended_at IS NULL
            AND o.operator_id = %(operator)s)"""
    canary = "EXISTS (SELECT FROM blocklists_canary k WHERE k.digits = e.digits)"
    held = [i for i in range(len(plan.holders)) if i not in set(nobody)]

    def found(segments: Sequence[int], more: str) -> list[int]:
        return _numbers(
            in_segments + more + " LIMIT 21",
            block_list,
            bounds=plan.bounds,
            segments=list(segments),
            operator=operator.pk,
        )

    return (
        guards.naming("wrong_operator", found(others, no_word), releasable=True)
        + guards.naming("unassigned", found(nobody, f"{no_word} AND NOT {canary}"), releasable=True)
        + guards.naming("canary_assigned", found(held, f" AND {canary}"), releasable=False)
    )


def _unsigned(block_list: BlockList) -> list[int]:
    """New numbers without a block that two different people confirmed."""
    return _numbers(
        """SELECT e.digits FROM {mine} e WHERE e.is_new
           AND NOT EXISTS (SELECT FROM cases_block b JOIN cases_proposal p ON p.id = b.proposal_id
               WHERE b.case_id = e.case_id AND b.digits = e.digits AND b.released_at IS NULL
                 AND p.state = 'confirmed' AND p.act = b.action
                 AND ((p.second_agrees AND p.second_by_id <> p.proposed_by_id)
                      OR (p.third_agrees AND p.third_by_id <> p.proposed_by_id)))
           AND NOT EXISTS (SELECT FROM blocklists_canary k WHERE k.digits = e.digits) LIMIT 21""",
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
    exact = [int(pattern) for pattern in patterns if pattern.isdigit() and len(pattern) <= guards.PLACES]
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
    plan = guards.plan_of(heads)
    if plan.bounds:
        segments = [i for i, held in enumerate(plan.holders) if held is not None]
        named += _numbers(
            "SELECT e.digits FROM {mine} e WHERE width_bucket(" + _PLACE + ", %(bounds)s::bigint[])"
            " = ANY(%(segments)s::int[]) LIMIT 21",
            block_list,
            bounds=plan.bounds,
            segments=segments,
        )
    return sorted(set(named))


def _numbers(query: str, block_list: BlockList, **values: Any) -> list[int]:
    return sorted(int(row[0]) for row in _rows(query, block_list, **values))


def _rows(query: str, block_list: BlockList, **values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(query).format(mine=partition(block_list.pk)), values)
        return list(cursor.fetchall())
