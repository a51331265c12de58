"""Measures that are lifted until the owner's objection is decided. The law: here, and `cases/sql/lift_*`."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aduan.cases.models.block import Block
from aduan.cases.models.case import Case
from aduan.cases.models.change_request import ChangeRequest
from aduan.cases.models.hold import Hold
from aduan.core.triggers import never_deleted


class TemporaryLift(models.Model):
    """A block or a hold that no list carries from `lifted_at` on, until the objection is decided.

    Once for each block and each hold, for an owner who proved that they have the number. While it is open,
    lists are made as if the measure were not there. Two people who did not decide the measure put it back
    (`restored`) when the objection is not right; any other end leaves nothing to put back (`freed`).
    """

    class Outcome(models.TextChoices):
        RESTORED = "restored", _("not right: blocked again")
        FREED = "freed", _("the measure ended")

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="lifts")
    block = models.OneToOneField(Block, on_delete=models.PROTECT, null=True, related_name="lift")
    hold = models.OneToOneField(Hold, on_delete=models.PROTECT, null=True, related_name="lift")
    lifted_at = models.DateTimeField()
    lift_mac = models.BinaryField(null=True)
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=8, choices=Outcome.choices, blank=True)
    under = models.ForeignKey(
        ChangeRequest, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="lift_of_one_measure",
                condition=Q(block__isnull=False, hold=None) | Q(block=None, hold__isnull=False),
            ),
            models.CheckConstraint(
                name="lift_ends_with_an_outcome",
                condition=Q(ended_at=None, outcome="") | Q(ended_at__isnull=False) & ~Q(outcome=""),
            ),
            models.CheckConstraint(
                name="restored_under_a_decision",
                condition=~Q(outcome="restored") | Q(under__isnull=False),
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["lifted_at"], name="lift_begun")]
        triggers: ClassVar = [never_deleted()]

    def __str__(self) -> str:
        return f"{self.case_id} since {self.lifted_at}"
