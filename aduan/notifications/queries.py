"""What staff see of the outbox: how much waits, what was given up."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Min, Q

from aduan.notifications.models import Muted, OutboxMessage

_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Outbox:
    """Used by the ministry's page of background work."""

    waiting: int
    oldest_waiting_since: dt.datetime | None
    dead: int
    unsure: int


def outbox() -> Outbox:
    state = OutboxMessage.State
    counts = OutboxMessage.objects.aggregate(
        waiting=Count("id", filter=Q(state=state.WAITING)),
        oldest=Min("created_at", filter=Q(state=state.WAITING)),
        dead=Count("id", filter=Q(state=state.DEAD)),
        unsure=Count("id", filter=Q(state=state.UNSURE)),
    )
    return Outbox(counts["waiting"], counts["oldest"], counts["dead"], counts["unsure"])


def given_up() -> list[OutboxMessage]:
    """The newest messages that need a person; without what is sealed in them."""
    state = OutboxMessage.State
    stuck = OutboxMessage.objects.filter(state__in=[state.DEAD, state.UNSURE])
    return list(stuck.defer("sealed").order_by("-id")[:_SHOWN])


def is_muted(topic: str) -> bool:
    return Muted.objects.filter(topic=topic).exists()
