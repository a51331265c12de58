"""The transactional outbox: what must be told to somebody outside, written with the act itself."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q


class OutboxMessage(models.Model):
    """One message to one recipient. `key` is unique, so an event is told at most once per recipient."""

    class State(models.TextChoices):
        WAITING = "waiting"
        SENT = "sent"
        DEAD = "dead"

    key = models.CharField(max_length=120, unique=True)
    kind = models.CharField(max_length=40)
    to_sealed = models.BinaryField()
    language = models.CharField(max_length=2, default="id")
    context = models.JSONField(default=dict)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField()
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["next_try_at"], name="outbox_waiting", condition=Q(state="waiting"))
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"
