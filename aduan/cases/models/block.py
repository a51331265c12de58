"""What follows from a confirmed proposal: blocks and referrals. See also `cases/sql/block_*`."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from aduan.cases.models.case import Case
from aduan.cases.models.change_request import ChangeRequest
from aduan.cases.models.proposal import Proposal
from aduan.cases.workflow import ProposalType
from aduan.core.triggers import never_deleted


class Block(models.Model):
    """A confirmed decision in force: the only thing that lists are built from.

    `requested_action` is what the receiver is asked to do: "block" (operator) or "refer" (OTT platform).
    `valid_from` is the first day, `valid_until` the first day no longer blocked (Jakarta).
    `digits` is E.164 without `+`. A number that moved to another operator has its old block released as
    "rerouted" and a new one of the same proposal. A release that people decided stands under a change
    request that two of them signed; any other carries the application's code (`release_mac`).
    """

    class ReleaseReason(models.TextChoices):
        ERROR = "error", _("The block was a mistake.")
        EXPIRED = "expired", _("Its time was over.")
        RECYCLED = "recycled", _("The operator says that the number has a new owner.")
        PROTECTED = "protected", _("The number is protected.")
        OBJECTION = "objection", _("The owner objected, and was right.")
        REOPENED = "reopened", _("The case was opened again.")
        STOPPED = "stopped", _("It was stopped before a list took it.")
        REROUTED = "rerouted", _("The number moved to another operator.")

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="blocks")
    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="blocks")
    number = models.ForeignKey("numbers.PhoneNumber", on_delete=models.PROTECT, related_name="+")
    operator = models.ForeignKey("operators.Operator", on_delete=models.PROTECT, related_name="+")
    digits = models.BigIntegerField(null=True)
    requested_action = models.CharField(max_length=10, choices=ProposalType.choices)
    category = models.CharField(max_length=20)
    valid_from = models.DateField()
    valid_until = models.DateField()
    urgent = models.BooleanField(default=False)
    confirmed_at = models.DateTimeField()
    released_on = models.DateField(null=True, blank=True)
    released_at = models.DateTimeField(null=True, blank=True)
    release_reason = models.CharField(max_length=40, choices=ReleaseReason.choices, blank=True)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    released_under = models.ForeignKey(
        ChangeRequest, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    release_mac = models.BinaryField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(valid_until__gt=F("valid_from")), name="block_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=Q(released_on__isnull=True, released_at__isnull=True)
                | Q(released_on__gte=F("valid_from"), released_at__isnull=False),
                name="released_after_it_began",
            ),
            models.UniqueConstraint(
                fields=["proposal"], condition=Q(released_at__isnull=True), name="one_block_per_proposal"
            ),
            ExclusionConstraint(
                name="one_block_per_number_and_day",
                expressions=[
                    (
                        Func(F("number_id"), F("number_id"), Value("[]"), function="int8range"),
                        RangeOperators.OVERLAPS,
                    ),
                    (
                        Func(
                            F("valid_from"),
                            Coalesce(F("released_on"), F("valid_until")),
                            function="daterange",
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(requested_action="block"),
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["operator", "digits"], name="block_in_force", condition=Q(released_at__isnull=True)
            ),
            models.Index(
                fields=["released_at"], name="block_released", condition=Q(released_at__isnull=False)
            ),
            models.Index(fields=["valid_until"], name="block_expires", condition=Q(released_at__isnull=True)),
        ]
        triggers: ClassVar = [
            never_deleted(),
        ]

    def __str__(self) -> str:
        return f"{self.number_id} until {self.valid_until}"
