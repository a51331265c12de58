"""The transactional outbox, written with the act itself, and the codes that some messages carry."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aduan.core import request_ids


class OutboxMessage(models.Model):
    """One message to one recipient. `key` is unique, so an event is reported at most once per recipient.

    `payload_encrypted` holds the address and the values for the text; it is emptied once the message is sent.
    """

    class Channel(models.TextChoices):
        EMAIL = "email", _("e-mail")
        SMS = "sms", _("SMS")

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        SENDING = "sending", _("being sent")
        SENT = "sent", _("sent")
        UNSUBSCRIBED = "unsubscribed", _("not wanted any more")
        EXPIRED = "expired", _("too late to be of use")
        UNSURE = "unsure", _("the sender died; perhaps sent")
        DEAD = "dead", _("given up")

    key = models.CharField(max_length=120, unique=True)
    kind = models.CharField(_("kind"), max_length=40)
    channel = models.CharField(_("channel"), max_length=5, choices=Channel.choices, default=Channel.EMAIL)
    topic = models.CharField(max_length=60, blank=True)
    payload_encrypted = models.BinaryField()
    carries_code = models.BooleanField(default=False, db_default=False)
    language = models.CharField(max_length=2, default="id")
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_try_at = models.DateTimeField(_("next try"))
    expires_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(_("created"))
    claimed_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(_("sent"), null=True)
    last_error = models.CharField(_("last error"), max_length=200, blank=True)
    request_id = models.CharField(
        max_length=request_ids.MAX_LENGTH, blank=True, db_default="", default=request_ids.current_request_id
    )

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        indexes: ClassVar = [
            models.Index(
                fields=["carries_code", "next_try_at"], name="outbox_due", condition=Q(state="waiting")
            ),
            models.Index(fields=["claimed_at"], name="outbox_sending", condition=Q(state="sending")),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"


class Unsubscribe(models.Model):
    """A recipient unsubscribed from a topic. The topic names the subject, never the person."""

    topic = models.CharField(max_length=60, unique=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.topic


class VerificationCode(models.Model):
    """A code of digits sent to prove a contact or a number, as a digest. Its rows also count the limits.

    `subject` names the row of an upper package that it belongs to, such as "complaint:12". The indexes are
    blind (`vault.blind_index`): of the recipient, and of the network address that asked.
    """

    class Purpose(models.TextChoices):
        CONTACT = "contact", _("confirm a contact")
        POSSESSION = "possession", _("prove possession of a number")

    purpose = models.CharField(max_length=10, choices=Purpose.choices)
    channel = models.CharField(max_length=5, choices=OutboxMessage.Channel.choices)
    subject = models.CharField(max_length=60)
    digest = models.BinaryField(max_length=32)
    recipient_index = models.BinaryField(max_length=32)
    address_index = models.BinaryField(max_length=32)
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["subject", "-id"], name="code_of_subject"),
            models.Index(fields=["recipient_index", "sent_at"], name="code_to_recipient"),
            models.Index(fields=["address_index", "sent_at"], name="code_from_address"),
            models.Index(fields=["purpose", "channel", "sent_at"], name="code_by_day"),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.subject} {self.sent_at:%Y-%m-%d %H:%M}"
