"""The lane of minutes: hold lists and removals, made as soon as PostgreSQL shows their need.

Everything here is asked every second or two, so it looks at few rows: holds in force, and blocks that ended
lately. `maintenance` looks at all of them now and then; both may run at once, which the leases of jobs sort.
"""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.db import connection

from aduan.blocklists.codes import RejectedReason
from aduan.blocklists.models import BlockList, ListSeries, ListType
from aduan.blocklists.services.maintenance import (
    RENEWED_BEFORE,
    guarded,
    list_waits,
    make_now,
    pending_of,
    receivers_of,
)
from aduan.blocklists.services.publishing import publish
from aduan.blocklists.services.tuf_repository import delegated
from aduan.blocklists.services.tuf_repository import newest as newest_page
from aduan.blocklists.tuf_metadata import HOLD, LIFETIMES, REMOVAL, TARGETS, online_role
from aduan.cases.models import Hold, HoldPolicy
from aduan.cases.services import end_holds_elsewhere, end_holds_of_listed_blocks, lapse_holds
from aduan.operators.models import Operator

RELEASED_LATELY: Final = dt.timedelta(minutes=15)
REJECTED_LATELY: Final = dt.timedelta(minutes=10)  # a rejected list is not made again at once
FETCHED_AFTER: Final = dt.timedelta(hours=24)  # operators fetch lists of blocks once a day at least

_ROLES: Final = {ListType.HOLD: HOLD, ListType.INTERIM: REMOVAL}
# Numbers that stand on an operator's newest list of blocks and whose block ended, or was lifted, lately.
_TO_REMOVE: Final = """
    SELECT DISTINCT b.operator_id FROM cases_block b
    JOIN LATERAL (SELECT l.id FROM blocklists_blocklist l
                  WHERE l.operator_id = b.operator_id AND l.series = 'block' AND l.state = 'published'
                  ORDER BY l.sequence DESC LIMIT 1) newest ON TRUE
    LEFT JOIN cases_temporarylift t ON t.block_id = b.id AND t.ended_at IS NULL
    WHERE (b.released_at > %(since)s OR t.lifted_at > %(since)s) AND b.requested_action = 'block'
      AND EXISTS (SELECT FROM blocklists_blocklistentry e
                  WHERE e.list_id = newest.id AND e.digits = b.digits)
      AND NOT EXISTS (SELECT FROM cases_block o WHERE o.operator_id = b.operator_id
                      AND o.digits = b.digits AND o.requested_action = 'block' AND o.released_at IS NULL
                      AND (o.id <> b.id OR t.id IS NULL))"""
# Cases whose block stands on a published list that its operator has, or must have by now.
_LISTED: Final = """
    SELECT h.case_id FROM cases_hold h
    WHERE h.state = 'confirmed' AND h.ended_at IS NULL AND h.became_block_at IS NOT NULL
      AND EXISTS (
        SELECT FROM blocklists_blocklist l
        JOIN blocklists_blocklistentry e ON e.list_id = l.id AND e.digits = h.digits
        WHERE l.operator_id = h.operator_id AND l.series = 'block' AND l.state = 'published'
          AND l.published_at >= h.became_block_at
          AND (l.published_at <= %(before)s
               OR EXISTS (SELECT FROM blocklists_download d WHERE d.block_list_id = l.id AND d.complete)))"""


def build_holds(*, at: dt.datetime) -> list[BlockList]:
    """Hold lists that are missing: first without what ended, so that nothing keeps it, then with what came.

    Also when nothing changed, before the newest one runs out. Nothing without rules of holds.
    """
    made: list[BlockList] = []
    if not HoldPolicy.objects.exists():
        return made
    _publish_waiting(ListType.HOLD, at=at)
    newest = _newest_hold_lists()
    held = set(
        Hold.objects.filter(state=Hold.State.CONFIRMED, ended_at=None).values_list("operator", flat=True)
    )
    for receiver in receivers_of(ListSeries.HOLD, at):
        before = newest.get(receiver.pk)
        adds = goes = False
        if receiver.pk in held or (before is not None and before.count):
            adds, goes = pending_of(receiver, ListType.HOLD, at)
        renewed = before is None or before.as_of + LIFETIMES[TARGETS] < at + RENEWED_BEFORE
        for only_removals, wanted in ((True, goes), (False, adds or renewed)):
            if wanted and not _must_wait(receiver, at, adding=adds and not only_removals):
                made += make_now(receiver, ListType.HOLD, at=at, only_removals=only_removals)
    return made


def build_removals(*, at: dt.datetime) -> list[BlockList]:
    """Lists without the blocks that ended lately, so that an innocent line works again within seconds."""
    _publish_waiting(ListType.INTERIM, at=at)
    with connection.cursor() as cursor:
        cursor.execute(_TO_REMOVE, {"since": at - RELEASED_LATELY})
        wanted = [operator for (operator,) in cursor.fetchall()]
    made = []
    for receiver in Operator.objects.filter(pk__in=wanted):
        if list_waits(receiver, ListType.INTERIM, adding=False):
            continue
        if list(receivers_of(ListSeries.BLOCK, at, only=receiver)):
            _adds, goes = pending_of(receiver, ListType.INTERIM, at)
            if goes:
                made += make_now(receiver, ListType.INTERIM, at=at, only_removals=True)
    return made


def end_finished_holds(*, at: dt.datetime) -> int:
    """Writes down which holds are over, moved to another operator, or have their block on a list it has."""
    ended = lapse_holds(at=at) + end_holds_elsewhere(at=at)
    with connection.cursor() as cursor:
        cursor.execute(_LISTED, {"before": at - FETCHED_AFTER})
        listed = [case for (case,) in cursor.fetchall()]
    return ended + (end_holds_of_listed_blocks(listed, at=at) if listed else 0)


def _newest_hold_lists() -> dict[int, BlockList]:
    """By operator."""
    lists = BlockList.objects.filter(series=ListSeries.HOLD, state=BlockList.State.PUBLISHED)
    newest = lists.order_by("operator_id", "-sequence").distinct("operator_id")
    return {one.operator_id: one for one in newest.only("operator_id", "as_of", "count")}


def _must_wait(receiver: Operator, at: dt.datetime, *, adding: bool) -> bool:
    rejected = BlockList.objects.filter(
        operator=receiver,
        kind=ListType.HOLD,
        rejected_reason=RejectedReason.BY_MANAGER,
        built_at__gt=at - REJECTED_LATELY,
    )
    return list_waits(receiver, ListType.HOLD, adding=adding) or (adding and rejected.exists())


def _publish_waiting(kind: ListType, *, at: dt.datetime) -> None:
    """What was built and could not go out, because its process died or the roles were not signed yet."""
    waiting = BlockList.objects.filter(kind=kind, state=BlockList.State.AWAITING_PUBLICATION)
    if kind == ListType.INTERIM:
        waiting = waiting.filter(added_count=0, previous__isnull=False)
    lists = list(waiting.select_related("operator").order_by("id"))
    named = delegated(newest_page(TARGETS)) if lists else set()
    for block_list in lists:
        if online_role(block_list.operator.code, _ROLES[kind]) in named:
            guarded(publish, block_list, at=at)
