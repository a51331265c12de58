"""What staff see of the outbox: how much waits, what was given up."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Min, Q

from aduan.notifications.models import OutboxMessage, Unsubscribe, VerificationCode

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


def undelivered() -> list[OutboxMessage]:
    """The newest messages that need a person; without their encrypted payload."""
    state = OutboxMessage.State
    stuck = OutboxMessage.objects.filter(state__in=[state.DEAD, state.UNSURE])
    return list(stuck.defer("payload_encrypted").order_by("-id")[:_SHOWN])


def is_unsubscribed(topic: str) -> bool:
    return Unsubscribe.objects.filter(topic=topic).exists()


def number_subject(number_id: int) -> str:
    """The subject of the codes that prove possession of a number."""
    return f"number:{number_id}"


def code_is_pending(purpose: VerificationCode.Purpose, subject: str, *, at: dt.datetime) -> bool:
    """Whether a code that can still be typed was sent for the subject."""
    codes = VerificationCode.objects.filter(purpose=purpose, subject=subject)
    return codes.filter(used_at=None, expires_at__gt=at).exists()
