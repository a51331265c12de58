"""Who read which case and which evidence: kept for a year, outside the audit log's chain."""

from __future__ import annotations

from typing import ClassVar, Final

import pgtrigger
from django.conf import settings
from django.db import models

from aduan.cases.models.case import Case

VIEWS_KEPT_DAYS: Final = 365


class CaseView(models.Model):
    """One page of a case that a person opened; `evidence_uid` names the file, where it was one.

    No foreign key to the file: the row stays when the file is erased.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+", db_index=False)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    evidence_uid = models.UUIDField(null=True)
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["case", "-id"], name="view_of_case"),
            models.Index(fields=["person", "-id"], name="view_of_person"),
            models.Index(fields=["at"], name="view_age"),
        ]
        triggers: ClassVar = [
            pgtrigger.Protect(name="never_changed", operation=pgtrigger.Update),
            pgtrigger.Protect(
                name="kept_a_year",
                operation=pgtrigger.Delete,
                condition=pgtrigger.Condition(
                    f"OLD.at > clock_timestamp() - interval '{VIEWS_KEPT_DAYS} days'"
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} on {self.case_id} at {self.at}"
