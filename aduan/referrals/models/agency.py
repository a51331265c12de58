"""Numbers that a platform banned and reports to the ministry: agency reports."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aduan.core.triggers import append_only


class AgencyReport(models.Model):
    """One batch as it came in; the same rows again change nothing. Append-only."""

    platform = models.ForeignKey("operators.Operator", on_delete=models.PROTECT, related_name="+")
    uid = models.UUIDField(unique=True)
    rows_digest = models.CharField(max_length=64)
    row_count = models.PositiveIntegerField()
    refused = models.JSONField(default=list)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    access_key = models.ForeignKey(
        "operators.AccessKey", on_delete=models.PROTECT, null=True, related_name="+"
    )
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-id"]
        verbose_name = _("agency report")
        verbose_name_plural = _("agency reports")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["platform", "rows_digest"], name="agency_report_once"),
            models.CheckConstraint(
                condition=Q(by__isnull=False) | Q(access_key__isnull=False),
                name="agency_report_has_a_sender",
            ),
        ]
        triggers: ClassVar = [append_only()]

    def __str__(self) -> str:
        return f"A-{self.pk:08d}"


class AgencyReportRow(models.Model):
    """Where a complaint of an agency report came from. Append-only."""

    report = models.ForeignKey(AgencyReport, on_delete=models.PROTECT, related_name="rows")
    row = models.PositiveIntegerField()
    complaint = models.OneToOneField("complaints.Complaint", on_delete=models.PROTECT, related_name="+")
    banned_on = models.DateField(null=True)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["report", "row"], name="one_complaint_per_agency_row")
        ]
        triggers: ClassVar = [append_only()]

    def __str__(self) -> str:
        return f"{self.report_id}: {self.row}"
