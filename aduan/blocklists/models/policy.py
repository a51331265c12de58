"""What list managers set: lanes, canaries and the kill switch."""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aduan.blocklists.models.lists import OPERATOR, PERSON, Series


class ListLane(models.Model):
    """Which kinds of list a receiver gets beside the rule (mobile: blocks; OTT: referrals). Data, not code.

    Without a row, inbound filters are off.
    """

    operator = models.ForeignKey(
        OPERATOR, on_delete=models.PROTECT, related_name="+", verbose_name=_("operator")
    )
    series = models.CharField(_("series"), max_length=10, choices=Series.choices)
    enabled = models.BooleanField(_("enabled"), default=True)
    note = models.TextField(_("note"), blank=True)

    class Meta:
        verbose_name = _("list lane")
        verbose_name_plural = _("list lanes")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["operator", "series"], name="lane_once_per_series")
        ]

    def __str__(self) -> str:
        return f"{self.operator}: {self.series}"


class Canary(models.Model):
    """A number that nobody can hold, on one operator's list only: when it turns up elsewhere, that list
    leaked.

    Only from ranges that are unassigned on the day of the build; the build refuses any other. None exist
    unless the ministry enters them.
    """

    operator = models.ForeignKey(
        OPERATOR, on_delete=models.PROTECT, related_name="+", verbose_name=_("operator")
    )
    digits = models.BigIntegerField(_("number"), unique=True)
    since = models.DateField(_("since"))
    until = models.DateField(_("until"))
    category = models.CharField(_("category"), max_length=20)
    case_id = models.BigIntegerField(_("case"))
    created_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("canary number")
        verbose_name_plural = _("canary numbers")

    def __str__(self) -> str:
        return f"{self.operator}: {self.digits}"


class PublicationStop(models.Model):
    """The kill switch: while a row is not lifted, nothing but removals is published."""

    reason = models.CharField(_("reason"), max_length=300)
    stopped_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    stopped_at = models.DateTimeField(_("stopped"))
    lifted_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, related_name="+")
    lifted_at = models.DateTimeField(_("lifted"), null=True)

    class Meta:
        verbose_name = _("stop of publication")
        verbose_name_plural = _("stops of publication")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["lifted_at"],
                condition=Q(lifted_at__isnull=True),
                nulls_distinct=False,
                name="one_stop_at_a_time",
            )
        ]
        triggers: ClassVar = [pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return self.reason
