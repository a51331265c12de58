"""Publication: the list, its page in the TUF repository and the news of it, in one commit.

Right before, everything is asked again: is the list before still the newest, is every number still in force,
are the files on the disk those that were signed? A list that was superseded is rejected and made again, never
mended.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from django.db import transaction

from aduan.blocklists.codes import RejectedReason
from aduan.blocklists.models import BlockList, ListType, PublicationStop, SignatureRequest
from aduan.blocklists.services import building, operator_messages, tuf_repository
from aduan.blocklists.services.announcing import announce_decisions
from aduan.blocklists.services.entries import ListEntries
from aduan.blocklists.services.file_store import ListFiles
from aduan.blocklists.services.publication_control import RESUMED
from aduan.core import audit_log, failpoints, jobs
from aduan.core.audit_actions import AuditAction
from aduan.core.periods import Month

if TYPE_CHECKING:
    import datetime as dt

JOB = "publish_list"
log = logging.getLogger(__name__)


def publish_due(*, at: dt.datetime) -> list[BlockList]:
    """Publish every list whose time has come, oldest first; those that were published."""
    due = BlockList.objects.filter(
        state=BlockList.State.AWAITING_PUBLICATION, publish_not_before__lte=at
    ).order_by("id")
    published = []
    for block_list in due:
        try:
            done = publish(block_list, at=at)
        except Exception:  # one list that cannot go out must not keep the others; its job remembers why
            log.exception("list %s could not be published", block_list.pk)
            continue
        if done is not None:
            published.append(done)
    return published


def publish(block_list: BlockList, *, at: dt.datetime) -> BlockList | None:
    """Publish a list that may go out now. None when it may not yet, or another process does it.

    Returns the next version instead when the list had been superseded and that version could go out at once.
    """
    if not _may_go_out(block_list, at=at):
        return None
    key = str(block_list.pk)
    jobs.enqueue(JOB, key, at=at)
    superseded = False
    with jobs.lease(JOB, key) as lease:
        if lease is None:
            return None
        files = ListFiles(block_list)
        if files.verify():
            files.restore()
        with transaction.atomic(durable=True):
            tuf_repository.lock()
            block_list = _locked(block_list)
            if block_list.state != BlockList.State.AWAITING_PUBLICATION:
                lease.finish()
                return None
            superseded = _is_superseded(block_list, at=at)
            if superseded:
                _set_aside(block_list, at=at)
            elif _behind_another(block_list, at=at) or not tuf_repository.publish(
                block_list, block_list.operator, at=at
            ):
                lease.release()  # the request for signatures stays; the next look tries again
                return None
            else:
                failpoints.reached("before_publish_row")
                _mark_published(block_list, at=at)
                announce_decisions(block_list, at=at)
                operator_messages.published(block_list, at=at)
                failpoints.reached("before_notify")
            lease.finish()
        failpoints.reached("after_publish_row")
    if superseded:
        return _next_version(block_list, at=at)
    files.compress()
    return block_list


def _behind_another(block_list: BlockList, *, at: dt.datetime) -> bool:
    """Whether key holders sign another list of this operator at the moment: its page must not be replaced.

    Else two lists that wait would take each other's signatures away for ever.
    """
    request = (
        SignatureRequest.objects.filter(role=block_list.operator.code, closed_at=None)
        .exclude(block_list=None)
        .exclude(block_list=block_list)
        .select_related("block_list")
        .first()
    )
    return request is not None and request.block_list is not None and _may_go_out(request.block_list, at=at)


def _locked(block_list: BlockList) -> BlockList:
    rows = BlockList.objects.select_for_update(of=("self",)).select_related("operator")
    return rows.get(pk=block_list.pk)


def stopped() -> PublicationStop | None:
    """The kill switch, when it is on."""
    return PublicationStop.objects.filter(lifted_at=None).first()


def _may_go_out(block_list: BlockList, *, at: dt.datetime) -> bool:
    """Removals pass the kill switch: it must never keep an innocent number blocked."""
    if block_list.state != BlockList.State.AWAITING_PUBLICATION or block_list.publish_not_before is None:
        return False
    if block_list.publish_not_before > at:
        return False
    return block_list.added_count == 0 or stopped() is None


def _is_superseded(block_list: BlockList, *, at: dt.datetime) -> bool:
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
    return bool(ListEntries(block_list).no_longer_in_force(at=at))


def _set_aside(block_list: BlockList, *, at: dt.datetime) -> None:
    block_list.state = BlockList.State.REJECTED
    block_list.rejected_reason = RejectedReason.SUPERSEDED
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
    """Make an superseded list again. What people could already look at need not wait a second time."""
    month = Month(old.period.year, old.period.month)
    only_removals = old.kind in (ListType.INTERIM, ListType.HOLD) and old.added_count == 0
    fresh = building.build_list(
        old.operator, period=month, kind=ListType(old.kind), at=at, only_removals=only_removals
    )
    if fresh is None:
        return None
    if not ListEntries(fresh).adds_beyond(old):
        _carry_over_approvals(fresh, old)
    return publish(fresh, at=at)


def _carry_over_approvals(fresh: BlockList, old: BlockList) -> None:
    """A list that adds nothing that people had not seen on the superseded one takes over their decisions."""
    seen = {reason["code"] for reason in old.stop_reasons}
    passed = all(reason["resumable"] and reason["code"] in seen for reason in fresh.stop_reasons)
    if fresh.stop_reasons and old.second_resumed_by_id is not None and passed:
        fresh.resumed_by_id, fresh.second_resumed_by_id = old.resumed_by_id, old.second_resumed_by_id
        fresh.resumed_step_up_id = old.resumed_step_up_id
        fresh.second_resumed_step_up_id = old.second_resumed_step_up_id
        fresh.state = BlockList.State.AWAITING_PUBLICATION
    fresh.publish_not_before = old.publish_not_before
    fresh.save(update_fields=[*RESUMED, "publish_not_before"])
