"""What follows from a confirmed proposal: blocks and referrals."""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from aduan.cases.models.case import Case
from aduan.cases.models.proposal import Proposal
from aduan.cases.workflow import ProposalType
from aduan.core import db_grants
from aduan.core.triggers import never_deleted

TWO_PEOPLE_BEHIND_BLOCK = """
    IF NOT EXISTS (
        SELECT 1 FROM cases_proposal p JOIN cases_case c ON c.id = p.case_id
        WHERE p.id = NEW.proposal_id AND p.case_id = NEW.case_id AND p.proposal_type = NEW.requested_action
          AND p.state = 'confirmed' AND c.number_id = NEW.number_id
          AND NOT (c.protected AND NEW.requested_action = 'block' AND NEW.released_at IS NULL)
    ) THEN
        RAISE EXCEPTION 'block without a proposal that two people confirmed'
            USING ERRCODE = 'check_violation';
    END IF;
    IF TG_OP = 'UPDATE' AND (OLD.released_at IS NOT NULL AND NEW IS DISTINCT FROM OLD
       OR (NEW.case_id, NEW.number_id, NEW.proposal_id, NEW.operator_id, NEW.digits, NEW.requested_action,
           NEW.valid_from, NEW.valid_until, NEW.confirmed_at)
          IS DISTINCT FROM
          (OLD.case_id, OLD.number_id, OLD.proposal_id, OLD.operator_id, OLD.digits, OLD.requested_action,
           OLD.valid_from, OLD.valid_until, OLD.confirmed_at)) THEN
        RAISE EXCEPTION 'a block is only ever released, once' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""

# The register of protected numbers itself is asked, forged forms included, whatever the case's flag says.
NEVER_A_PROTECTED_NUMBER = """
    IF numbers_is_protected((SELECT n.canonical FROM numbers_phonenumber n WHERE n.id = NEW.number_id)) THEN
        RAISE EXCEPTION 'a protected number is never blocked' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""


@db_grants.never_deleted
class Block(models.Model):
    """A confirmed decision in force: the only thing that lists are built from.

    `requested_action` is what the receiver is asked to do: "block" (operator) or "refer" (OTT platform).
    `valid_from` is the first day, `valid_until` the first day no longer blocked (Jakarta).
    `digits` is E.164 without `+`. A number that moved to another operator has its old block released as
    "rerouted" and a new one of the same proposal.
    """

    class ReleaseReason(models.TextChoices):
        ERROR = "error", _("The block was a mistake.")
        EXPIRED = "expired", _("Its time was over.")
        RECYCLED = "recycled", _("The operator says that the number has a new owner.")
        PROTECTED = "protected", _("The number is protected.")
        OBJECTION = "objection", _("The owner objected, and was right.")
        REOPENED = "reopened", _("The case was opened again.")
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
            models.Index(fields=["valid_until"], name="block_expires", condition=Q(released_at__isnull=True)),
        ]
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="two_people",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=TWO_PEOPLE_BEHIND_BLOCK,
            ),
            pgtrigger.Trigger(
                name="never_a_protected_number",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                condition=pgtrigger.Q(new__requested_action="block"),
                func=NEVER_A_PROTECTED_NUMBER,
            ),
            never_deleted(),
        ]

    def __str__(self) -> str:
        return f"{self.number_id} until {self.valid_until}"
