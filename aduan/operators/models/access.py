"""Who acts for an operator: its members and its access keys."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q, Value
from django.utils.translation import gettext_lazy as _

from aduan.operators.models.register import Operator


class OperatorMember(models.Model):
    """Whom a log-in acts for. One person acts for one operator."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    operator = models.ForeignKey(Operator, on_delete=models.PROTECT, related_name="members")
    manages_keys = models.BooleanField(default=False)
    mac = models.BinaryField(null=True, editable=False)  # see accounts.step_up.application_mac

    def __str__(self) -> str:
        return f"{self.user} @ {self.operator}"


class AccessKey(models.Model):
    """A machine's key: shown once, stored as SHA-256; a rotation keeps two valid. `prefix` is for logs."""

    class Scope(models.TextChoices):
        LIST_READ = "list:read", _("fetch lists")
        REPORT_WRITE = "report:write", _("report outcomes")
        REPORT_RECYCLED = "report:recycled", _("report that a number has a new holder, which frees it")

    class Misuse(models.TextChoices):
        IN_URL = "in_url", _("sent in an address")
        FOREIGN_ADDRESS = "foreign_address", _("used from an address that is not allowed")

    operator = models.ForeignKey(Operator, on_delete=models.PROTECT, related_name="access_keys")
    name = models.CharField(max_length=80)
    prefix = models.CharField(max_length=12, unique=True)
    secret_hash = models.CharField(max_length=64)
    scopes = ArrayField(models.CharField(max_length=30), default=list)
    allowed_networks = ArrayField(models.CharField(max_length=50), default=list, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    rotated_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    last_used_at = models.DateTimeField(null=True, blank=True)
    misused_at = models.DateTimeField(null=True, blank=True)
    misuse = models.CharField(max_length=20, choices=Misuse.choices, blank=True)
    mac = models.BinaryField(null=True, editable=False)  # see accounts.step_up.application_mac

    class Meta:
        ordering: ClassVar = ["name", "-created_at"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["operator", "name"],
                condition=Q(revoked_at__isnull=True, rotated_at__isnull=True),
                name="one_current_key_per_name",
            ),
            models.UniqueConstraint(
                fields=["operator", "name"],
                condition=Q(revoked_at__isnull=True, rotated_at__isnull=False),
                name="one_replaced_key_per_name",
            ),
            models.CheckConstraint(
                condition=Q(rotated_at__isnull=True)
                | Q(expires_at__lte=F("rotated_at") + Value(dt.timedelta(days=7))),
                name="replaced_key_ends_in_a_week",
            ),
            models.CheckConstraint(
                condition=Q(expires_at__lte=F("created_at") + Value(dt.timedelta(days=366))),
                name="key_lives_a_year_at_most",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.operator}: {self.name} ({self.prefix}…)"

    @property
    def scope_names(self) -> list[str]:
        """What the key may do, in words."""
        return [str(self.Scope(scope).label) for scope in self.scopes]
