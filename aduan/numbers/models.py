"""The register of reported numbers, and the numbers that must never be blocked."""

from __future__ import annotations

from typing import ClassVar

import pghistory
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from aduan.core.triggers import never_deleted


class Routing(models.TextChoices):
    """How the register knows who must act on a number today."""

    BY_RANGE = "range", _("by number range")
    BY_OVERRIDE = "override", _("decided by a person")
    UNASSIGNED = "unassigned", _("prefix not assigned, a person must look")
    NOT_ROUTED = "none", _("no operator by nature")


class PhoneNumber(models.Model):
    """One reported number (or sender), once, whatever its spelling. `digits` is E.164 without `+`.

    `in_use_since` is its operator's word: the day from which the present holder has had it. `resembles` is
    the protected number that it is easily taken for.
    """

    canonical = models.CharField(max_length=80, unique=True)
    kind = models.CharField(max_length=12)
    digits = models.BigIntegerField(null=True, unique=True)
    operator = models.ForeignKey(
        "operators.Operator", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    routing = models.CharField(max_length=12, choices=Routing.choices)
    first_seen_at = models.DateTimeField()
    in_use_since = models.DateField(null=True, blank=True)
    resembles = models.ForeignKey(
        "ProtectedNumber", on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )

    class Meta:
        verbose_name = _("number")
        verbose_name_plural = _("numbers")
        indexes: ClassVar = [
            models.Index(
                fields=["resembles"], name="number_lookalike", condition=models.Q(resembles__isnull=False)
            )
        ]

    def __str__(self) -> str:
        return self.canonical


@pghistory.track(exclude=["mac"])
class ProtectedNumber(models.Model):
    """A number that is never blocked: emergency, government, banks' official lines, operators' own.

    `pattern` is canonical text ("+628121214017", "service:1500888"), or the beginning of one with a trailing
    `*`. Forged forms of protected codes are protected too: see aduan.numbers.protection.
    """

    pattern = models.CharField(max_length=40)
    owner = models.CharField(max_length=200)
    kind = models.CharField(max_length=30)
    source = models.TextField()
    confidence = models.CharField(max_length=30)
    note = models.TextField(blank=True)
    active = models.BooleanField(default=True)
    mac = models.BinaryField(null=True, editable=False)  # see accounts.step_up.application_mac

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["pattern"], condition=models.Q(active=True), name="protected_pattern_once"
            )
        ]
        triggers: ClassVar = [never_deleted()]

    def __str__(self) -> str:
        return f"{self.pattern} ({self.owner})"


@pghistory.track()
class HolderOverride(models.Model):
    """A person's word on who carries one number, against the range table."""

    number = models.ForeignKey(PhoneNumber, on_delete=models.PROTECT, related_name="overrides")
    operator = models.ForeignKey("operators.Operator", on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["number"], condition=models.Q(ended_at__isnull=True), name="one_override_per_number"
            )
        ]
        triggers: ClassVar = [never_deleted()]

    def __str__(self) -> str:
        return f"{self.number} → {self.operator}"


class RoutingTask(models.Model):
    """A number whose operator a register editor has to find out. At most one open task per number.

    `raised_by` is the operator that disowned the number, `note` what it typed.
    """

    class Reason(models.TextChoices):
        NO_RANGE = "no_range", _("No operator holds this prefix.")
        BLOCK_UNROUTED = "block_unrouted", _("A block is decided, but the operator is unknown.")
        NOT_OURS = "not_ours", _("The operator says that the number is not its own.")

    number = models.ForeignKey(PhoneNumber, on_delete=models.PROTECT, related_name="routing_tasks")
    raised_by = models.ForeignKey(
        "operators.Operator", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    reason = models.CharField(max_length=20, choices=Reason.choices)
    note = models.TextField(blank=True)
    opened_at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    resolution = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["number"], condition=models.Q(resolved_at__isnull=True), name="one_open_routing_task"
            ),
            models.CheckConstraint(
                condition=models.Q(reason__in=["no_range", "block_unrouted", "not_ours"]),
                name="routing_task_reason_known",
            ),
        ]
        triggers: ClassVar = [never_deleted()]

    def __str__(self) -> str:
        return f"{self.number}: {self.reason}"
