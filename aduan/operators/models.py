"""Operators, their brands and dated number ranges; the people and keys that act for them."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import ClassVar

import pghistory
import pgtrigger
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from aduan.core.triggers import never_deleted

# Every change of a range or an operator takes a new number from a sequence, so that each process notices
# that its range table is old. A sequence never steps back, not even in a rollback: no version is used twice.
NEW_VERSION = """
    INSERT INTO operators_registerversion (id, version)
    VALUES (1, nextval('operators_register_version_seq'))
    ON CONFLICT (id) DO UPDATE SET version = EXCLUDED.version;
    RETURN NULL;
"""


def changes_version() -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name="changes_register_version",
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete | pgtrigger.Truncate,
        func=NEW_VERSION,
    )


class RegisterVersion(models.Model):
    """One row: the number of the register's latest change. Written by triggers only."""

    version = models.BigIntegerField()

    def __str__(self) -> str:
        return str(self.version)


class LegalReference(models.Model):
    """A rule of law that obliges or empowers somebody. Data, because the law moves."""

    code = models.SlugField(max_length=40, unique=True)
    title_id = models.CharField(max_length=250)
    title_en = models.CharField(max_length=250)
    url = models.URLField(blank=True)
    valid = DateRangeField()
    source = models.TextField()

    def __str__(self) -> str:
        return self.title_id


@pghistory.track()
class Operator(models.Model):
    """A legal entity that carries numbers, or a platform that carries messages (OTT)."""

    class Kind(models.TextChoices):
        MOBILE = "mobile", _("Mobile operator")
        FIXED = "fixed", _("Fixed operator")
        SATELLITE = "satellite", _("Satellite operator")
        OTT = "ott", _("OTT platform")

    class Obligation(models.TextChoices):
        MANDATORY = "mandatory", _("Obliged by regulation")
        VOLUNTARY = "voluntary", _("Voluntary cooperation")

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=120)
    legal_name = models.CharField(_("legal entity"), max_length=200)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    obligation = models.CharField(_("obligation"), max_length=10, choices=Obligation.choices)
    legal_reference = models.ForeignKey(
        LegalReference, on_delete=models.PROTECT, null=True, blank=True, related_name="operators"
    )
    contact_email = models.EmailField(_("contact e-mail"), blank=True)
    contact_phone = models.CharField(_("contact phone"), max_length=40, blank=True)
    active = DateRangeField(_("active"))
    source = models.TextField(_("source"))

    class Meta:
        ordering: ClassVar = ["name"]
        verbose_name = _("operator")
        verbose_name_plural = _("operators")
        triggers: ClassVar = [changes_version(), never_deleted()]

    def __str__(self) -> str:
        return self.name


@pghistory.track()
class Brand(models.Model):
    """What customers call it. A brand stays when its operator changes."""

    name = models.CharField(_("brand"), max_length=120, unique=True)

    class Meta:
        ordering: ClassVar = ["name"]
        triggers: ClassVar = [changes_version(), never_deleted()]

    def __str__(self) -> str:
        return self.name


@pghistory.track()
class NumberRange(models.Model):
    """Who held the numbers that start with `prefix`, and when. The longest prefix wins.

    `prefix` is in international digits without `+`, e.g. "62811". `valid` is a half-open range of days
    in Jakarta.
    """

    class Status(models.TextChoices):
        ACTIVE = "active", _("active")
        UNASSIGNED = "unassigned", _("unassigned")
        DEFUNCT = "defunct", _("defunct")

    prefix = models.CharField(_("prefix"), max_length=12)
    operator = models.ForeignKey(
        Operator, on_delete=models.PROTECT, null=True, blank=True, related_name="ranges"
    )
    brand = models.ForeignKey(Brand, on_delete=models.PROTECT, null=True, blank=True, related_name="ranges")
    status = models.CharField(_("status"), max_length=10, choices=Status.choices)
    valid = DateRangeField(_("valid"))
    source = models.TextField(_("source"))
    note = models.TextField(_("note"), blank=True)

    class Meta:
        ordering: ClassVar = ["prefix", "valid"]
        verbose_name = _("number range")
        verbose_name_plural = _("number ranges")
        triggers: ClassVar = [changes_version(), never_deleted()]
        constraints: ClassVar = [
            ExclusionConstraint(
                name="one_holder_per_prefix_and_day",
                expressions=[
                    (
                        Func(
                            Cast("prefix", models.BigIntegerField()),
                            Cast("prefix", models.BigIntegerField()),
                            Value("[]"),
                            function="int8range",
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                    (F("valid"), RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(
                condition=models.Q(prefix__regex=r"^[1-9][0-9]*$"), name="prefix_is_digits"
            ),
            models.CheckConstraint(
                condition=~models.Q(status="active") | models.Q(operator__isnull=False),
                name="active_range_has_operator",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.prefix} {self.operator or self.status}"


class OperatorMember(models.Model):
    """Whom a log-in acts for. One person acts for one operator."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    operator = models.ForeignKey(Operator, on_delete=models.PROTECT, related_name="members")
    manages_keys = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"{self.user} @ {self.operator}"


class AccessKey(models.Model):
    """A machine's key: shown once, stored as SHA-256; a rotation keeps two valid. `prefix` is for logs."""

    class Scope(models.TextChoices):
        LIST_READ = "list:read", _("fetch lists")
        REPORT_WRITE = "report:write", _("report outcomes")

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
    misuse = models.CharField(max_length=20, blank=True)

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


class WebhookEndpoint(models.Model):
    """Where an operator wants to be told. The signing secret is sealed: signing must read it."""

    class Event(models.TextChoices):
        LIST_PUBLISHED = "list.published", _("a list was published")
        NUMBER_RELEASED = "number.released", _("a block was released")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    operator = models.ForeignKey(Operator, on_delete=models.PROTECT, related_name="webhooks")
    url = models.CharField(max_length=500)
    events = ArrayField(models.CharField(max_length=30, choices=Event.choices), default=list)
    secret_sealed = models.BinaryField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

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
