"""Operators, their brands and dated number ranges; the people and keys that act for them."""

from __future__ import annotations

from typing import ClassVar

import pghistory
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Value
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _


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

    def __str__(self) -> str:
        return self.name


@pghistory.track()
class Brand(models.Model):
    """What customers call it. A brand stays when its operator changes."""

    name = models.CharField(_("brand"), max_length=120, unique=True)

    class Meta:
        ordering: ClassVar = ["name"]

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


class OperatorPerson(models.Model):
    """Whom a log-in acts for. One person acts for one operator."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    operator = models.ForeignKey(Operator, on_delete=models.PROTECT, related_name="people")
    manages_keys = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"{self.user} @ {self.operator}"


class AccessKey(models.Model):
    """A machine's key: 256 random bits, shown once, stored as SHA-256. `prefix` names it in logs."""

    operator = models.ForeignKey(Operator, on_delete=models.PROTECT, related_name="access_keys")
    name = models.CharField(max_length=80)
    prefix = models.CharField(max_length=12, unique=True)
    secret_hash = models.CharField(max_length=64)
    scopes = ArrayField(models.CharField(max_length=30), default=list)
    allowed_networks = ArrayField(models.CharField(max_length=50), default=list, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.operator}: {self.name} ({self.prefix}…)"
