"""Cases, their append-only history, proposals with their signatures, and the blocks that result."""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from aduan.cases.workflow import LIVE, Act, Action, Status

PERSON = settings.AUTH_USER_MODEL


class Case(models.Model):
    """Everything about one reported number. At most one live case a number.

    The counts are told by complaints (`open_or_join`), because a case cannot see complaints. They only rank.
    """

    number = models.ForeignKey("numbers.PhoneNumber", on_delete=models.PROTECT, related_name="+")
    operator = models.ForeignKey(
        "operators.Operator", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    status = models.CharField(_("status"), max_length=12, choices=Status.choices, default=Status.OPEN)
    category = models.CharField(_("category"), max_length=20, blank=True)
    opened_at = models.DateTimeField(_("opened"))
    closed_at = models.DateTimeField(null=True, blank=True)
    previous = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    reopened_count = models.PositiveSmallIntegerField(default=0)

    # Who is working on it: a lease that lapses by itself.
    held_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    held_until = models.DateTimeField(null=True, blank=True)

    # Told by complaints.
    complaint_count = models.PositiveIntegerField(_("complaints"), default=0)
    independent_count = models.PositiveIntegerField(_("independent complainants"), default=0)
    confirmed_count = models.PositiveIntegerField(_("confirmed contacts"), default=0)
    evidence_count = models.PositiveIntegerField(_("evidence items"), default=0)
    harm = models.DecimalField(_("reported loss"), max_digits=16, decimal_places=0, default=0)
    channels = models.JSONField(default=dict)
    first_complaint_at = models.DateTimeField(null=True)
    last_complaint_at = models.DateTimeField(null=True)
    contents_digest = models.CharField(max_length=64, blank=True)

    # Rank and clock.
    score = models.IntegerField(_("rank"), default=0)
    score_parts = models.JSONField(default=dict)
    due_at = models.DateTimeField(_("due"), null=True, blank=True)
    paused_at = models.DateTimeField(null=True, blank=True)

    # What forbids or hinders a block.
    suspected_spoofing = models.BooleanField(default=False)
    protected = models.BooleanField(default=False)
    objection_since = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["number"], condition=Q(status__in=LIVE), name="one_live_case_per_number"
            ),
            models.CheckConstraint(condition=Q(status__in=Status.values), name="case_status_known"),
            models.CheckConstraint(
                condition=~(Q(protected=True) & Q(status="confirmed")), name="protected_never_confirmed"
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def reference(self) -> str:
        """What people quote: `K-00000012`. Carries no personal data; used in lists and letters."""
        return f"K-{self.pk:08d}"


class CaseEvent(models.Model):
    """One step in the life of a case. Append-only: the database refuses change and deletion."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="events")
    action = models.CharField(max_length=20, choices=Action.choices)
    before = models.CharField(max_length=12, blank=True)
    after = models.CharField(max_length=12)
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    reason = models.TextField(blank=True)
    detail = models.JSONField(default=dict)

    class Meta:
        ordering: ClassVar = ["id"]
        triggers: ClassVar = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.action}"


class Proposal(models.Model):
    """An act that one person proposes and another must sign before anything happens.

    `seen_digest` is the digest of the case's contents that the proposer saw; the second signs over the same.
    """

    class State(models.TextChoices):
        PENDING = "pending"
        DISPUTED = "disputed"
        CONFIRMED = "confirmed"
        REJECTED = "rejected"
        RETRACTED = "retracted"

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="proposals")
    act = models.CharField(max_length=10, choices=Act.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PENDING)
    reason_code = models.CharField(max_length=40)
    reason = models.TextField(blank=True)
    evidence_ids = ArrayField(models.BigIntegerField(), default=list)
    block_until = models.DateField(null=True, blank=True)
    seen_digest = models.CharField(max_length=64)
    needs_third = models.BooleanField(default=False)
    proposed_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    second_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, related_name="+")
    second_at = models.DateTimeField(null=True)
    second_agrees = models.BooleanField(null=True)
    second_reason = models.TextField(blank=True)
    third_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, related_name="+")
    third_at = models.DateTimeField(null=True)
    third_agrees = models.BooleanField(null=True)
    third_reason = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(second_by=F("proposed_by")), name="second_is_not_proposer"),
            models.CheckConstraint(condition=~Q(third_by=F("proposed_by")), name="third_is_not_proposer"),
            models.CheckConstraint(condition=~Q(third_by=F("second_by")), name="third_is_not_second"),
            models.CheckConstraint(
                name="confirmed_by_two_people",
                condition=~Q(state="confirmed")
                | Q(second_agrees=True, second_by__isnull=False, second_at__isnull=False)
                | Q(third_agrees=True, third_by__isnull=False, third_at__isnull=False),
            ),
            models.CheckConstraint(
                name="third_person_where_needed",
                condition=~Q(state="confirmed", needs_third=True) | Q(third_agrees=True),
            ),
            models.UniqueConstraint(
                fields=["case"], condition=Q(state__in=["pending", "disputed"]), name="one_open_proposal"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id}: {self.act} ({self.state})"


TWO_PEOPLE_BEHIND_BLOCK = """
    IF NOT EXISTS (
        SELECT 1 FROM cases_proposal p
        WHERE p.id = NEW.proposal_id AND p.case_id = NEW.case_id AND p.act = NEW.action
          AND p.state = 'confirmed'
    ) THEN
        RAISE EXCEPTION 'block without a proposal that two people confirmed' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""  # noqa: E501


class Block(models.Model):
    """A confirmed decision in force: the only thing that lists are built from.

    `action` is what the receiver is asked to do ("block" at an operator, "refer" to an OTT platform).
    `since` is the first day, `until` the first day no longer blocked (Jakarta).
    `digits` is E.164 without `+`.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="blocks")
    proposal = models.OneToOneField(Proposal, on_delete=models.PROTECT, related_name="block")
    number = models.ForeignKey("numbers.PhoneNumber", on_delete=models.PROTECT, related_name="+")
    operator = models.ForeignKey("operators.Operator", on_delete=models.PROTECT, related_name="+")
    digits = models.BigIntegerField(null=True)
    action = models.CharField(max_length=10, choices=Act.choices)
    category = models.CharField(max_length=20)
    since = models.DateField()
    until = models.DateField()
    urgent = models.BooleanField(default=False)
    confirmed_at = models.DateTimeField()
    released_on = models.DateField(null=True, blank=True)
    released_at = models.DateTimeField(null=True, blank=True)
    release_reason = models.CharField(max_length=40, blank=True)
    released_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(until__gt=F("since")), name="block_ends_after_it_begins"),
            ExclusionConstraint(
                name="one_block_per_number_and_day",
                expressions=[
                    (
                        Func(F("number_id"), F("number_id"), Value("[]"), function="int8range"),
                        RangeOperators.OVERLAPS,
                    ),
                    (
                        Func(F("since"), Coalesce(F("released_on"), F("until")), function="daterange"),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(action="block"),
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["operator", "digits"], name="block_in_force", condition=Q(released_at__isnull=True)
            )
        ]
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="two_people",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=TWO_PEOPLE_BEHIND_BLOCK,
            ),
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.number_id} until {self.until}"


class CannedReason(models.Model):
    """A reason that reviewers pick instead of typing, per act and category, in both languages."""

    code = models.SlugField(max_length=40, unique=True)
    action = models.CharField(max_length=20, choices=Action.choices)
    category = models.CharField(max_length=20, blank=True)
    text_id = models.TextField()
    text_en = models.TextField()
    active = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.code
