"""What the complainants of a case read about a decision: the text as it was sent."""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from aduan.cases.models.case import Case, CaseEvent
from aduan.cases.notices import NoticeText
from aduan.core.triggers import never_deleted


class CaseNotice(models.Model):
    """The notice of one decision to all complainants of its case, in the same words and at the same time.

    `announced_at` is empty for a block or a referral until its list is published, and some seconds ahead for
    what can be undone until then. `edited` says that the text
    was written for this case and is not the reason's standard text.
    """

    event = models.OneToOneField(CaseEvent, on_delete=models.PROTECT, related_name="notice")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="notices")
    text_id = models.TextField()
    text_en = models.TextField()
    next_steps = ArrayField(models.CharField(max_length=20), default=list)
    edited = models.BooleanField(default=False)
    announced_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True, help_text="Taken back before it was announced.")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="withdrawn_before_announced",
                condition=Q(withdrawn_at=None) | Q(withdrawn_at__lt=F("announced_at")),
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["case"], name="notice_waiting", condition=Q(announced_at__isnull=True)),
            models.Index(fields=["announced_at"], name="notice_announced"),
        ]
        triggers: ClassVar = [
            never_deleted(),
            pgtrigger.Protect(
                name="notice_is_final",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "OLD.announced_at IS NOT NULL AND NOT (OLD.withdrawn_at IS NULL"
                    " AND NEW.announced_at IS NOT DISTINCT FROM OLD.announced_at"
                    " AND coalesce(NEW.withdrawn_at < OLD.announced_at, false))"
                    " OR (OLD.event_id, OLD.case_id, OLD.text_id, OLD.text_en, OLD.next_steps)"
                    " IS DISTINCT FROM (NEW.event_id, NEW.case_id, NEW.text_id, NEW.text_en, NEW.next_steps)"
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"notice of {self.event_id}"

    @property
    def text(self) -> NoticeText:
        return NoticeText(self.text_id, self.text_en, tuple(self.next_steps))
