"""What leads and calibrators look at: rechecks that wait, alarms that no one has seen."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from aduan.accounts.models import User
from aduan.accounts.roles import Permission
from aduan.cases.models import Alarm, Recheck


@dataclass(frozen=True, slots=True)
class WaitingRecheck:
    """A decision to read again. What was decided, by whom and why is not told before the answer."""

    recheck_id: int
    case_id: int
    reference: str
    shown_since: dt.datetime


@dataclass(frozen=True, slots=True)
class AnsweredRecheck:
    recheck_id: int
    case_id: int
    reference: str
    decision: str
    by: str
    at: dt.datetime
    agrees: bool
    reason: str


@dataclass(frozen=True, slots=True)
class UnseenAlarm:
    alarm_id: int
    kind: str
    person: str
    at: dt.datetime
    detail: dict[str, Any]


def waiting_rechecks(*, viewer: User, at: dt.datetime, size: int = 50) -> tuple[WaitingRecheck, ...]:
    """Never one of the viewer's own decisions."""
    viewer.require(Permission.CALIBRATE)
    waiting = Recheck.objects.filter(at=None, show_from__lte=at).exclude(deciders__contains=[viewer.pk])
    return tuple(
        WaitingRecheck(item.pk, item.case_id, f"K-{item.case_id:08d}", item.show_from)
        for item in waiting.order_by("show_from", "id")[:size]
    )


def answered_rechecks(*, viewer: User, size: int = 50) -> tuple[AnsweredRecheck, ...]:
    viewer.require(Permission.CALIBRATE)
    answered = Recheck.objects.filter(at__isnull=False, agrees__isnull=False).select_related("by", "event")
    return tuple(
        AnsweredRecheck(
            item.pk,
            item.case_id,
            f"K-{item.case_id:08d}",
            item.event.action,
            str(item.by),
            item.at,
            bool(item.agrees),
            item.reason,
        )
        for item in answered.order_by("-at")[:size]
        if item.at is not None
    )


def unseen_alarms(*, viewer: User, size: int = 50) -> tuple[UnseenAlarm, ...]:
    viewer.require(Permission.VIEW_DASHBOARD)
    unseen = Alarm.objects.filter(seen_at=None).select_related("person").order_by("-at")[:size]
    return tuple(
        UnseenAlarm(item.pk, item.kind, str(item.person or ""), item.at, item.detail) for item in unseen
    )
