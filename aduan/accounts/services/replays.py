"""What was taken from people, and what two people approved, as the journal beside the backups keeps it.

A restored backup must give no one a power back that was taken. What was approved and is lost is asked for
again: its terms may name numbers and people, and are not kept outside of the database.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Final, TypedDict

from django.db import transaction

from aduan.accounts.models import ApprovalRequest, User
from aduan.core import audit_log
from aduan.core.audit_actions import AuditAction
from aduan.core.models import AuditLogEntry

_TAKING: Final = (AuditAction.USER_DEACTIVATE, AuditAction.USER_SET_ROLES)


class TakenPower(TypedDict):
    """A person was deactivated, or keeps these roles only."""

    person: int
    action: str
    roles: list[str]
    at: str


class Approved(TypedDict):
    """An approval, without its terms."""

    kind: str
    subject: str
    at: str


def taken_powers(*, since: dt.datetime | None = None) -> list[TakenPower]:
    """Oldest first."""
    entries = AuditLogEntry.objects.filter(action__in=_TAKING)
    if since is not None:
        entries = entries.filter(at__gte=since)
    return [
        TakenPower(
            person=int(entry.subject.removeprefix("user:")),
            action=entry.action,
            roles=list(entry.detail.get("roles", [])),
            at=entry.at.isoformat(),
        )
        for entry in entries.order_by("seq")
    ]


@transaction.atomic
def replay_taken_power(line: TakenPower, *, at: dt.datetime) -> bool:
    """Takes it again where the restored audit log does not know of it; whether it did. Safe to repeat."""
    subject, moment = f"user:{line['person']}", dt.datetime.fromisoformat(line["at"])
    if AuditLogEntry.objects.filter(subject=subject, action=line["action"], at=moment).exists():
        return False
    replayed = AuditLogEntry.objects.filter(subject=subject, detail__replayed_from=line["at"])
    person = User.objects.select_for_update().filter(pk=line["person"]).first()
    if person is None or replayed.exists():
        return False
    if line["action"] == AuditAction.USER_DEACTIVATE:
        person.is_active = False
    else:
        person.roles = sorted(set(person.roles) & set(line["roles"]))
    person.save(update_fields=["is_active", "roles"])
    detail = {"replayed_from": line["at"], "roles": person.roles}
    audit_log.record(AuditAction(line["action"]), actor="system", subject=subject, at=at, detail=detail)
    return True


def approved(*, since: dt.datetime | None = None) -> list[Approved]:
    """Oldest first."""
    rows = ApprovalRequest.objects.filter(state=ApprovalRequest.State.APPROVED, settled_at__isnull=False)
    if since is not None:
        rows = rows.filter(settled_at__gte=since)
    return [
        Approved(kind=row.kind, subject=row.subject, at=(row.settled_at or row.requested_at).isoformat())
        for row in rows.order_by("settled_at", "pk")
    ]


def lost_approvals(lines: Iterable[Approved]) -> list[Approved]:
    """Those that the restored database does not know: each has to be asked for and approved again."""
    return [
        line
        for line in lines
        if not ApprovalRequest.objects.filter(
            kind=line["kind"], subject=line["subject"], settled_at=dt.datetime.fromisoformat(line["at"])
        ).exists()
    ]
