"""What the desk aims at, as leads set it. A target decides nothing: pages show figures beside it."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from aduan.core.triggers import append_only


class DeskTarget(models.Model):
    """At most so many cases wait, at least such shares in percent; the newest row holds, or defaults."""

    waiting = models.PositiveIntegerField(default=300)
    in_time = models.PositiveSmallIntegerField(default=95)
    agreement = models.PositiveSmallIntegerField(default=90)
    quality = models.PositiveSmallIntegerField(default=95)
    reason = models.CharField(max_length=500)
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(in_time__lte=100, agreement__lte=100, quality__lte=100),
                name="desk_targets_are_shares",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="desk_target_has_a_reason"),
        ]
        triggers: ClassVar = [append_only()]

    def __str__(self) -> str:
        return f"{self.set_at:%Y-%m-%d}: {self.reason}"

    @classmethod
    def current(cls) -> DeskTarget:
        return cls.objects.order_by("-pk").first() or cls()
