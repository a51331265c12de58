"""Reading the audit log, page by page."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from aduan.core.models import AuditLogEntry


@dataclass(frozen=True, slots=True)
class AuditLogFilter:
    """`action` and `subject` may end with `*`; `before` is the seq of the last row of the page before."""

    actor: str = ""
    action: str = ""
    subject: str = ""
    since: dt.datetime | None = None
    until: dt.datetime | None = None
    before: int | None = None


@dataclass(frozen=True, slots=True)
class AuditLogRow:
    seq: int
    at: dt.datetime
    actor: str
    action: str
    subject: str
    hash: str
    detail: dict[str, Any] = field(default_factory=dict)


def audit_log_page(wanted: AuditLogFilter, *, size: int = 50) -> tuple[list[AuditLogRow], int | None]:
    """The newest rows first, and the `before` of the next page (None on the last). No COUNT."""
    rows = AuditLogEntry.objects.order_by("-seq")
    for name in ("actor", "action", "subject"):
        value: str = getattr(wanted, name)
        if value.endswith("*"):
            rows = rows.filter(**{f"{name}__startswith": value.rstrip("*")})
        elif value:
            rows = rows.filter(**{name: value})
    if wanted.since:
        rows = rows.filter(at__gte=wanted.since)
    if wanted.until:
        rows = rows.filter(at__lt=wanted.until)
    if wanted.before:
        rows = rows.filter(seq__lt=wanted.before)
    found = [
        AuditLogRow(row.seq, row.at, row.actor, row.action, row.subject, row.hash, row.detail)
        for row in rows[: size + 1]
    ]
    more = len(found) > size
    return found[:size], found[size - 1].seq if more else None
