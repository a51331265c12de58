"""Staff see a complainant's contact only when they ask for it and say why. Every look is in the ledger."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from aduan.accounts.models import User
from aduan.accounts.roles import Permission
from aduan.complaints.models import Complaint
from aduan.complaints.services import letters
from aduan.core import ledger
from aduan.core.errors import Forbidden, Invalid
from aduan.core.models import LedgerEntry

LOOKS_A_DAY: Final = 30
_SHORTEST_REASON: Final = 10


@dataclass(frozen=True, slots=True)
class Contact:
    email: str
    phone: str


@transaction.atomic
def reveal_contact(complaint: Complaint, *, by: User, reason: str, at: dt.datetime) -> Contact:
    """Opens the contact for one person. Raises Forbidden without the permission or after 30 looks in a
    day."""
    by.must(Permission.REVEAL)
    if len(reason.strip()) < _SHORTEST_REASON:
        raise Invalid("reason_missing", _("Say in a few words why you need it."), field="reason")
    looks = LedgerEntry.objects.filter(
        actor=f"user:{by.pk}", action="complaint.reveal", at__gt=at - dt.timedelta(days=1)
    ).count()
    if looks >= LOOKS_A_DAY:
        raise Forbidden(
            "too_many_looks", _("You have opened %(count)d contacts today. Ask your lead.") % {"count": looks}
        )
    ledger.record(
        "complaint.reveal",
        actor=f"user:{by.pk}",
        subject=f"complaint:{complaint.pk}",
        at=at,
        detail={"case": complaint.case_id, "reason_length": len(reason)},
    )
    return Contact(
        email=letters.email_of(complaint) if complaint.email_sealed else "",
        phone=letters.phone_of(complaint) if complaint.phone_sealed else "",
    )
