"""How a platform is reached, and the letters to its registered representative."""

from __future__ import annotations

from typing import ClassVar

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aduan.core.triggers import never_deleted


@pghistory.track()
class PlatformContact(models.Model):
    """The address for referrals that a platform publishes, and the representative it has registered."""

    platform = models.OneToOneField(
        "operators.Operator", on_delete=models.PROTECT, related_name="+", verbose_name=_("platform")
    )
    referral_email = models.EmailField(_("published address for referrals"))
    language = models.CharField(
        _("language"), max_length=2, choices=[("id", "Indonesia"), ("en", "English")], default="en"
    )
    representative = models.CharField(_("registered representative"), max_length=200, blank=True)
    representative_email = models.EmailField(_("e-mail of the representative"), blank=True)
    escalate_after_days = models.PositiveSmallIntegerField(
        _("days without an answer before a letter"), default=15
    )
    source = models.TextField(_("source"))

    class Meta:
        verbose_name = _("contact of a platform")
        verbose_name_plural = _("contacts of platforms")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(escalate_after_days__gte=7, escalate_after_days__lte=90),
                name="letter_after_7_to_90_days",
            )
        ]
        triggers: ClassVar = [never_deleted()]

    def __str__(self) -> str:
        return self.referral_email


class EscalationLetter(models.Model):
    """A letter to a platform's representative, with the figures. Drafted by a job, sent by a person or not.

    `figures` is what stands in the letter and never changes. At most one draft a platform waits.
    """

    platform = models.ForeignKey("operators.Operator", on_delete=models.PROTECT, related_name="+")
    to = models.EmailField()
    addressee = models.CharField(max_length=200, blank=True)
    language = models.CharField(max_length=2)
    figures = models.JSONField()
    drafted_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    discarded_at = models.DateTimeField(null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["platform"],
                condition=Q(sent_at__isnull=True, discarded_at__isnull=True),
                name="one_draft_per_platform",
            ),
            models.CheckConstraint(
                condition=Q(sent_at=None, discarded_at=None, by=None)
                | Q(sent_at__isnull=False, discarded_at=None, by__isnull=False)
                | Q(sent_at=None, discarded_at__isnull=False, by__isnull=False),
                name="letter_sent_by_a_person",
            ),
        ]
        triggers: ClassVar = [
            never_deleted(),
            pgtrigger.Protect(
                name="letter_ends_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__by__isnull=False),
            ),
            pgtrigger.Protect(
                name="letter_is_final",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(exclude=["sent_at", "discarded_at", "by"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.platform_id} {self.drafted_at:%Y-%m-%d}"
