"""The log-ins of one human, and requests that wait for the approval of a second person."""

from __future__ import annotations

from typing import Final

from django.db.models import QuerySet

from aduan.accounts.models import APPROVERS, ApprovalRequest, User
from aduan.accounts.roles import Permission, Role

_KIND = ApprovalRequest.Kind
# What stands in these terms is for few: canaries, and a colleague's own number.
_CONFIDENTIAL: Final = (_KIND.CANARY_ADD, _KIND.CANARY_END, _KIND.PHONE)


def log_ins_of(person: User) -> list[int]:
    """Keys of all log-ins of this human, smallest first: what is counted is counted over all of them."""
    staff = User.objects.exclude(roles=[Role.OPERATOR_PERSON])
    return sorted({person.pk, *(one.pk for one in staff if one.same_human(person))})


def approvals_for(viewer: User) -> QuerySet[ApprovalRequest]:
    """What this person may approve, and what auditors and leads may read besides."""
    kinds = {kind for kind, permission in APPROVERS.items() if viewer.has_permission(permission)}
    if viewer.has_permission(Permission.READ_CONTACT_ACCESS):
        kinds |= APPROVERS.keys() - set(_CONFIDENTIAL)
    rows = ApprovalRequest.objects.filter(kind__in=sorted(kinds))
    return rows.select_related("requested_by", "settled_by")


def waiting_approvals(*, viewer: User, subject: str = "", limit: int = 200) -> list[ApprovalRequest]:
    """Oldest first; with `subject` those about one thing."""
    rows = approvals_for(viewer).filter(state=ApprovalRequest.State.PENDING)
    if subject:
        rows = rows.filter(subject=subject)
    return list(rows.order_by("requested_at", "pk")[:limit])


def count_waiting_approvals(*, viewer: User) -> int:
    """How many requests of others wait for this person's word."""
    kinds = [kind for kind, permission in APPROVERS.items() if viewer.has_permission(permission)]
    waiting = ApprovalRequest.objects.filter(state=ApprovalRequest.State.PENDING, kind__in=kinds)
    return waiting.exclude(requested_by=viewer).count() if kinds else 0
