"""Counts by day (of rows below, never published), and what was published: released once, never changed."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from aduan.core.triggers import append_only
from aduan.statistics.datasets import THRESHOLD


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
