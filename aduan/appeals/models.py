"""An objection to a block or a hold, and how soon it is answered."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from aduan.core import vault
from aduan.core.triggers import never_deleted


class AnswerPolicy(models.Model):
    """How soon an objection is answered for the first time: the rules between two days (Jakarta).

    The owner of the tables writes it; where no row covers the day, the defaults below hold.
    """

    valid = DateRangeField(help_text="Days on which the rules are in force.")
    strong_office_hours = models.PositiveSmallIntegerField(
        default=4,
        help_text="For owners who proved, by a code or by their operator, whose number it is.",
    )
    working_days = models.PositiveSmallIntegerField(default=3, help_text="For everyone else.")
    opens_at = models.TimeField(default=dt.time(8), help_text="The office opens, Monday to Friday (Jakarta).")
    closes_at = models.TimeField(default=dt.time(16))

    class Meta:
        constraints: ClassVar = [
            ExclusionConstraint(
                name="one_answer_policy_a_day", expressions=[("valid", RangeOperators.OVERLAPS)]
            ),
            models.CheckConstraint(
                name="answer_policy_has_hours",
                condition=Q(strong_office_hours__gte=1, working_days__gte=1, closes_at__gt=F("opens_at")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.strong_office_hours} h, {self.valid}"

    @classmethod
    def on(cls, day: dt.date) -> AnswerPolicy:
        """The rules of this day."""
        return cls.objects.filter(valid__contains=day).first() or cls()


class Objection(models.Model):
    """What the holder of a blocked or held number says. It counts once the number is proven to be theirs.

    The statement is erased some time after the answer; the decision itself stays in the case's history.
    """

    class State(models.TextChoices):
        UNPROVEN = "unproven", _("waiting for proof that the number is theirs")
        OPEN = "open", _("waiting for an answer")
        UPHELD = "upheld", _("accepted")
        REJECTED = "rejected", _("not accepted")
        LAPSED = "lapsed", _("never proven")

    class Proof(models.TextChoices):
        CODE = "code", _("by a code to the number")
        OPERATOR = "operator", _("confirmed by the operator")
        STAFF = "staff", _("checked by the ministry")

    uid = models.UUIDField(unique=True)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="+")
    number = models.ForeignKey("numbers.PhoneNumber", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.UNPROVEN)
    statement = models.TextField(_("what the holder says"), blank=True)
    holder_since = models.DateField(_("theirs since"), null=True)
    email_encrypted = models.BinaryField(null=True)
    language = models.CharField(max_length=2, default="id")
    filed_at = models.DateTimeField(_("received"))
    proof = models.CharField(max_length=8, choices=Proof.choices, blank=True)
    proven_at = models.DateTimeField(null=True)
    proven_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    proof_note = models.TextField(blank=True)
    seconded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    proof_mac = models.BinaryField(null=True, editable=False)  # see accounts.step_up.application_mac
    code_tries = models.PositiveSmallIntegerField(default=0, db_default=0)
    due_at = models.DateTimeField(_("due"), null=True)
    answer = models.TextField(_("answer"), blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        verbose_name = _("objection")
        verbose_name_plural = _("objections")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(state="open", proof="code"),
                name="one_open_objection_by_code_per_case",
            ),
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(state="open") & ~Q(proof="code"),
                name="one_other_open_objection_per_case",
            ),
            models.CheckConstraint(
                name="seconded_by_another",
                condition=Q(seconded_by__isnull=True)
                | Q(proven_by__isnull=False) & ~Q(seconded_by=F("proven_by")),
            ),
            models.CheckConstraint(
                name="only_proven_objections_count",
                condition=Q(state__in=["unproven", "lapsed"])
                | Q(proven_at__isnull=False, due_at__isnull=False),
            ),
            models.CheckConstraint(name="five_tries_of_a_code", condition=Q(code_tries__lte=5)),
            models.CheckConstraint(
                name="answered_by_a_person",
                condition=~Q(state__in=["upheld", "rejected"])
                | Q(answered_at__isnull=False, answered_by__isnull=False),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["due_at", "id"], name="objection_due", condition=Q(state="open")),
            models.Index(fields=["filed_at"], name="objection_unproven", condition=Q(state="unproven")),
            models.Index(fields=["answered_at"], name="objection_kept", condition=~Q(statement="")),
            models.Index(fields=["case", "-id"], name="objection_of_case"),
        ]
        triggers: ClassVar = [never_deleted()]

    def __str__(self) -> str:
        return f"{self.reference} ({self.state})"

    @property
    def reference(self) -> str:
        """What people quote in a letter: `KB-000012`. Opens nothing."""
        return f"KB-{self.pk:06d}"

    @property
    def topic(self) -> str:
        """What its messages and codes are filed under."""
        return f"objection:{self.pk}"

    @property
    def is_strong(self) -> bool:
        """Whether they have the number, by a code to it or in the operator's word: answered within hours."""
        return self.proof in (self.Proof.CODE, self.Proof.OPERATOR)

    @property
    def takes_code(self) -> bool:
        """Whether a code to the number can still prove it, or prove better what the ministry has seen."""
        return self.state in (self.State.UNPROVEN, self.State.OPEN) and self.proof != self.Proof.CODE

    @property
    def carries_lift(self) -> bool:
        """Whether more than one person's word stands behind it: their own code, or two of the ministry."""
        return self.proof == self.Proof.CODE or self.seconded_by_id is not None

    def aad_for(self, column: str) -> str:
        return vault.aad_for("appeals_objection", column, self.uid)
