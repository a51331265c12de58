"""Publication: the list, its page in the TUF repository and the news of it, in one commit.

Right before, everything is asked again: is the list before still the newest, is every number still in force,
are the files on the disk those that were signed? A list that was overtaken is rejected and made again, never
mended.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from django.db import transaction

from aduan.blocklists.models import BlockList, Kind, PublicationStop
from aduan.blocklists.services import building, entries_sql, file_store, operator_messages, tuf_repository
from aduan.core import audit_log, failpoints, jobs
from aduan.core.audit_actions import AuditAction
from aduan.core.periods import Month, local_date

if TYPE_CHECKING:
    import datetime as dt

JOB = "publish_list"
logger = logging.getLogger(__name__)
OVERTAKEN = "overtaken"


def publish_due(*, at: dt.datetime) -> list[BlockList]:
    """Publish every list whose time has come, oldest first; those that were published."""
    due = BlockList.objects.filter(state=BlockList.State.COOLING, publish_after__lte=at).order_by("id")
    published = []
    for block_list in due:
        try:
            done = publish(block_list, at=at)
        except Exception:  # one list that cannot go out must not keep the others; its job remembers why
            logger.exception("list %s could not be published", block_list.pk)
            continue
        if done is not None:
            published.append(done)
    return published


def publish(block_list: BlockList, *, at: dt.datetime) -> BlockList | None:
    """Publish a list that may go out now. None when it may not yet, or another process does it.

    Returns the list that took its place when it had been overtaken and the next version could go out at once.
    """
    if not _may_go_out(block_list, at=at):
        return None
    key = str(block_list.pk)
    jobs.enqueue(JOB, key, at=at)
    overtaken = False
    with jobs.lease(JOB, key) as lease:
        if lease is None:
            return None
        if file_store.damaged(block_list):
            file_store.restore(block_list)
        with transaction.atomic(durable=True):
            tuf_repository.lock()
            block_list = _locked(block_list)
            if block_list.state != BlockList.State.COOLING:
                lease.finish()
                return None
            overtaken = _overtaken(block_list, at=at)
            if overtaken:
                _set_aside(block_list, at=at)
            elif not tuf_repository.publish(block_list, block_list.operator, at=at):
                lease.release()  # the request for signatures stays; the next look tries again
                return None
            else:
                failpoints.reached("before_publish_row")
                _mark_published(block_list, at=at)
                operator_messages.published(block_list, at=at)
                failpoints.reached("before_notify")
            lease.finish()
        failpoints.reached("after_publish_row")
    if overtaken:
        return _next_version(block_list, at=at)
    file_store.compress(block_list)
    return block_list


def _locked(block_list: BlockList) -> BlockList:
    rows = BlockList.objects.select_for_update(of=("self",)).select_related("operator")
    return rows.get(pk=block_list.pk)


def stopped() -> PublicationStop | None:
    """The kill switch, when it is on."""
    return PublicationStop.objects.filter(lifted_at=None).first()


def _may_go_out(block_list: BlockList, *, at: dt.datetime) -> bool:
    """Removals pass the kill switch: it must never keep an innocent number blocked."""
    if block_list.state != BlockList.State.COOLING or block_list.publish_after is None:
        return False
    if block_list.publish_after > at:
        return False
    return block_list.added_count == 0 or stopped() is None


def _overtaken(block_list: BlockList, *, at: dt.datetime) -> bool:
    newest = (
        BlockList.objects.filter(
            operator=block_list.operator, series=block_list.series, state=BlockList.State.PUBLISHED
        )
        .order_by("-sequence")
        .values_list("pk", flat=True)
        .first()
    )
    if newest != block_list.previous_id:
        return True
    return bool(entries_sql.no_longer_in_force(block_list, day=local_date(at)))


def _set_aside(block_list: BlockList, *, at: dt.datetime) -> None:
    block_list.state = BlockList.State.REJECTED
    block_list.rejected_reason = OVERTAKEN
    block_list.save(update_fields=["state", "rejected_reason"])
    _record(AuditAction.BLOCK_LIST_SUPERSEDE, block_list, at=at)


def _mark_published(block_list: BlockList, *, at: dt.datetime) -> None:
    block_list.state = BlockList.State.PUBLISHED
    block_list.published_at = at
    block_list.save(update_fields=["state", "published_at"])
    _record(AuditAction.BLOCK_LIST_PUBLISH, block_list, at=at)


def _record(action: AuditAction, block_list: BlockList, *, at: dt.datetime) -> None:
    audit_log.record(
        action,
        actor="system",
        subject=f"block_list:{block_list.pk}",
        at=at,
        detail={"digest": block_list.digest, "sequence": block_list.sequence},
    )


def _next_version(old: BlockList, *, at: dt.datetime) -> BlockList | None:
    """Make an overtaken list again. What people could already look at need not cool off a second time."""
    month = Month(old.period.year, old.period.month)
    only_removals = old.kind == Kind.INTERIM and old.added_count == 0
    fresh = building.build_list(
        old.operator, period=month, kind=Kind(old.kind), at=at, only_removals=only_removals
    )
    if fresh is None:
        return None
    if not entries_sql.adds_beyond(fresh.pk, old.pk):
        _inherit(fresh, old)
    return publish(fresh, at=at)


def _inherit(fresh: BlockList, old: BlockList) -> None:
    """A list that adds nothing that people had not seen on the overtaken one takes over their decisions."""
    seen = {reason["code"] for reason in old.hold_reasons}
    passed = all(reason["releasable"] and reason["code"] in seen for reason in fresh.hold_reasons)
    if fresh.hold_reasons and old.second_released_by_id is not None and passed:
        fresh.released_by_id, fresh.second_released_by_id = old.released_by_id, old.second_released_by_id
        fresh.state = BlockList.State.COOLING
    fresh.publish_after = old.publish_after
    fresh.save(update_fields=["released_by", "second_released_by", "state", "publish_after"])
