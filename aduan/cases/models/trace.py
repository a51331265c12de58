"""Questions to operators where calls that showed a spoofed number came from."""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aduan.cases.models.case import Case
from aduan.cases.models.proposal import Proposal
from aduan.core.triggers import never_deleted


class Finding(models.TextChoices):
    OWN_LINE = "own_line", _("the calls came from the number's own line")
    OWN_NETWORK = "own_network", _("they came from another line in our network")
    OTHER_NETWORK = "other_network", _("they came in from another network")
    ABROAD = "abroad", _("they came in from abroad")
    NOTHING = "nothing", _("our records show no such calls")


class TraceRequest(models.Model):
    """Asks one operator where calls that showed a spoofed number really came from.

    Answered once, by a person of that operator or by one of its keys.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="trace_requests")
    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="trace_requests")
    operator = models.ForeignKey("operators.Operator", on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    answered_with = models.ForeignKey(
        "operators.AccessKey", on_delete=models.PROTECT, null=True, related_name="+"
    )
    finding = models.CharField(max_length=15, choices=Finding.choices, blank=True)
    answer = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["proposal", "operator"], name="asked_once_per_operator"),
            models.CheckConstraint(
                name="trace_answered_by_somebody",
                condition=Q(answered_at=None, finding="", answered_by=None, answered_with=None)
                | Q(answered_at__isnull=False, finding__in=Finding.values)
                & (
                    Q(answered_by__isnull=False, answered_with=None)
                    | Q(answered_by=None, answered_with__isnull=False)
                ),
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["operator", "id"], name="trace_waiting", condition=Q(answered_at__isnull=True)
            )
        ]
        triggers: ClassVar = [
            pgtrigger.Protect(
                name="answered_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__answered_at__isnull=False),
            ),
            never_deleted(),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} at {self.operator_id}"
