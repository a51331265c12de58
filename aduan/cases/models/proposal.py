"""A proposal with up to three signatures. The law: constraints here, and `cases/sql/proposal_*`."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from aduan.accounts.models import StepUpEvidence
from aduan.cases.models.case import Case
from aduan.cases.notices import TEXT_MAX
from aduan.cases.workflow import ProposalType
from aduan.core.triggers import never_deleted

# Without the NULL checks an empty word would count as agreement: a CHECK that is not false passes.
SECOND_AGREES = Q(
    second_agrees=True, second_agrees__isnull=False, second_by__isnull=False, second_at__isnull=False
)
THIRD_AGREES = Q(
    third_agrees=True, third_agrees__isnull=False, third_by__isnull=False, third_at__isnull=False
)


def _evidence() -> models.OneToOneField[StepUpEvidence | None, StepUpEvidence | None]:
    """Behind one signature. NULL only where the signature is older than this column."""
    return models.OneToOneField(StepUpEvidence, on_delete=models.PROTECT, null=True, related_name="+")


class Proposal(models.Model):
    """An act that one person proposes and another must sign before anything happens.

    Each digest is the value of `Case.contents_digest` that its signer saw.
    """

    class State(models.TextChoices):
        PENDING = "pending", _("waiting for signatures")
        DISPUTED = "disputed", _("disputed: a third person decides")
        CONFIRMED = "confirmed", _("confirmed by the signers")
        REJECTED = "rejected", _("rejected by the signers")
        RETRACTED = "retracted", _("withdrawn by its proposer")

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="proposals")
    proposal_type = models.CharField(max_length=10, choices=ProposalType.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PENDING)
    reason_code = models.CharField(max_length=40)
    reason = models.TextField(blank=True)
    # For the complainants, when it is confirmed; the reason's own text when empty.
    notice_id = models.TextField(max_length=TEXT_MAX, blank=True, default="", db_default="")
    notice_en = models.TextField(max_length=TEXT_MAX, blank=True, default="", db_default="")
    evidence_ids = ArrayField(models.BigIntegerField(), default=list)
    block_until = models.DateField(null=True, blank=True)
    urgent = models.BooleanField(default=False)
    platform = models.ForeignKey(
        "operators.Operator", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    seen_digest = models.CharField(max_length=64)
    seen_counts = models.JSONField(default=dict)
    needs_third = models.BooleanField(default=False)
    third_because = models.CharField(max_length=40, blank=True)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    proposed_step_up = _evidence()
    second_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    second_at = models.DateTimeField(null=True)
    second_agrees = models.BooleanField(null=True)
    second_reason = models.TextField(blank=True)
    second_digest = models.CharField(max_length=64, blank=True)
    second_step_up = _evidence()
    third_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    third_at = models.DateTimeField(null=True)
    third_agrees = models.BooleanField(null=True)
    third_reason = models.TextField(blank=True)
    third_digest = models.CharField(max_length=64, blank=True)
    third_step_up = _evidence()
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(second_by=F("proposed_by")), name="second_is_not_proposer"),
            models.CheckConstraint(condition=~Q(third_by=F("proposed_by")), name="third_is_not_proposer"),
            models.CheckConstraint(condition=~Q(third_by=F("second_by")), name="third_is_not_second"),
            models.CheckConstraint(
                name="confirmed_by_two_people",
                condition=~Q(state="confirmed") | SECOND_AGREES | THIRD_AGREES,
            ),
            models.CheckConstraint(
                name="three_agree_where_needed",
                condition=~Q(state="confirmed", needs_third=True) | (SECOND_AGREES & THIRD_AGREES),
            ),
            models.CheckConstraint(
                name="one_disagreement_ends_what_takes_three",
                condition=~Q(state="disputed", needs_third=True),
            ),
            models.CheckConstraint(
                name="signed_over_what_was_seen",
                condition=(Q(second_by__isnull=True) | ~Q(second_digest=""))
                & (Q(third_by__isnull=True) | ~Q(third_digest="")),
            ),
            models.UniqueConstraint(
                fields=["case"], condition=Q(state__in=["pending", "disputed"]), name="one_open_proposal"
            ),
        ]
        indexes: ClassVar = [
            models.Index("proposed_by", "proposed_at", name="proposal_first"),
            models.Index(
                "second_by", "second_at", name="proposal_second", condition=Q(second_by__isnull=False)
            ),
            models.Index("third_by", "third_at", name="proposal_third", condition=~Q(third_by=None)),
            models.Index("settled_at", name="proposal_settled", condition=Q(settled_at__isnull=False)),
        ]
        triggers: ClassVar = [
            never_deleted(),
        ]

    def __str__(self) -> str:
        return f"{self.case_id}: {self.proposal_type} ({self.state})"
