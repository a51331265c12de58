"""What receivers did: every hand-over, and what they answer number by number."""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aduan.blocklists.codes import OutcomeStatus, ReminderKind
from aduan.blocklists.models.lists import OPERATOR, BlockList
from aduan.core.triggers import append_only

ACCESS_KEY = "operators.AccessKey"


def kept_ten_years(moment: str) -> pgtrigger.Trigger:
    """Refuse DELETE of a proof that is younger: see blocklists/sql/delete_old_proofs."""
    return pgtrigger.Protect(
        name="kept_ten_years",
        operation=pgtrigger.Delete,
        condition=pgtrigger.Condition(f"OLD.{moment} > clock_timestamp() - interval '10 years'"),
    )


def never_changed() -> pgtrigger.Trigger:
    """Refuse UPDATE."""
    return pgtrigger.Protect(name="never_changed", operation=pgtrigger.Update)


class Download(models.Model):
    """Who was handed which file of which list, when and how much of it. Append-only.

    `complete`: the client has the file to its end. Where the web server in front carries the bytes, only its
    log knows: until that was read `bytes_sent` is None, and filling it in, once, is the only change there is.
    """

    block_list = models.ForeignKey(BlockList, on_delete=models.PROTECT, related_name="downloads")
    operator = models.ForeignKey(OPERATOR, on_delete=models.PROTECT, related_name="+")
    file = models.CharField(max_length=60)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    access_key = models.ForeignKey(ACCESS_KEY, on_delete=models.PROTECT, null=True, related_name="+")
    digest = models.CharField(max_length=64)
    bytes_sent = models.BigIntegerField(null=True)
    complete = models.BooleanField(default=False)
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [models.Index(fields=["block_list", "at"], name="download_of_list")]
        triggers: ClassVar = [
            kept_ten_years("at"),
            pgtrigger.Protect(
                name="ended_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "OLD.bytes_sent IS NOT NULL OR NEW.bytes_sent IS NULL"
                    " OR (OLD.id, OLD.block_list_id, OLD.operator_id, OLD.file, OLD.by_id, OLD.access_key_id,"
                    " OLD.digest, OLD.at) IS DISTINCT FROM (NEW.id, NEW.block_list_id, NEW.operator_id,"
                    " NEW.file, NEW.by_id, NEW.access_key_id, NEW.digest, NEW.at)"
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.block_list_id} {self.file}"


class OutcomeReport(models.Model):
    """One batch of outcomes as it came: counted, hashed, never changed.

    The same rows again change nothing.
    """

    operator = models.ForeignKey(OPERATOR, on_delete=models.PROTECT, related_name="+")
    block_list = models.ForeignKey(BlockList, on_delete=models.PROTECT, related_name="+")
    list_digest = models.CharField(max_length=64)
    rows_digest = models.CharField(max_length=64)
    row_count = models.PositiveIntegerField()
    changed_count = models.PositiveIntegerField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    access_key = models.ForeignKey(ACCESS_KEY, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    # The audit log's head as the sender's list carries it, `seq hash`: a copy that came back from outside.
    audit_head = models.CharField(max_length=90, blank=True, default="", db_default="")

    class Meta:
        ordering: ClassVar = ["-id"]
        triggers: ClassVar = [never_changed(), kept_ten_years("at")]

    def __str__(self) -> str:
        return f"{self.block_list_id}: {self.row_count} rows"


class RejectedOutcomeReport(models.Model):
    """A report of outcomes that was rejected: its sender may act on something else than our list.

    Append-only.

    It stays open until a later report of the same operator is taken. `row_codes` counts what was wrong,
    `extra` names the first numbers that the sender acted on and that are not on the list.
    """

    operator = models.ForeignKey(OPERATOR, on_delete=models.PROTECT, related_name="+")
    block_list = models.ForeignKey(BlockList, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=40)
    list_digest = models.CharField(max_length=64)
    row_codes = models.JSONField(default=dict)
    extra = models.JSONField(default=list)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    access_key = models.ForeignKey(ACCESS_KEY, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [models.Index(fields=["operator", "at"], name="rejected_report_by_time")]
        triggers: ClassVar = [never_changed(), kept_ten_years("at")]

    def __str__(self) -> str:
        return f"{self.block_list_id}: {self.code}"


class Outcome(models.Model):
    """What an operator (or platform) reports to have done about one number of a list; the newest counts.

    `clock_from` is the publication of the list that first carried the number; `due_at` is 24 hours later.
    Foreign keys have no index of their own where another index begins with them, or no one access that way:
    an answer to every number of a list touches each index once a row.
    What must follow in the case (a routing task, a release, a reviewer's look) has followed at `effect_at`;
    a refusal waits for a person until `settled_at`.
    `first_…` keep what was answered at first: that alone counts for the clock, whatever is reported later.
    They are empty in rows from before they were kept.
    """

    operator = models.ForeignKey(OPERATOR, on_delete=models.PROTECT, related_name="+", db_index=False)
    block_list = models.ForeignKey(
        BlockList, on_delete=models.PROTECT, related_name="outcomes", db_index=False
    )
    report = models.ForeignKey(OutcomeReport, on_delete=models.PROTECT, related_name="outcomes")
    digits = models.BigIntegerField()
    case_id = models.BigIntegerField()
    answer = models.CharField(_("answer"), max_length=10, choices=OutcomeStatus.choices)
    acted_at = models.DateTimeField(_("acted"))
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    clock_from = models.DateTimeField()
    due_at = models.DateTimeField()
    reported_at = models.DateTimeField(_("reported"))
    first_answer = models.CharField(max_length=10, choices=OutcomeStatus.choices, null=True)  # noqa: DJ001
    first_acted_at = models.DateTimeField(null=True)
    first_reported_at = models.DateTimeField(null=True)
    effect_at = models.DateTimeField(null=True)
    effect_note = models.CharField(max_length=60, blank=True)
    mac = models.BinaryField(null=True, editable=False)  # of "recycled": see accounts.step_up.application_mac
    settled_at = models.DateTimeField(_("settled"), null=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )

    class Meta:
        verbose_name = _("outcome")
        verbose_name_plural = _("outcomes")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["block_list", "digits"], name="one_outcome_per_number_and_list"),
            models.CheckConstraint(
                condition=~Q(answer="refused") | ~Q(reason=""), name="refusal_has_a_reason"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["operator", "digits"], name="outcome_of_number"),
            models.Index(fields=["case_id"], name="outcome_of_case"),
            models.Index(fields=["operator", "acted_at"], name="outcome_by_time"),
            models.Index(fields=["id"], name="outcome_effect_due", condition=Q(effect_at__isnull=True)),
            models.Index(
                fields=["id"],
                name="refusals_open",
                condition=Q(answer="refused", settled_at__isnull=True),
            ),
            # An operator's file number, found among the few outcomes that say anything.
            GinIndex(
                SearchVector("reason", config="simple"), name="outcome_reason_words", condition=~Q(reason="")
            ),
        ]
        triggers: ClassVar = [kept_ten_years("reported_at")]

    def __str__(self) -> str:
        return f"{self.digits}: {self.answer}"


class SentReminder(models.Model):
    """A reminder that was sent about a list: each kind once per list."""

    block_list = models.ForeignKey(BlockList, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=ReminderKind.choices)
    open_count = models.PositiveIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["block_list", "kind"], name="reminded_once")]
        triggers: ClassVar = [append_only()]

    def __str__(self) -> str:
        return f"{self.block_list_id} {self.kind}"


class ClosedClock(models.Model):
    """That nothing of a list is open any more: its new numbers were answered for, or taken off the list.

    What is closed stays closed (a number that is listed again has the clock of that list), so that only the
    lists that are not in here must be counted.
    """

    block_list = models.OneToOneField(BlockList, on_delete=models.PROTECT, related_name="+")
    answered = models.PositiveIntegerField()
    at = models.DateTimeField()

    class Meta:
        triggers: ClassVar = [append_only()]

    def __str__(self) -> str:
        return f"{self.block_list_id} closed"
