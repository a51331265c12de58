"""What staff see of the outbox: how much waits, what was given up."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Case, Count, Exists, F, Min, OuterRef, Q, QuerySet, When

from aduan.notifications.models import OutboxMessage, Unsubscribe, VerificationCode

_SHOWN = 50
# What a carrier says of one address or number, and of all of them when it is out of order itself.
_REFUSED_BY_ANSWER = ["SMTPRecipientsRefused", "ConnectionError"]


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


def late_messages(*, due_before: dt.datetime) -> QuerySet[OutboxMessage]:
    """Messages that have waited since then, whether no one tried or the carrier refused.

    The pauses between tries take nothing from that time. A recipient that is refused alone is not late: a
    later message of its channel has left.
    """
    waiting = OutboxMessage.objects.filter(state=OutboxMessage.State.WAITING)
    untried = Q(attempts=0, next_try_at__lt=due_before)  # also after a person let it be tried again
    tried = Q(attempts__gt=0, created_at__lt=due_before)
    left_since = OutboxMessage.objects.filter(
        state=OutboxMessage.State.SENT, channel=OuterRef("channel"), pk__gt=OuterRef("pk")
    )
    alone = Q(attempts__gt=0, last_error__in=_REFUSED_BY_ANSWER) & Exists(left_since)
    return waiting.filter(untried | tried).exclude(alone)


def late_since(*, at: dt.datetime) -> dt.datetime | None:
    """Since when the one of `late_messages` has waited that has waited longest."""
    first_due = Case(When(attempts=0, then=F("next_try_at")), default=F("created_at"))
    found: dt.datetime | None = late_messages(due_before=at).aggregate(since=Min(first_due))["since"]
    return found


def is_unsubscribed(topic: str) -> bool:
    return Unsubscribe.objects.filter(topic=topic).exists()


def number_subject(number_id: int) -> str:
    """The subject of the codes that prove possession of a number."""
    return f"number:{number_id}"


def code_is_pending(purpose: VerificationCode.Purpose, subject: str, *, at: dt.datetime) -> bool:
    """Whether a code that can still be typed was sent for the subject."""
    codes = VerificationCode.objects.filter(purpose=purpose, subject=subject)
    return codes.filter(used_at=None, expires_at__gt=at).exists()
