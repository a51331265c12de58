"""A hold ends: by a person, by what became of its case or its number, or because its time is over."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Final

from django.db import transaction
from django.db.models import F, Q, QuerySet

from aduan.accounts.models import User
from aduan.accounts.step_up import application_mac
from aduan.cases.clocks import long_in_use
from aduan.cases.models import Block, Case, CaseEvent, Hold, TemporaryLift
from aduan.cases.workflow import CaseAction
from aduan.core import audit_log
from aduan.core.audit_actions import AuditAction
from aduan.core.periods import local_date

# What ends an open hold when the block that came of it is released; any other reason closes its case.
_BY_RELEASE: Final = {
    Block.ReleaseReason.ERROR.value: Hold.EndReason.MISTAKE,
    Block.ReleaseReason.OBJECTION.value: Hold.EndReason.OBJECTION,
    Block.ReleaseReason.PROTECTED.value: Hold.EndReason.PROTECTED,
    Block.ReleaseReason.RECYCLED.value: Hold.EndReason.RECYCLED,
}


def end_holds_of(
    case: Case, *, reason: Hold.EndReason, by: User | None, at: dt.datetime, note: str = ""
) -> int:
    """Ends the hold of this locked case, and takes back one that waits for a signature. Returns how many."""
    held = [hold for hold in _open_holds([case.pk]) if hold.state == Hold.State.CONFIRMED]
    for hold in held:
        _end(hold, case, reason=reason, by=by, at=at, note=note)
    withdraw_pending(case, at=at)
    return len(held)


def end_holds_of_closed(case: Case, *, release_reason: str, by: User | None, at: dt.datetime) -> int:
    """The case was closed, or its block released for this reason: nothing stands behind a hold any more."""
    reason = _BY_RELEASE.get(release_reason, Hold.EndReason.CLOSED)
    return end_holds_of(case, reason=reason, by=by, at=at)


def end_holds_of_long_used(case: Case, *, at: dt.datetime) -> int:
    """Ends what holds this locked case's number, which is in use for longer than the hold's rules allow."""
    today = local_date(at)
    if any(
        long_in_use(case.in_use_since, today, years=hold.policy.use_years)
        for hold in _open_holds([case.pk]) + list(_pending_of(case))
    ):
        return end_holds_of(case, reason=Hold.EndReason.MISTAKE, by=None, at=at)
    return 0


@transaction.atomic
def end_holds_elsewhere(*, at: dt.datetime, limit: int = 1000) -> int:
    """Ends holds, and takes back proposals, at operators that no longer have the number. Returns how many."""
    open_now = Q(state=Hold.State.PENDING) | Q(state=Hold.State.CONFIRMED, ended_at=None)
    moved = Hold.objects.filter(open_now, number__operator__isnull=False).exclude(
        operator=F("number__operator")
    )
    cases = list(moved.order_by("case").values_list("case", flat=True)[:limit])
    for case in Case.locked().filter(pk__in=cases).order_by("pk"):
        end_holds_of(case, reason=Hold.EndReason.REROUTED, by=None, at=at)
    return len(cases)


def withdraw_pending(case: Case, *, at: dt.datetime) -> int:
    """Takes back a hold of this locked case that waits for its second person."""
    return _pending_of(case).update(state=Hold.State.WITHDRAWN, settled_at=at)


def mark_became_block(case: Case, *, at: dt.datetime) -> bool:
    """The case ends in a block: whether it was held. The hold goes on until a published list has the block.

    Otherwise the number would work again between the decision and the list that carries it.
    """
    withdraw_pending(case, at=at)
    open_holds = Hold.objects.filter(case=case, state=Hold.State.CONFIRMED, ended_at=None, ends_at__gt=at)
    return open_holds.update(became_block_at=at) > 0


@transaction.atomic
def end_holds_of_listed_blocks(case_ids: Iterable[int], *, at: dt.datetime) -> int:
    """A published list carries the blocks of these cases: their holds have done their work."""
    waiting = Hold.objects.filter(case__in=case_ids, became_block_at__isnull=False, ended_at=None)
    cases = waiting.order_by("case").values_list("case", flat=True)
    ended = 0
    for case in Case.locked().filter(pk__in=list(cases)).order_by("pk"):
        ended += end_holds_of(case, reason=Hold.EndReason.BLOCKED, by=None, at=at)
    return ended


def lapse_holds(*, at: dt.datetime, limit: int = 1000) -> int:
    """Writes down which holds have ended by themselves. They ended at their hour, whenever this runs."""
    over = Hold.objects.filter(state=Hold.State.CONFIRMED, ended_at=None, ends_at__lte=at)
    return sum(_lapse(pk, at) for pk in over.order_by("ends_at").values_list("case", flat=True)[:limit])


@transaction.atomic
def _lapse(case_id: int, at: dt.datetime) -> int:
    case = Case.locked().get(pk=case_id)
    over = [hold for hold in _open_holds([case.pk]) if hold.ends_at is not None and hold.ends_at <= at]
    for hold in over:
        reason = Hold.EndReason.BLOCKED if hold.became_block_at else Hold.EndReason.LAPSED
        _end(hold, case, reason=reason, by=None, at=at)
    return len(over)


def _pending_of(case: Case) -> QuerySet[Hold]:
    return Hold.objects.filter(case=case, state=Hold.State.PENDING)


def _open_holds(case_ids: Iterable[int]) -> list[Hold]:
    rows = Hold.objects.select_for_update(of=("self",)).filter(case__in=case_ids, ended_at=None)
    return list(rows.filter(state=Hold.State.CONFIRMED))


def _end(
    hold: Hold, case: Case, *, reason: Hold.EndReason, by: User | None, at: dt.datetime, note: str = ""
) -> None:
    """Writes the end, never past the hold's own, with the event and the entry of the audit log."""
    assert hold.confirmed_at is not None and hold.ends_at is not None  # noqa: S101, PT018 - narrows the type
    if at >= hold.ends_at and reason != Hold.EndReason.BLOCKED:
        reason, by = Hold.EndReason.LAPSED, None
    hold.ended_at = max(min(at, hold.ends_at), hold.confirmed_at)
    hold.end_reason, hold.ended_by = reason, by
    hold.end_mac = application_mac("end_hold", hold.pk, hold.end_reason, hold.ended_at, hold.ended_by_id)
    hold.save(update_fields=["ended_at", "end_reason", "ended_by", "end_mac"])
    lifted = TemporaryLift.objects.filter(hold=hold, ended_at=None)
    lifted.update(ended_at=hold.ended_at, outcome=TemporaryLift.Outcome.FREED)
    detail = {"hold": hold.pk, "end_reason": str(reason)}
    event = CaseEvent.objects.create(
        case=case,
        action=CaseAction.END_HOLD,
        from_status=case.status,
        to_status=case.status,
        actor=by,
        created_at=at,
        reason=note.strip(),
        detail=detail,
    )
    audit_log.record(
        AuditAction.CASE_END_HOLD,
        actor=f"user:{by.pk}" if by else "system",
        subject=f"case:{case.pk}",
        at=at,
        detail={"event": event.pk, "before": case.status, "after": case.status, **detail},
    )
