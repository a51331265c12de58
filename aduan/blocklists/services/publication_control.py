"""What list managers decide: two resume a stopped list, one rejects it, one stops all publication."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aduan.accounts.models import User
from aduan.accounts.roles import Permission
from aduan.accounts.services import record_step_up
from aduan.blocklists.codes import RejectedReason, StopReason
from aduan.blocklists.models import BlockList, PublicationStop
from aduan.cases.models import Alarm
from aduan.cases.services import raise_alarm
from aduan.core import audit_log
from aduan.core.audit_actions import AuditAction
from aduan.core.errors import Forbidden, Invalid, WrongState

if TYPE_CHECKING:
    import datetime as dt

    from aduan.accounts.step_up import StepUp

# What the two approvals of a stopped list write.
RESUMED: Final = (
    *("resumed_by", "resumed_step_up"),
    *("second_resumed_by", "second_resumed_step_up"),
    "state",
)
REJECTED: Final = ("state", "rejected_reason", "rejected_note", "rejected_by", "rejected_step_up")


@transaction.atomic
def resume_list(block_list: BlockList, *, by: User, step_up: StepUp, at: dt.datetime) -> BlockList:
    """Approve a stopped list as one of two people; with the second it awaits publication again.

    Raises Forbidden for the same person twice, WrongState when the list is not stopped, Invalid when a reason
    can only be repaired at its source.
    """
    by.require(Permission.RELEASE_LISTS)
    block_list = _stopped(block_list)
    stubborn = [reason["code"] for reason in block_list.stop_reasons if not reason["resumable"]]
    if stubborn:
        raise Invalid(
            "not_resumable",
            _("This list cannot be resumed: %(codes)s. Reject it and repair the cause.")
            % {"codes": ", ".join(str(StopReason(code).label) for code in stubborn)},
            codes=stubborn,
        )
    first = block_list.resumed_by
    if first is not None and first.same_human(by):
        raise Forbidden("same_person", _("The second approval has to come from another person."))
    evidence = record_step_up(
        step_up,
        by=by,
        act=AuditAction.BLOCK_LIST_RESUME,
        subject=f"block_list:{block_list.pk}",
        at=at,
        digest=block_list.digest,
    )
    if first is None:
        block_list.resumed_by, block_list.resumed_step_up = by, evidence
    else:
        block_list.second_resumed_by, block_list.second_resumed_step_up = by, evidence
        block_list.state = BlockList.State.AWAITING_PUBLICATION
    block_list.save(update_fields=RESUMED)
    _record(AuditAction.BLOCK_LIST_RESUME, block_list, by, at)
    return block_list


@transaction.atomic
def reject(block_list: BlockList, *, by: User, step_up: StepUp, at: dt.datetime, reason: str) -> BlockList:
    """The list is never published; the next build makes a new version from the state of then.

    Leads get an alarm. Raises Forbidden for who rejected the list before it: no one person keeps an operator
    without a list.
    """
    by.require(Permission.RELEASE_LISTS)
    if not reason.strip():
        raise Invalid("reason_missing", _("Please say why."))
    block_list = BlockList.objects.select_for_update().get(pk=block_list.pk)
    if block_list.state not in (BlockList.State.STOPPED, BlockList.State.AWAITING_PUBLICATION):
        raise WrongState("not_waiting", _("This list is not waiting any more."))
    block_list.rejected_by = by
    block_list.rejected_step_up = record_step_up(
        step_up,
        by=by,
        act=AuditAction.BLOCK_LIST_REJECT,
        subject=f"block_list:{block_list.pk}",
        at=at,
        digest=block_list.digest,
    )
    block_list.state = BlockList.State.REJECTED
    block_list.rejected_reason = RejectedReason.BY_MANAGER
    block_list.rejected_note = reason.strip()[:300]
    try:
        with transaction.atomic():
            block_list.save(update_fields=REJECTED)
    except IntegrityError as error:
        raise Forbidden(
            "same_person", _("You rejected the list before this one. Another list manager has to look at it.")
        ) from error
    _record(AuditAction.BLOCK_LIST_REJECT, block_list, by, at)
    raise_alarm(Alarm.Kind.LIST_REJECTED, person=by, at=at, detail={"list": block_list.pk})
    return block_list


def stop_publication(*, by: User, at: dt.datetime, reason: str) -> PublicationStop:
    """The kill switch, for one person alone: from now on nothing that adds a number is published."""
    by.require(Permission.RELEASE_LISTS)
    if not reason.strip():
        raise Invalid("reason_missing", _("Please say why."))
    try:
        with transaction.atomic():
            stop = PublicationStop.objects.create(reason=reason.strip()[:300], stopped_by=by, stopped_at=at)
            audit_log.record(
                AuditAction.PUBLICATION_STOP,
                actor=f"user:{by.pk}",
                subject=f"publication_stop:{stop.pk}",
                at=at,
            )
    except IntegrityError as error:
        raise WrongState("stopped_already", _("Publication is stopped already.")) from error
    return stop


@transaction.atomic
def replay_stop(stopped_at: dt.datetime, *, by_id: int) -> bool:
    """The kill switch is on again after a restore that lost it; whether it was lost. Safe to repeat.

    Another person lets publication run again, as ever.
    """
    stops = PublicationStop.objects.filter(Q(stopped_at=stopped_at) | Q(lifted_at=None))
    by = User.objects.filter(pk=by_id).first()
    if by is None or stops.exists():
        return False
    stop = PublicationStop.objects.create(
        reason="replayed from the journal", stopped_by=by, stopped_at=stopped_at
    )
    audit_log.record(
        AuditAction.PUBLICATION_STOP,
        actor=f"user:{by.pk}",
        subject=f"publication_stop:{stop.pk}",
        at=stopped_at,
    )
    return True


@transaction.atomic
def lift_stop(stop: PublicationStop, *, by: User, step_up: StepUp, at: dt.datetime) -> PublicationStop:
    """Not by the person who stopped: what was worth stopping is worth a second look."""
    by.require(Permission.RELEASE_LISTS)
    stop = (
        PublicationStop.objects.select_for_update(of=("self",)).select_related("stopped_by").get(pk=stop.pk)
    )
    if stop.lifted_at is not None:
        raise WrongState("lifted_already", _("Publication runs again already."))
    if stop.stopped_by.same_human(by):
        raise Forbidden("same_person", _("Another person has to let publication run again."))
    stop.lifted_by, stop.lifted_at = by, at
    stop.lifted_step_up = record_step_up(
        step_up, by=by, act=AuditAction.PUBLICATION_RESUME, subject=f"publication_stop:{stop.pk}", at=at
    )
    stop.save(update_fields=["lifted_by", "lifted_at", "lifted_step_up"])
    audit_log.record(
        AuditAction.PUBLICATION_RESUME, actor=f"user:{by.pk}", subject=f"publication_stop:{stop.pk}", at=at
    )
    return stop


def _stopped(block_list: BlockList) -> BlockList:
    block_list = (
        BlockList.objects.select_for_update(of=("self",)).select_related("resumed_by").get(pk=block_list.pk)
    )
    if block_list.state != BlockList.State.STOPPED:
        raise WrongState("not_stopped", _("This list is not stopped."))
    return block_list


def _record(action: AuditAction, block_list: BlockList, by: User, at: dt.datetime) -> None:
    audit_log.record(
        action,
        actor=f"user:{by.pk}",
        subject=f"block_list:{block_list.pk}",
        at=at,
        detail={"digest": block_list.digest},
    )
