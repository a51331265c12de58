"""What was typed into a decision and not sent: working data, deleted when it has served."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from aduan.cases.models.case import Case


class DecisionDraft(models.Model):
    """What one person typed into one form of a case. `fields` are the posted names with all their values.

    `seen_digest` names the contents on the page on which it was typed: what changed since is shown with it.
    `page` (its moment of opening) and `turn` are those of the newest request: an older one of the same page
    that comes later changes nothing. Without fields the form was sent or emptied.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+")
    step = models.CharField(max_length=20)
    fields = models.JSONField(default=dict)
    seen_digest = models.CharField(max_length=120, blank=True)
    saved_at = models.DateTimeField()
    page = models.DateTimeField(null=True, blank=True)
    turn = models.PositiveIntegerField(default=0, db_default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "person", "step"], name="one_draft_per_form")
        ]
        indexes: ClassVar = [models.Index(fields=["saved_at"], name="draft_saved")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.step}"
