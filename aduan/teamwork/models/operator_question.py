"""Questions to the people of an operator."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from aduan.cases.models import Case
from aduan.core.triggers import never_deleted
from aduan.operators.models import Operator


class OperatorQuestion(models.Model):
    """What a reviewer asked the operator of a number, and the one answer. Both sides read both texts."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    operator = models.ForeignKey(Operator, on_delete=models.PROTECT, related_name="+")
    text = models.TextField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    answer = models.TextField(blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(text=""), name="question_asks_something"),
            models.CheckConstraint(
                name="operator_answer_is_whole",
                condition=Q(answered_at=None, answered_by=None, answer="")
                | (Q(answered_at__isnull=False, answered_by__isnull=False) & ~Q(answer="")),
            ),
            models.UniqueConstraint(
                fields=["case", "operator"],
                name="one_open_question",
                condition=Q(answered_at__isnull=True),
            ),
        ]
        indexes: ClassVar = [
            models.Index(F("operator"), F("id").desc(), name="question_to_operator"),
            models.Index(F("case"), F("id").desc(), name="question_of_case"),
        ]
        triggers: ClassVar = [never_deleted()]

    def __str__(self) -> str:
        return f"{self.case_id} to {self.operator_id}"
