"""Which decisions of a case its complainants may know, in which words and since when."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from aduan.cases.models import CannedReason, Case, CaseNotice
from aduan.cases.notices import NoticeText, standard_text, text_for
from aduan.cases.workflow import CONFIRMS, CaseAction, Status


@dataclass(frozen=True, slots=True)
class Announcement:
    """One decision as all complainants of the case read it; `referred`: of a case that was referred."""

    event_id: int
    action: CaseAction
    at: dt.datetime
    text: NoticeText
    referred: bool = False


def announcements(case: Case, *, since: dt.datetime, at: dt.datetime) -> list[Announcement]:
    """What was announced from `since` until `at`, in that order."""
    rows = case.notices.filter(announced_at__range=(since, at), withdrawn_at=None).select_related("event")
    return [announcement(row) for row in rows.order_by("announced_at", "pk")]


def newest_announcement(case: Case, *, at: dt.datetime) -> Announcement | None:
    rows = case.notices.filter(announced_at__lte=at, withdrawn_at=None).select_related("event")
    row = rows.order_by("announced_at", "pk").last()
    return announcement(row) if row else None


def announcement(row: CaseNotice) -> Announcement:
    """Of a notice that was announced, with its event."""
    assert row.announced_at is not None  # noqa: S101 - narrows the type only
    return Announcement(
        row.event_id, CaseAction(row.event.action), row.announced_at, _text(row), _referred(row)
    )


def announced_status(case: Case, *, at: dt.datetime) -> Status:
    """The status that complainants may know: of a decision they do not know yet, the one before."""
    status = Status(case.status)
    if status in (Status.NEEDS_INFO, Status.DISMISSED, Status.NOT_OURS):
        unknown = case.notices.filter(announced_at__gt=at, withdrawn_at=None).order_by("pk")
        before = unknown.values_list("event__from_status", flat=True).first()
        return Status(before) if before else status
    if status not in (Status.CONFIRMED, Status.REFERRED):
        return status
    confirming = case.notices.filter(event__action__in=[*CONFIRMS.values()]).order_by("-pk")
    newest = confirming.values_list("announced_at", flat=True).first()
    return Status.PROPOSED if newest is None and confirming.exists() else status


def canned_notice(code: str) -> NoticeText:
    """What the complainants read for this reason; empty when it has no text of its own."""
    reason = CannedReason.objects.filter(code=code).first()
    return reason.notice if reason else NoticeText()


def _text(row: CaseNotice) -> NoticeText:
    """As it was sent; of a decision from before notices were kept, the standard text of today."""
    if row.text:
        return row.text
    action, code = CaseAction(row.event.action), row.event.detail.get("reason_code", "")
    decided = action in CONFIRMS.values()
    standard = standard_text(action, code, referred=_referred(row))
    return text_for(standard, canned_notice(code), NoticeText(), decided=decided)


def _referred(row: CaseNotice) -> bool:
    return row.event.from_status == Status.REFERRED
