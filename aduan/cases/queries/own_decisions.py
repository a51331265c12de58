"""What a person did last, newest first."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

from aduan.accounts.models import User
from aduan.accounts.roles import Permission
from aduan.cases.models import CaseEvent
from aduan.cases.workflow import CaseAction, Status

_DECISIONS: Final = (
    *(CaseAction.ASK, CaseAction.DISMISS, CaseAction.DECLARE_NOT_OURS, CaseAction.UNDO, CaseAction.REOPEN),
    *(CaseAction.PROPOSE, CaseAction.RETRACT, CaseAction.AGREE, CaseAction.DISAGREE, CaseAction.REJECT),
    *(CaseAction.CONFIRM_BLOCK, CaseAction.CONFIRM_SPOOFED, CaseAction.CONFIRM_REFERRAL),
)


@dataclass(frozen=True, slots=True)
class OwnDecision:
    """One act. `undo_until` is set while it can be taken back."""

    case_id: int
    reference: str
    number: str
    action: CaseAction
    at: dt.datetime
    status_now: Status
    undo_until: dt.datetime | None


def own_decisions(viewer: User, *, at: dt.datetime, limit: int = 50) -> list[OwnDecision]:
    """One statement, by the index on a person's events."""
    viewer.require(Permission.VIEW_CASES)
    rows = CaseEvent.objects.filter(actor=viewer, action__in=_DECISIONS).select_related("case", "notice")
    return [_decision(row, at) for row in rows.order_by("-created_at", "-pk")[:limit]]


def _decision(row: CaseEvent, at: dt.datetime) -> OwnDecision:
    notice = getattr(row, "notice", None)
    until = notice.announced_at if notice and notice.withdrawn_at is None else None
    return OwnDecision(
        case_id=row.case_id,
        reference=row.case.reference,
        number=row.case.number_text,
        action=CaseAction(row.action),
        at=row.created_at,
        status_now=Status(row.case.status),
        undo_until=until if until and until > at else None,
    )
