"""The morning letter to leads: what waits, what is late, what was decided yesterday."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from aduan.accounts.models import User
from aduan.accounts.roles import Role
from aduan.cases.models import Alarm
from aduan.cases.queries.dashboard import figures
from aduan.core.periods import local_date
from aduan.notifications import services as notifications


@transaction.atomic
def send_lead_digest(*, at: dt.datetime) -> int:
    """One letter a day to every active lead, however often it is called. Returns how many are new."""
    board = figures(at=at, days=2)
    yesterday = board.days[0]
    context = {
        "waiting": sum(row.total for row in board.backlog),
        "overdue": sum(row.overdue for row in board.backlog),
        "opened": yesterday.opened,
        "decided": yesterday.decided,
        "blocked": yesterday.blocked,
        "alarms": Alarm.objects.filter(seen_at=None).count(),
    }
    leads = User.objects.filter(is_active=True, roles__contains=[Role.LEAD])
    return sum(
        notifications.enqueue_message(
            "lead_digest",
            key=f"digest:{local_date(at)}:{lead.pk}",
            to=lead.email,
            language="id",
            context=context,
            at=at,
            expires_at=at + dt.timedelta(hours=20),
        )
        for lead in leads
    )
