"""Counts by day (of rows below, never published), and what was published: released once, never changed."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar, Final

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from aduan.core.triggers import append_only, never_deleted
from aduan.statistics.datasets import THRESHOLD

LONGEST_WARNING: Final = 600  # characters
LONGEST_REMARK: Final = 300
WARNING_PERIOD: Final = dt.timedelta(days=30)  # in which a fraud grows "now"


class Released(models.Model):
    """What every published row has. `month` is its first day; `released_on` the day of its snapshot."""

    dataset = models.CharField(max_length=20)
    stratum = models.CharField(max_length=40)
    month = models.DateField()
    released_on = models.DateField()

    class Meta:
        abstract = True


class DayCount(models.Model):
    """How many rows of a dataset fell on a day, by its key. Counted once: a later count is a correction.

    `key` holds the dataset's dimensions in their order, nothing folded: this table is never published.
    """

    dataset = models.CharField(max_length=20)
    stratum = models.CharField(max_length=40)
    day = models.DateField()
    key = ArrayField(models.CharField(max_length=80))
    count = models.PositiveIntegerField()
    amount = models.BigIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["dataset", "stratum", "day", "key"], name="day_counted_once")
        ]
        triggers: ClassVar = [append_only()]

    def __str__(self) -> str:
        return f"{self.dataset} {self.stratum} {self.day}"


class ReleasedSpan(Released):
    """A stratum's rows of one day, or of neighbouring days that reach ten only together.

    Counted with the month of its last day.
    """

    first_day = models.DateField()
    last_day = models.DateField()
    count = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["dataset", "stratum", "first_day"], name="span_begins_once"),
            models.UniqueConstraint(fields=["dataset", "stratum", "last_day"], name="span_ends_once"),
            models.CheckConstraint(condition=Q(last_day__gte=F("first_day")), name="span_ends_after_begin"),
            models.CheckConstraint(condition=Q(count__gte=THRESHOLD), name="span_of_ten_rows"),
        ]
        triggers: ClassVar = [append_only()]

    def __str__(self) -> str:
        return f"{self.dataset} {self.stratum} {self.first_day} to {self.last_day}"


class ReleasedRow(Released):
    """One combination of a month: folded values in the order of the dimensions of a folding.

    `dataset` holds the name of the folding.
    """

    key = ArrayField(models.CharField(max_length=80))
    count = models.PositiveIntegerField()
    amount = models.BigIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["dataset", "stratum", "month", "key"], name="row_released_once"),
            models.CheckConstraint(condition=Q(count__gte=THRESHOLD), name="row_of_ten_rows"),
        ]
        triggers: ClassVar = [append_only()]

    def __str__(self) -> str:
        return f"{self.dataset} {self.stratum} {self.month:%Y-%m}"


class Correction(Released):
    """What a later count of a released month found: rows more or fewer, ten at least."""

    change = models.IntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["dataset", "stratum", "month", "released_on"], name="corrected_once_a_day"
            ),
            models.CheckConstraint(
                condition=Q(change__gte=THRESHOLD) | Q(change__lte=-THRESHOLD), name="correction_of_ten_rows"
            ),
        ]
        triggers: ClassVar = [append_only()]

    def __str__(self) -> str:
        return f"{self.dataset} {self.stratum} {self.month:%Y-%m}: {self.change:+d}"


class PublishedFile(models.Model):
    """The bytes of a published file, once, by their SHA-256; most files are the same from day to day."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    body = models.BinaryField()

    class Meta:
        triggers: ClassVar = [append_only()]

    def __str__(self) -> str:
        return self.sha256


class Snapshot(models.Model):
    """Everything public at the end of `day`; `digest` is that of datapackage.json.

    `files`: name → {size, sha256}.
    """

    day = models.DateField(unique=True)
    made_at = models.DateTimeField()
    digest = models.CharField(max_length=64)
    files = models.JSONField()
    signature = models.BinaryField(null=True)  # Ed25519 over datapackage.json

    class Meta:
        triggers: ClassVar = [append_only()]

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d}"


class Remark(models.Model):
    """What an operator or platform says beside its row of a month. The newest of a month is published."""

    receiver = models.ForeignKey("operators.Operator", on_delete=models.PROTECT, related_name="+")
    month = models.DateField()
    text = models.TextField(max_length=LONGEST_REMARK)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()

    class Meta:
        triggers: ClassVar = [append_only()]

    def __str__(self) -> str:
        return f"{self.receiver_id} {self.month:%Y-%m}"


class PublicWarning(models.Model):
    """A warning for everybody: written by one person from a draft, released by a second, ended by either.

    The public reads it for 30 days. `category` and `case_count` are those of the decided campaigns behind
    the draft.
    """

    category = models.CharField(_("kind of fraud"), max_length=20)
    case_count = models.PositiveIntegerField()
    text_id = models.TextField(_("text in Indonesian"), max_length=LONGEST_WARNING)
    text_en = models.TextField(_("text in English"), max_length=LONGEST_WARNING)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    released_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-released_at", "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(released_by=F("written_by")), name="warning_released_by_second"
            ),
            models.CheckConstraint(
                condition=Q(released_by=None, released_at=None)
                | Q(released_by__isnull=False, released_at__isnull=False),
                name="warning_released_by_a_person",
            ),
            models.CheckConstraint(
                condition=Q(ended_by=None, ended_at=None) | Q(ended_by__isnull=False, ended_at__isnull=False),
                name="warning_ended_by_a_person",
            ),
            models.CheckConstraint(condition=Q(case_count__gte=THRESHOLD), name="warning_of_ten_cases"),
        ]
        triggers: ClassVar = [
            never_deleted(),
            pgtrigger.Protect(
                name="text_is_final",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(exclude=["released_by", "released_at", "ended_by", "ended_at"]),
            ),
            pgtrigger.Protect(
                name="released_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "OLD.ended_at IS NOT NULL OR OLD.released_at IS NOT NULL AND"
                    " (OLD.released_at, OLD.released_by_id) IS DISTINCT FROM"
                    " (NEW.released_at, NEW.released_by_id)"
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.category} {self.written_at:%Y-%m-%d}"

    @property
    def public_until(self) -> dt.datetime | None:
        return self.released_at and self.released_at + WARNING_PERIOD
