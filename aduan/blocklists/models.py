"""Published lists and what became of them. A published list and its entries never change."""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

PERSON = settings.AUTH_USER_MODEL


class BlockList(models.Model):
    """One version of one operator's list. `full(n) = full(n-1) + added - removed`, always."""

    class Kind(models.TextChoices):
        MONTHLY = "monthly", _("monthly")
        INTERIM = "interim", _("interim")
        REFERRAL = "referral", _("referral")
        INBOUND = "inbound", _("inbound filter")

    class State(models.TextChoices):
        BUILDING = "building", _("being built")
        BUILT = "built", _("built")
        HELD = "held", _("on hold")
        COOLING = "cooling", _("cooling off")
        PUBLISHED = "published", _("published")
        REJECTED = "rejected", _("rejected")

    operator = models.ForeignKey("operators.Operator", on_delete=models.PROTECT, related_name="+")
    period = models.DateField(_("month"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    version = models.PositiveIntegerField(_("version"))
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.BUILDING)
    previous = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    as_of = models.DateTimeField()
    count = models.PositiveIntegerField(default=0)
    added_count = models.PositiveIntegerField(default=0)
    removed_count = models.PositiveIntegerField(default=0)
    digest = models.CharField(max_length=64, blank=True)
    manifest = models.JSONField(default=dict)
    hold_reasons = models.JSONField(default=list)
    released_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, related_name="+")
    second_released_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, related_name="+")
    built_at = models.DateTimeField(null=True)
    publish_after = models.DateTimeField(null=True)
    published_at = models.DateTimeField(_("published"), null=True)

    class Meta:
        verbose_name = _("block list")
        verbose_name_plural = _("block lists")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["operator", "version"], name="list_version_once"),
            models.UniqueConstraint(
                fields=["operator", "period", "kind"], condition=Q(kind="monthly"), name="one_monthly_list"
            ),
            models.CheckConstraint(
                condition=~Q(second_released_by=models.F("released_by")), name="two_people_release_a_hold"
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.Protect(
                name="published_is_final",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__state="published"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.operator_id} {self.period:%Y-%m} {self.kind} v{self.version}"


class Download(models.Model):
    """Who fetched which file of which list, when and how much of it. Append-only."""

    block_list = models.ForeignKey(BlockList, on_delete=models.PROTECT, related_name="downloads")
    file = models.CharField(max_length=60)
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, related_name="+")
    access_key = models.ForeignKey(
        "operators.AccessKey", on_delete=models.PROTECT, null=True, related_name="+"
    )
    digest = models.CharField(max_length=64)
    bytes_sent = models.BigIntegerField(null=True)
    complete = models.BooleanField(default=False)
    at = models.DateTimeField()

    class Meta:
        triggers: ClassVar = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.block_list_id} {self.file}"


class Outcome(models.Model):
    """What an operator (or platform) says it did about one number. The latest report counts."""

    class Answer(models.TextChoices):
        BLOCKED = "blocked", _("blocked")
        INACTIVE = "inactive", _("already inactive")
        NOT_OURS = "not_ours", _("not our number")
        RECYCLED = "recycled", _("belongs to a new holder")
        REFUSED = "refused", _("refused")

    operator = models.ForeignKey("operators.Operator", on_delete=models.PROTECT, related_name="+")
    block_list = models.ForeignKey(BlockList, on_delete=models.PROTECT, related_name="outcomes")
    digits = models.BigIntegerField()
    answer = models.CharField(max_length=10, choices=Answer.choices)
    acted_at = models.DateTimeField()
    reason = models.CharField(max_length=300, blank=True)
    reported_at = models.DateTimeField()
    reported_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, related_name="+")
    access_key = models.ForeignKey(
        "operators.AccessKey", on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["block_list", "digits"], name="one_outcome_per_number_and_list")
        ]

    def __str__(self) -> str:
        return f"{self.digits}: {self.answer}"
