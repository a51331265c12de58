"""The stop checks of a list, asked of its entries in the transaction that selected them."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final

from django.db.models import Max

from aduan.blocklists import stop_rules
from aduan.blocklists.codes import StopReason
from aduan.blocklists.models import BlockList, Canary, ListSeries, ListType
from aduan.blocklists.queries import rules_in_force
from aduan.blocklists.stop_rules import Range, Stop
from aduan.cases.models import Block
from aduan.numbers.models import ProtectedNumber
from aduan.operators.models import NumberRange, Operator

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aduan.blocklists.services.entries import ListEntries

ONE_DAY: Final = dt.timedelta(days=1)
# How a number on a block list begins and how long it may be: (head, fewest digits, most digits).
_SHAPES = {Operator.Kind.MOBILE: ("628", 10, 14)}
_ANY_INDONESIAN = ("62", 9, 14)


def stop_reasons_of(
    block_list: BlockList, entries: ListEntries, *, operator: Operator, day: dt.date
) -> list[Stop]:
    """Why this list must wait for people; empty for a list that may go out.

    How many holds come is the matter of their quota, and they end by themselves: a list of holds is stopped
    for what its rows are, never for how many come or go.
    """
    if block_list.series == ListSeries.HOLD:
        return _by_rows(block_list, entries, operator, day) if block_list.count else []
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
        may_be_empty=block_list.kind == ListType.INTERIM,
        thresholds=thresholds,
    )
    if block_list.kind == ListType.INTERIM and block_list.removed_count:
        found += _freed(block_list, limit=thresholds.freed_limit)
    if block_list.count == 0:
        return found
    limit = thresholds.prefix_block_limit
    if block_list.added_count > limit:
        found += stop_rules.by_prefix_block(entries.crowded_blocks(limit=limit), limit=limit)
    found += stop_rules.naming(StopReason.OBJECTION, entries.objected(), resumable=True)
    return found + _by_rows(block_list, entries, operator, day)


def _by_rows(block_list: BlockList, entries: ListEntries, operator: Operator, day: dt.date) -> list[Stop]:
    """What is wrong with single numbers, whatever their count."""
    found = stop_rules.naming(StopReason.STRANGE_CATEGORY, entries.strange_categories(), resumable=False)
    if block_list.series in (ListSeries.BLOCK, ListSeries.HOLD):
        found += _by_number_space(entries, operator, day)
        found += stop_rules.naming(StopReason.WRONG_SHAPE, _misshapen(entries, operator), resumable=False)
    if block_list.series != ListSeries.INBOUND:
        found += stop_rules.naming(StopReason.NOT_TWO_PEOPLE, entries.unsigned(), resumable=False)
    return found + stop_rules.naming(StopReason.PROTECTED, _protected(entries), resumable=False)


def _freed(block_list: BlockList, *, limit: int) -> list[Stop]:
    """What people freed within a day, or since list managers looked: not what ended on its own.

    Over a day and not over one list: the limit must not be passed in slices.
    """
    looked = BlockList.objects.filter(
        operator=block_list.operator_id, series=block_list.series, second_resumed_by__isnull=False
    ).aggregate(last=Max("as_of"))["last"]
    since = block_list.as_of - ONE_DAY
    freed = list(
        Block.objects.filter(
            operator=block_list.operator_id,
            released_under__isnull=False,
            released_at__gt=max(since, looked) if looked else since,
        )
        .order_by("digits")
        .values_list("digits", "released_under__pattern")
    )
    prefixes = sorted({pattern for _digits, pattern in freed if pattern.endswith("*")})
    return stop_rules.by_freed([digits for digits, _ in freed if digits], prefixes=prefixes, limit=limit)


def _misshapen(entries: ListEntries, operator: Operator) -> list[int]:
    head, fewest, most = _SHAPES.get(Operator.Kind(operator.kind), _ANY_INDONESIAN)
    spans = [
        (int(head.ljust(length, "0")), int(head.ljust(length, "9"))) for length in range(fewest, most + 1)
    ]
    return entries.outside(spans)


def _by_number_space(entries: ListEntries, operator: Operator, day: dt.date) -> list[Stop]:
    """Numbers in ranges of another operator or of none; a holder override on one number counts more.

    Canaries are the reverse: they must lie in ranges that no operator holds.
    """
    plan = stop_rules.plan_of(
        Range(row.prefix, row.operator_id if row.status == NumberRange.Status.ACTIVE else None)
        for row in NumberRange.objects.filter(valid__contains=day)
    )
    used = entries.segments(plan)
    others = [i for i in used if plan.holders[i] not in (operator.pk, None)]
    unassigned = [i for i in used if plan.holders[i] is None]
    no_override = """ AND NOT EXISTS (SELECT FROM numbers_holderoverride o JOIN numbers_phonenumber n
            ON n.id = o.number_id WHERE n.digits = e.digits AND o.ended_at IS NULL
            AND o.operator_id = %(operator)s)"""
    canary = "EXISTS (SELECT FROM blocklists_canary k WHERE k.digits = e.digits)"
    held = [i for i in used if plan.holders[i] is not None] if Canary.objects.exists() else []

    def found(segments: Sequence[int], more: str) -> list[int]:
        return entries.in_segments(plan, segments, more, operator=operator.pk)

    return (
        stop_rules.naming(StopReason.WRONG_OPERATOR, found(others, no_override), resumable=True)
        + stop_rules.naming(
            StopReason.UNASSIGNED, found(unassigned, f"{no_override} AND NOT {canary}"), resumable=True
        )
        + stop_rules.naming(StopReason.CANARY_ASSIGNED, found(held, f" AND {canary}"), resumable=False)
    )


def _protected(entries: ListEntries) -> list[int]:
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
    named = entries.among(exact)
    plan = stop_rules.plan_of(heads)
    held = [i for i, holder in enumerate(plan.holders) if holder is not None]
    if held:
        named += entries.in_segments(plan, held)
    return sorted(set(named))
