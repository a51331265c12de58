"""Letters to leads, by e-mail through the outbox."""

from __future__ import annotations

import datetime as dt
from typing import Any

from aduan.accounts.models import User
from aduan.accounts.roles import Role
from aduan.notifications import services as notifications


def write_to_leads(
    kind: str, *, once: str, context: dict[str, Any], at: dt.datetime, expires_at: dt.datetime | None = None
) -> int:
    """One letter to every active lead, once per `once`. Returns how many are new."""
    leads = User.objects.filter(is_active=True, roles__contains=[Role.LEAD]).order_by("pk")
    return sum(
        notifications.enqueue_message(
            kind,
            key=f"{once}:{lead.pk}",
            to=lead.email,
            language="id",
            context=context,
            at=at,
            expires_at=expires_at,
        )
        for lead in leads
    )
