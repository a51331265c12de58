"""The morning letter to leads: what waits, what is late, what was decided yesterday."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from aduan.cases.models import Alarm
from aduan.cases.queries.dashboard import figures
from aduan.cases.services.lead_letters import write_to_leads
from aduan.core.periods import local_date


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
    once = f"digest:{local_date(at)}"
    return write_to_leads(
        "lead_digest", once=once, context=context, at=at, expires_at=at + dt.timedelta(hours=20)
    )
