"""The register: operators, their brands and dated number ranges."""

from __future__ import annotations

from typing import ClassVar

import pghistory
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Value
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from aduan.core.triggers import never_deleted


class RegisterVersion(models.Model):
    """One row: the number of the register's latest change. Written by `sql/register_version` only."""

    version = models.BigIntegerField()

    def __str__(self) -> str:
        return str(self.version)


class LegalReference(models.Model):
    """A rule of law that obliges or empowers a person. Data, because the law moves."""

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
    # Holds no number: its lists, questions and answers are pretended, for engineers to try things out.
    is_sandbox = models.BooleanField(_("sandbox"), default=False, db_default=False)

    class Meta:
        ordering: ClassVar = ["name"]
        verbose_name = _("operator")
        verbose_name_plural = _("operators")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["kind"], condition=models.Q(is_sandbox=True), name="one_sandbox_of_a_kind"
            )
        ]
        triggers: ClassVar = [never_deleted()]

    def __str__(self) -> str:
        return self.name


@pghistory.track()
class Brand(models.Model):
    """What customers call it. A brand stays when its operator changes."""

    name = models.CharField(_("brand"), max_length=120, unique=True)

    class Meta:
        ordering: ClassVar = ["name"]
        triggers: ClassVar = [never_deleted()]

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
        triggers: ClassVar = [never_deleted()]
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
