"""Notes of colleagues for colleagues."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from aduan.cases.models import Case
from aduan.core.triggers import append_only


class CaseNote(models.Model):
    """What a colleague wrote on a case. No complainant and no operator ever reads it."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(_("note"), max_length=4000)
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=~Q(text=""), name="note_says_something")]
        indexes: ClassVar = [models.Index(F("case"), F("id").desc(), name="note_of_case")]
        triggers: ClassVar = [append_only()]

    def __str__(self) -> str:
        return f"{self.case_id} {self.author_id}"
