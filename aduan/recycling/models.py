"""What operators' interfaces were asked, and what they answered."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from django.db import models
from django.db.models import Q

from aduan.core.triggers import append_only


class RecyclingCheck(models.Model):
    """One question whether the number of a case changed hands after the day `since`.

    `changed` is empty when there was no answer; `error` then says why in one word. Rows of a day are what
    the quota of an operator's interface counts.
    """

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="+")
    operator = models.ForeignKey("operators.Operator", on_delete=models.PROTECT, related_name="+")
    since = models.DateField()
    asked_at = models.DateTimeField()
    changed = models.BooleanField(null=True)
    error = models.CharField(max_length=30, blank=True)
    mac = models.BinaryField(null=True, editable=False)  # of "changed": see accounts.step_up.application_mac

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="check_has_an_answer_or_an_error",
                condition=Q(changed__isnull=False, error="") | Q(changed=None) & ~Q(error=""),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["operator", "asked_at"], name="recycling_quota"),
            models.Index(fields=["case", "-asked_at"], name="recycling_newest"),
        ]
        triggers: ClassVar = [append_only()]

    def __str__(self) -> str:
        return f"{self.case_id} since {self.since}"

    @property
    def change(self) -> tuple[str, str | int | dt.datetime, int, str, dt.datetime]:
        """What the application's code is over, where the interface said that the number changed hands."""
        return "number_changed", self.case_id, self.operator_id, self.since.isoformat(), self.asked_at
