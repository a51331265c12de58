"""Mail that came from a platform, or from anyone who says so."""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aduan.core.triggers import never_deleted


class PlatformMail(models.Model):
    """A reply as text. What it says about its sender is shown to a person and trusted by no one.

    `raw_sha256` is over the whole message, so that one that is read twice is stored once. `authentication` is
    what the receiving mail server wrote about SPF and DKIM. Attachments are named, never opened.
    """

    referral = models.ForeignKey(
        "Referral", on_delete=models.PROTECT, null=True, blank=True, related_name="mail"
    )
    raw_sha256 = models.CharField(max_length=64, unique=True)
    message_id = models.CharField(max_length=300, blank=True)
    sender = models.CharField(_("sender, as it says"), max_length=300, blank=True)
    authentication = models.CharField(_("SPF and DKIM"), max_length=1000, blank=True)
    subject = models.CharField(_("subject"), max_length=300, blank=True)
    text = models.TextField(_("text"), max_length=64 * 1024, blank=True)
    cut = models.BooleanField(default=False)
    attachments = models.JSONField(default=list)
    received_at = models.DateTimeField(_("received"))
    handled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    handled_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-id"]
        verbose_name = _("mail of a platform")
        verbose_name_plural = _("mail of platforms")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(handled_by=None, handled_at=None)
                | Q(handled_by__isnull=False, handled_at__isnull=False),
                name="mail_handled_by_a_person",
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["id"], name="platform_mail_waiting", condition=Q(handled_at__isnull=True))
        ]
        triggers: ClassVar = [
            never_deleted(),
            pgtrigger.Protect(
                name="mail_is_final",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(exclude=["handled_by", "handled_at"]),
            ),
            pgtrigger.Protect(
                name="handled_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__handled_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.subject
