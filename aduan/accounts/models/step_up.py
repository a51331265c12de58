"""Evidence that a person proved who they are shortly before an act. See `accounts/sql/step_up_evidence`."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aduan.core.triggers import append_only


class StepUpEvidence(models.Model):
    """One row, one act: made by `services.record_step_up`, then named by the row of the act itself.

    `mac` is the HMAC-SHA-256 of all other columns under a key that the application's database role cannot
    read; the database computes it again before it takes the row.
    """

    class Method(models.TextChoices):
        PASSWORD = "password", _("password")
        SECOND_FACTOR = "second_factor", _("second factor")

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    method = models.CharField(max_length=20, choices=Method.choices)
    proved_at = models.DateTimeField()
    act = models.CharField(max_length=40, help_text="A code of AuditAction.")
    subject = models.CharField(max_length=80, help_text="As in the audit log, e.g. `case:12`.")
    digest = models.CharField(max_length=64, blank=True, help_text="Of what the person saw.")
    at = models.DateTimeField(help_text="When the act was done.")
    nonce = models.CharField(max_length=32, default="", help_text="So that no two acts have the same code.")
    mac = models.BinaryField(unique=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(act__contains="\n") & ~Q(subject__contains="\n") & ~Q(digest__contains="\n"),
                name="step_up_fields_are_lines",
            )
        ]
        triggers: ClassVar = [append_only()]

    def __str__(self) -> str:
        return f"{self.person_id} {self.act} {self.subject}"


class StepUpKey(models.Model):
    """A key of the evidence, as the two padded blocks of HMAC. The application's role cannot read it.

    Written by `manage.py migrate` from ADUAN_SECRET_KEY and its fallbacks.
    """

    inner_block = models.BinaryField(unique=True)
    outer_block = models.BinaryField()

    def __str__(self) -> str:
        return str(self.pk)
