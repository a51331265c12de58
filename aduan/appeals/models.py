"""An objection to a block."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aduan.core import vault
from aduan.core.triggers import never_deleted


class Objection(models.Model):
    """What the holder of a blocked number says. It counts only once the number is proven to be theirs.

    The statement is erased some time after the answer; the decision itself stays in the case's history.
    """

    class State(models.TextChoices):
        UNPROVEN = "unproven", _("waiting for proof that the number is theirs")
        OPEN = "open", _("waiting for an answer")
        UPHELD = "upheld", _("accepted: the block ended")
        REJECTED = "rejected", _("not accepted: the block stays")
        LAPSED = "lapsed", _("never proven")

    class Proof(models.TextChoices):
        CODE = "code", _("by a code to the number")
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
    proof = models.CharField(max_length=5, choices=Proof.choices, blank=True)
    proven_at = models.DateTimeField(null=True)
    proven_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    proof_note = models.TextField(blank=True)
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
                fields=["case"], condition=Q(state="open"), name="one_open_objection_per_case"
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

    def aad_for(self, column: str) -> str:
        return vault.aad_for("appeals_objection", column, self.uid)
