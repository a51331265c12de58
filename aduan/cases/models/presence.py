"""Who has a case open now, and which cases a person skipped: working data of a few hours."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from aduan.cases.models.case import Case


class CasePresence(models.Model):
    """One person on one case. Set-based statements write it: see `cases.services.presence`.

    `opened_at` names the page view, and only the newest one may end it; `seen_at` is empty once it was left.
    `claimed`: the case was taken by opening it, so that leaving gives it back.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+")
    opened_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True, blank=True)
    claimed = models.BooleanField(default=False)
    skipped_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "person"], name="one_presence_per_person")
        ]
        indexes: ClassVar = [models.Index(fields=["opened_at"], name="presence_opened")]

    def __str__(self) -> str:
        return f"{self.person_id} on {self.case_id}"
