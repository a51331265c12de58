"""Webhooks: addresses of operators' machines, and each event for each address."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from aduan.operators.models.register import Operator


class WebhookEndpoint(models.Model):
    """Where an operator wants to be notified. The signing secret is sealed: signing must read it.

    After a rotation the old secret signs beside the new one until `old_secret_until`. `stopped_at` is a pause
    that a person ends, `paused_until` the rest after failures; events wait through both.
    """

    class Event(models.TextChoices):
        LIST_PUBLISHED = "list.published", _("a list was published")
        NUMBER_RELEASED = "number.released", _("a block was released")
        TEST = "webhook.test", _("a test")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    operator = models.ForeignKey(Operator, on_delete=models.PROTECT, related_name="webhooks")
    url = models.CharField(max_length=500)
    events = ArrayField(models.CharField(max_length=30, choices=Event.choices), default=list)
    secret_sealed = models.BinaryField()
    old_secret_sealed = models.BinaryField(null=True)
    old_secret_until = models.DateTimeField(null=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    busy_until = models.DateTimeField(null=True, blank=True)  # an attempt is in flight, or died before then
    failures = models.PositiveIntegerField(default=0, db_default=0)  # in a row, of any delivery
    paused_until = models.DateTimeField(null=True, blank=True)
    stopped_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["operator", "url"], condition=Q(closed_at__isnull=True), name="webhook_address_once"
            )
        ]

    def __str__(self) -> str:
        return self.url


class WebhookDelivery(models.Model):
    """One event for one endpoint, retried; the receiver drops repeats by `uid`."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        DELIVERED = "delivered", _("delivered")
        GIVEN_UP = "given_up", _("given up")

    class Problem(models.TextChoices):
        """Why the last attempt failed; `http_<status>` is stored for a response that is no success."""

        NAME_UNKNOWN = "name_unknown", _("the host name is not known")
        CONNECTION = "connection", _("no connection")
        TIMEOUT = "timeout", _("no response in time")
        TLS = "tls", _("the certificate or the encryption is not valid")
        URL_PRIVATE = "url_private", _("the address is not reachable from the internet")
        URL_NOT_HTTPS = "url_not_https", _("the address does not begin with https://")
        URL_UNREADABLE = "url_unreadable", _("the address is not a web address")
        URL_PORT = "url_port", _("the port is not allowed")
        CLOSED = "closed", _("the address was closed")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    endpoint = models.ForeignKey(WebhookEndpoint, on_delete=models.PROTECT, related_name="deliveries")
    event = models.CharField(max_length=30, choices=WebhookEndpoint.Event.choices)
    key = models.CharField(max_length=120)
    data = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField()
    happened_at = models.DateTimeField()
    delivered_at = models.DateTimeField(null=True, blank=True)
    last_status = models.PositiveSmallIntegerField(null=True, blank=True)
    last_error = models.CharField(max_length=60, blank=True)

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["endpoint", "key"], name="event_once_per_endpoint")
        ]
        indexes: ClassVar = [
            models.Index(fields=["next_try_at"], name="webhook_due", condition=Q(state="waiting"))
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.key}: {self.state}"

    @property
    def problem_label(self) -> str:
        """Why the last attempt failed, for people; empty when it did not."""
        return _problem_label(self.last_error)


class WebhookAttempt(models.Model):
    """One exchange with an endpoint, and what it answered. The newest few of each endpoint are kept."""

    endpoint = models.ForeignKey(WebhookEndpoint, on_delete=models.PROTECT, related_name="attempts")
    delivery = models.ForeignKey(WebhookDelivery, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    milliseconds = models.PositiveIntegerField()
    status = models.PositiveSmallIntegerField(null=True)
    problem = models.CharField(max_length=60, blank=True)

    class Meta:
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return f"{self.delivery_id}: {self.problem or self.status}"

    @property
    def problem_label(self) -> str:
        """Why it failed, for people; empty when it did not."""
        return _problem_label(self.problem)


def _problem_label(code: str) -> str:
    if code in WebhookDelivery.Problem.values:
        return str(WebhookDelivery.Problem(code).label)
    status = code.removeprefix("http_")
    return gettext("HTTP status %(status)s") % {"status": status} if status else ""
