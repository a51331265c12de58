"""What leads and calibrators look at: quality reviews that wait, alarms that no one has seen."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from aduan.accounts.models import User
from aduan.accounts.roles import Permission
from aduan.cases.models import Alarm, QualityReview
from aduan.cases.models.case import case_reference


@dataclass(frozen=True, slots=True)
class WaitingQualityReview:
    """A decision to read again. What was decided, by whom and why is not told before the answer."""

    review_id: int
    case_id: int
    reference: str
    shown_since: dt.datetime


@dataclass(frozen=True, slots=True)
class AnsweredQualityReview:
    review_id: int
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
    person_id: int | None
    person: str
    at: dt.datetime
    detail: dict[str, Any]


def waiting_quality_reviews(
    *, viewer: User, at: dt.datetime, size: int = 50
) -> tuple[WaitingQualityReview, ...]:
    """Never one of the viewer's own decisions."""
    viewer.require(Permission.CALIBRATE)
    waiting = QualityReview.objects.filter(
        reviewed_at=None, show_from__lte=at, event__notice__withdrawn_at=None
    ).exclude(deciders__contains=[viewer.pk])
    return tuple(
        WaitingQualityReview(item.pk, item.case_id, case_reference(item.case_id), item.show_from)
        for item in waiting.order_by("show_from", "id")[:size]
    )


def answered_quality_reviews(*, viewer: User, size: int = 50) -> tuple[AnsweredQualityReview, ...]:
    viewer.require(Permission.CALIBRATE)
    answered = QualityReview.objects.filter(reviewed_at__isnull=False, agrees__isnull=False).select_related(
        "reviewed_by", "event"
    )
    return tuple(
        AnsweredQualityReview(
            item.pk,
            item.case_id,
            case_reference(item.case_id),
            item.event.action,
            str(item.reviewed_by),
            item.reviewed_at,
            bool(item.agrees),
            item.reason,
        )
        for item in answered.order_by("-reviewed_at")[:size]
        if item.reviewed_at is not None
    )


def unseen_alarms(*, viewer: User, size: int = 50) -> tuple[UnseenAlarm, ...]:
    viewer.require(Permission.VIEW_DASHBOARD)
    unseen = Alarm.objects.filter(seen_at=None).select_related("person").order_by("-at")[:size]
    return tuple(
        UnseenAlarm(item.pk, item.kind, item.person_id, str(item.person or ""), item.at, item.detail)
        for item in unseen
    )
