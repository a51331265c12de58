"""What citizens sent: complaints, their evidence and contact. Personal data is encrypted (core.vault)."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Channel(models.TextChoices):
    SMS = "sms", _("SMS")
    CALL = "call", _("Phone call")
    WHATSAPP = "whatsapp", _("WhatsApp")
    TELEGRAM = "telegram", _("Telegram")
    OTHER = "other", _("Other")


class Complaint(models.Model):
    """One complaint. `ticket` is public to its owner; the secret is kept only as a hash."""

    ticket = models.CharField(max_length=20, unique=True)
    secret_hash = models.CharField(max_length=64)
    idempotency_key = models.UUIDField(unique=True)
    body_digest = models.CharField(max_length=64)
    number = models.ForeignKey("numbers.PhoneNumber", on_delete=models.PROTECT, related_name="+")
    number_raw = models.CharField(max_length=200)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="+")
    channel = models.CharField(_("channel"), max_length=10, choices=Channel.choices)
    category = models.CharField(_("category"), max_length=20)
    occurred_at = models.DateTimeField(_("when"), null=True, blank=True)
    narrative = models.TextField(_("what happened"), max_length=4000)
    loss = models.DecimalField(_("loss in rupiah"), max_digits=15, decimal_places=0, null=True, blank=True)
    link = models.CharField(_("link"), max_length=500, blank=True)
    bank_account = models.CharField(_("bank account"), max_length=80, blank=True)
    language = models.CharField(max_length=2, default="id")
    filed_at = models.DateTimeField(_("received"))
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    # Personal data: encrypted, plus keyed hashes for "the same person again".
    contact_sealed = models.BinaryField(null=True)
    contact_index = models.CharField(max_length=64, blank=True)
    contact_confirmed_at = models.DateTimeField(null=True, blank=True)
    device_index = models.CharField(max_length=64, blank=True)
    network_index = models.CharField(max_length=64, blank=True)

    # Copies are linked, not counted.
    text_digest = models.CharField(max_length=64, blank=True)
    text_bands = ArrayField(models.IntegerField(), null=True)
    same_as = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="copies"
    )

    class Meta:
        verbose_name = _("complaint")
        verbose_name_plural = _("complaints")
        indexes: ClassVar = [
            models.Index(fields=["case", "-filed_at"], name="complaint_of_case"),
        ]

    def __str__(self) -> str:
        return self.ticket


class Evidence(models.Model):
    """One file that a citizen sent. Reviewers only ever see the clean derivative."""

    class State(models.TextChoices):
        QUARANTINED = "quarantined", _("being checked")
        CLEAN = "clean", _("ready")
        REFUSED = "refused", _("could not be used")

    class Medium(models.TextChoices):
        IMAGE = "image", _("picture")
        AUDIO = "audio", _("recording")

    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="evidence")
    state = models.CharField(max_length=12, choices=State.choices, default=State.QUARANTINED)
    medium = models.CharField(max_length=5, choices=Medium.choices)
    name = models.CharField(max_length=120)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    original = models.CharField(max_length=200, blank=True)
    derivative = models.CharField(max_length=200, blank=True)
    thumbnail = models.CharField(max_length=200, blank=True)
    picture_hash = models.BigIntegerField(null=True)
    refusal = models.CharField(max_length=60, blank=True)
    received_at = models.DateTimeField()
    examined_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["received_at"], name="evidence_waiting", condition=Q(state="quarantined"))
        ]

    def __str__(self) -> str:
        return f"{self.complaint_id}: {self.name}"
