"""Holds: short measures on a number that end by themselves. The law: here, and `cases/sql/hold_*`."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar, Final

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from aduan.accounts.models import StepUpEvidence, User
from aduan.accounts.roles import Permission
from aduan.cases import hold_rules
from aduan.cases.models.case import Case
from aduan.core.triggers import never_deleted

_MOST_HOURS: Final = hold_rules.LONGEST // dt.timedelta(hours=1)


class HoldGrounds(models.TextChoices):
    """Which criterion of the policy a case fulfils."""

    INDEPENDENT = "independent", _("several independent complaints within hours")
    EVIDENCE = "evidence", _("a confirmed contact with clean evidence of a running fraud")


class HoldPolicy(models.Model):
    """When a number may be held, for how long and how often: the rules between two days (Jakarta).

    Without a row, and without its legal reference in force on the day, no number is held at all. Two
    people set it (`services/hold_policies`, `sql/hold_policy_two_people`); what it says never changes.
    """

    valid = DateRangeField(help_text="Days on which the rules are in force.")
    legal_reference = models.ForeignKey(
        "operators.LegalReference", on_delete=models.PROTECT, related_name="+"
    )
    hours = models.PositiveSmallIntegerField(default=7 * 24, help_text="After which a hold ends by itself.")
    again_after_days = models.PositiveSmallIntegerField(
        default=90, help_text="A number is held at most once in so many days."
    )
    use_years = models.PositiveSmallIntegerField(
        default=5, help_text="A number that one holder has used for longer is never held."
    )
    independent_complaints = models.PositiveSmallIntegerField(
        default=3, help_text="So many independent complaints within `within_hours` are grounds."
    )
    within_hours = models.PositiveSmallIntegerField(default=24)
    confirmed_with_evidence = models.BooleanField(
        default=True, help_text="One complaint with a confirmed contact and clean evidence is grounds too."
    )
    hourly_quota = models.PositiveSmallIntegerField(
        default=30, help_text="Holds an hour, of all people; above it two leads sign."
    )
    personal_quota = models.PositiveSmallIntegerField(
        default=10, help_text="Holds an hour that one person signs; above it two leads sign."
    )
    list_ceiling = models.PositiveIntegerField(
        default=1000, help_text="Entries of one operator's hold list, at most."
    )
    attended_minutes = models.PositiveSmallIntegerField(
        default=10, help_text="A candidate that waits longer, or that finds no one at work, alerts the leads."
    )

    class Meta:
        constraints: ClassVar = [
            ExclusionConstraint(
                name="one_hold_policy_a_day", expressions=[("valid", RangeOperators.OVERLAPS)]
            ),
            models.CheckConstraint(
                name="hold_policy_ends_holds", condition=Q(hours__gte=1, hours__lte=_MOST_HOURS)
            ),
            models.CheckConstraint(
                name="hold_policy_counts_people",
                condition=Q(independent_complaints__gte=2, within_hours__gte=1, hourly_quota__gte=1)
                & Q(personal_quota__gte=1, list_ceiling__gte=1),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.hours} h, {self.valid}"

    @property
    def longest(self) -> dt.timedelta:
        return dt.timedelta(hours=self.hours)

    @property
    def again_after(self) -> dt.timedelta:
        return dt.timedelta(days=self.again_after_days)


class HoldCandidate(models.Model):
    """A case that fulfils a criterion of the policy now: the clock of the desk runs from `qualified_at`.

    Complaints says so (`note_hold_grounds`), because this package cannot read them.
    """

    case = models.OneToOneField(
        Case, on_delete=models.PROTECT, primary_key=True, related_name="hold_candidate"
    )
    grounds = models.CharField(max_length=12, choices=HoldGrounds.choices)
    qualified_at = models.DateTimeField()
    leads_alerted_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["qualified_at"], name="hold_candidate_clock")]

    def __str__(self) -> str:
        return f"{self.case_id}: {self.grounds}"


class Hold(models.Model):
    """A number that its operator is asked to hold until `ends_at`: one person proposed it, another confirmed.

    `digits` is E.164 without `+`; `ends_at` has whole seconds. A hold is in force as `hold_rules.is_held`
    says, whether or not a job has written its end. `became_block_at`: its case ended in a block, whose list
    is not published yet; the hold goes on until then, and never past `ends_at`. Each digest is the value of
    `Case.contents_digest` that its signer saw.
    """

    class State(models.TextChoices):
        PENDING = "pending", _("waiting for the second person")
        CONFIRMED = "confirmed", _("confirmed")
        DECLINED = "declined", _("not confirmed")
        WITHDRAWN = "withdrawn", _("withdrawn")

    class EndReason(models.TextChoices):
        LAPSED = "lapsed", _("its time was over")
        MISTAKE = "mistake", _("the hold was a mistake")
        NOT_NEEDED = "not_needed", _("it is not needed any more")
        BLOCKED = "blocked", _("a block took its place")
        CLOSED = "closed", _("the case was closed without a block")
        OBJECTION = "objection", _("the owner objected, and was right")
        LIFTED = "lifted", _("lifted until the objection is decided")
        PROTECTED = "protected", _("the number is protected")
        RECYCLED = "recycled", _("the operator says that the number has a new owner")
        REROUTED = "rerouted", _("the number moved to another operator")

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="holds")
    number = models.ForeignKey("numbers.PhoneNumber", on_delete=models.PROTECT, related_name="+")
    operator = models.ForeignKey("operators.Operator", on_delete=models.PROTECT, related_name="+")
    digits = models.BigIntegerField()
    category = models.CharField(max_length=20)
    policy = models.ForeignKey(HoldPolicy, on_delete=models.PROTECT, related_name="+")
    grounds = models.CharField(max_length=12, choices=HoldGrounds.choices)
    qualified_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.PENDING)
    needs_leads = models.BooleanField(default=False)
    reason = models.TextField()
    seen_digest = models.CharField(max_length=64)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    proposed_step_up = models.OneToOneField(StepUpEvidence, on_delete=models.PROTECT, related_name="+")
    second_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    second_digest = models.CharField(max_length=64, blank=True)
    second_step_up = models.OneToOneField(
        StepUpEvidence, on_delete=models.PROTECT, null=True, related_name="+"
    )
    second_reason = models.TextField(blank=True)
    settled_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    became_block_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=12, choices=EndReason.choices, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    end_mac = models.BinaryField(null=True)

    class Meta:
        verbose_name = _("hold")
        verbose_name_plural = _("holds")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(second_by=F("proposed_by")), name="hold_second_is_not_proposer"
            ),
            models.CheckConstraint(
                name="hold_confirmed_by_two_people",
                condition=Q(
                    state="confirmed",
                    second_by__isnull=False,
                    second_step_up__isnull=False,
                    confirmed_at__isnull=False,
                    ends_at__isnull=False,
                    settled_at=F("confirmed_at"),
                )
                & ~Q(second_digest="")
                | ~Q(state="confirmed")
                & Q(confirmed_at=None, ends_at=None, ended_at=None, became_block_at=None),
            ),
            models.CheckConstraint(
                name="hold_ends_once",
                condition=Q(ended_at=None, end_reason="", ended_by=None)
                | Q(
                    ended_at__gte=F("confirmed_at"),
                    ended_at__lte=F("ends_at"),
                    end_reason__in=[
                        "lapsed",
                        "mistake",
                        "not_needed",
                        "blocked",
                        "closed",
                        "objection",
                        "lifted",
                        "protected",
                        "recycled",
                        "rerouted",
                    ],
                ),
            ),
            models.CheckConstraint(
                name="hold_waits_or_is_settled",
                condition=Q(state="pending", settled_at=None, second_by=None)
                | ~Q(state="pending") & Q(settled_at__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["number"],
                condition=Q(state="pending") | Q(state="confirmed", ended_at=None),
                name="one_open_hold_per_number",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["operator", "digits"],
                name="hold_in_force",
                condition=Q(state="confirmed", ended_at=None),
            ),
            models.Index(fields=["number", "-confirmed_at"], name="hold_of_number"),
            models.Index(fields=["proposed_at"], name="hold_waiting", condition=Q(state="pending")),
            models.Index(
                fields=["confirmed_at"], name="hold_confirmed", condition=Q(confirmed_at__isnull=False)
            ),
            models.Index(
                fields=["ends_at"], name="hold_lapses", condition=Q(state="confirmed", ended_at=None)
            ),
            models.Index(fields=["ended_at"], name="hold_ended", condition=Q(ended_at__isnull=False)),
        ]
        triggers: ClassVar = [never_deleted()]

    def __str__(self) -> str:
        return f"{self.case_id} until {self.ends_at}"

    def is_held(self, at: dt.datetime) -> bool:
        """Whether the number is held at this moment."""
        if self.confirmed_at is None or self.ends_at is None:
            return False
        return hold_rules.is_held(self.confirmed_at, self.ends_at, self.ended_at, at=at)

    def may_be_ended_by(self, person: User) -> bool:
        """Either signer, or a lead."""
        return person.has_permission(Permission.LEAD_HOLDS) or (
            person.is_active and person.pk in (self.proposed_by_id, self.second_by_id)
        )
