"""The only writer of `Case.status`. Everything that happens to a case goes through `apply_transition`."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as _

from aduan.accounts.models import User
from aduan.accounts.step_up import application_mac
from aduan.cases import workflow
from aduan.cases.clocks import PROMISE, after_pause
from aduan.cases.models import Case, CaseEvent
from aduan.cases.notices import NoticeText
from aduan.cases.ranking import RANK
from aduan.cases.services.hold_endings import end_holds_of_closed
from aduan.cases.services.notices import write_notice
from aduan.cases.workflow import CLOSED, DECIDES, IN_QUEUE, CaseAction, Status
from aduan.core import audit_log
from aduan.core.audit_actions import AuditAction
from aduan.core.errors import Forbidden, WrongState
from aduan.core.keys_ahead import keys_ahead

_WRITTEN = (
    "status", "closed_at", "decided_at", "held_by", "held_until", "due_at", "paused_at", "ready_at",
    "reopened_count", "objection_since",
)  # fmt: skip


def lock_case(case: Case) -> Case:
    """The case as it is now, locked until the transaction ends. Call it before any check."""
    return Case.locked().get(pk=case.pk)


def lock_cases(cases: list[Case]) -> list[Case]:
    """Several at once, always in the order of their keys: two people's bulk acts cannot lock each other."""
    keys = {case.pk for case in cases}
    return list(Case.locked().filter(pk__in=keys).order_by("pk"))


def apply_transition(
    case: Case,
    action: CaseAction,
    *,
    by: User | None,
    at: dt.datetime,
    reason: str = "",
    system_reason: CaseEvent.SystemReason | None = None,
    detail: dict[str, Any] | None = None,
    notice: NoticeText | None = None,
    undo_within: dt.timedelta = dt.timedelta(0),
) -> CaseEvent:
    """Takes one step on a locked case: status, clock, lease, event, notice, rank, and the audit log.

    `reason` is for colleagues; `notice` is what the complainants read instead of the standard text,
    after `undo_within`.
    """
    before = case.status
    case.status = _after(case, action, by)
    _update_clock(case, Status(before), action, by, at)
    case.save(update_fields=_WRITTEN)
    event = record_event(
        case,
        action,
        before=before,
        by=by,
        at=at,
        reason=reason,
        system_reason=system_reason,
        detail={**(detail or {}), **_clock_of(case, action)},
    )
    write_notice(case, event, notice or NoticeText(), announced_at=at + undo_within)
    if case.status in (*CLOSED, Status.REFERRED) and before != case.status:
        end_holds_of_closed(case, release_reason=(detail or {}).get("reason_code", ""), by=by, at=at)
    rank([case.pk], at=at)
    if by is not None:
        reported = {"event": event.pk, "before": before, "after": case.status}
        audit_action(
            case, AuditAction(f"case.{action.value}"), by=by, at=at, detail={**reported, **(detail or {})}
        )
    return event


def _clock_of(case: Case, action: CaseAction) -> dict[str, Any]:
    """The clock as it stood at a decision, for the figures: a later step may begin it anew."""
    if action not in DECIDES:
        return {}
    return {
        name: moment and moment.isoformat()
        for name, moment in (("ready_at", case.ready_at), ("due_at", case.due_at))
    }


def record_event(
    case: Case,
    action: CaseAction,
    *,
    before: str,
    by: User | None,
    at: dt.datetime,
    reason: str = "",
    system_reason: CaseEvent.SystemReason | None = None,
    detail: dict[str, Any] | None = None,
) -> CaseEvent:
    """Writes a line of the case's history; a change of status with the code of the application."""
    event = CaseEvent(
        case=case,
        action=action,
        from_status=before,
        to_status=case.status,
        actor=by,
        created_at=at,
        reason=reason,
        system_reason=system_reason or "",
        detail=detail or {},
    )
    if before != case.status:
        (event.pk,) = keys_ahead(CaseEvent)
        step = (action.value, before, case.status, event.actor_id, at)
        event.mac = application_mac("status_line", event.pk, case.pk, *step)
    event.save(force_insert=True)
    return event


def audit_action(
    case: Case, action: AuditAction, *, by: User, at: dt.datetime, detail: dict[str, Any] | None = None
) -> None:
    """Writes a person's act into the audit log. Last in the transaction: the chain has one lock."""
    audit_log.record(action, actor=f"user:{by.pk}", subject=f"case:{case.pk}", at=at, detail=detail)


def rank(keys: list[int], *, at: dt.datetime) -> None:
    """Counts the points of these cases again; writes only rows whose points changed."""
    with connection.cursor() as cursor:
        cursor.execute(RANK.format(which="c.id = ANY(%(keys)s)"), {"at": at, "keys": keys})


def require_no_part(case: Case, *, by: User) -> None:
    """Raises when this person is part of the case."""
    if case.has_part(by):
        raise Forbidden(
            "conflict_of_interest",
            _("Your own contact is part of this case. Somebody else has to work on it."),
        )


def require_available(case: Case, *, by: User, at: dt.datetime) -> None:
    """Raises when another person holds the case, or when this person is part of it."""
    require_no_part(case, by=by)
    if case.held_by_id and case.held_by_id != by.pk and case.held_until and case.held_until > at:
        name = str(User.objects.get(pk=case.held_by_id))
        raise WrongState("held", _("%(name)s holds this case.") % {"name": name}, name=name)


def _after(case: Case, action: CaseAction, by: User | None) -> Status:
    """The next status; when the case has moved on meanwhile, the refusal says who moved it."""
    try:
        return workflow.after(case.status, action)
    except WrongState as refusal:
        last = (
            case.events.filter(actor__isnull=False)
            .exclude(actor=by)
            .select_related("actor")
            .order_by("-id")
            .first()
        )
        if last is None or by is None or last.to_status != case.status:
            raise
        message = _("%(name)s was faster: this case is now “%(status)s”.") % {
            "name": last.actor,
            "status": Status(case.status).label,
        }
        raise WrongState(
            refusal.code,
            message,
            **refusal.details,
            name=str(last.actor),
            decided_at=last.created_at.isoformat(),
        ) from refusal


def _update_clock(case: Case, before: Status, action: CaseAction, by: User | None, at: dt.datetime) -> None:
    """Starts, stops and ends the clock, and ends the lease with the step that hands the case on."""
    after = Status(case.status)
    if after == Status.NEEDS_INFO and before != Status.NEEDS_INFO:
        case.paused_at = at
    elif before == Status.NEEDS_INFO and after != Status.NEEDS_INFO:
        case.due_at, case.paused_at = after_pause(case.due_at, case.paused_at, at), None
    if after != before:
        case.held_by, case.held_until = None, None
    if action in DECIDES:
        case.decided_at = at
    if after in CLOSED:
        case.closed_at = at
    if after not in IN_QUEUE:
        case.paused_at = None
    if action in (CaseAction.REOPEN, CaseAction.UNDO):
        _take_up_again(case, action, by, at)


def _take_up_again(case: Case, action: CaseAction, by: User | None, at: dt.datetime) -> None:
    """Nothing is decided any more. What was undone within seconds counts as never closed."""
    case.closed_at = case.decided_at = None
    if action == CaseAction.REOPEN:
        case.reopened_count += 1
        _restart_clock(case, by, at)


def _restart_clock(case: Case, by: User | None, at: dt.datetime) -> None:
    """A new complaint or an operator's finding begins the clock anew; a person who reopens a case does not.

    Otherwise closing and reopening would make an overdue case punctual.
    """
    if by is None or case.ready_at is None or case.due_at is None:
        case.ready_at, case.due_at = at, at + PROMISE
