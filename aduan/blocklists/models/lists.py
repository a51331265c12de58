"""Published lists and what became of them. A published list and its entries never change."""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from aduan.blocklists import formats, manifest
from aduan.blocklists.codes import RejectedReason
from aduan.core.triggers import append_only, never_deleted

OPERATOR = "operators.Operator"


class ListType(models.TextChoices):
    MONTHLY = "monthly", _("monthly")
    INTERIM = "interim", _("interim")
    HOLD = "hold", _("hold")
    REFERRAL = "referral", _("referral")
    INBOUND = "inbound", _("inbound filter")


class ListSeries(models.TextChoices):
    """Lists of one series form one chain: each is the one before plus `added` minus `removed`."""

    BLOCK = "block", _("blocks")
    HOLD = "hold", _("holds")
    REFERRAL = "referral", _("referrals")
    INBOUND = "inbound", _("inbound filter")


SERIES_OF = {
    ListType.MONTHLY: ListSeries.BLOCK,
    ListType.INTERIM: ListSeries.BLOCK,
    ListType.HOLD: ListSeries.HOLD,
    ListType.REFERRAL: ListSeries.REFERRAL,
    ListType.INBOUND: ListSeries.INBOUND,
}


class BlockList(models.Model):
    """One version of one operator's list. `full(n) = full(n-1) + added - removed`, always.

    `sequence` counts the published lists of the series; `version` counts within operator, month and kind
    (a list that was rejected, or superseded while it awaited publication, is made again as the next version).
    `period` is the first day of the month. `digest` is the SHA-256 of the manifest's canonical bytes.
    `watermark` is the database snapshot the selection saw (`pg_current_snapshot()`).
    """

    class State(models.TextChoices):
        BUILDING = "building", _("being built")
        STOPPED = "stopped", _("stopped")
        AWAITING_PUBLICATION = "awaiting", _("awaiting publication")
        PUBLISHED = "published", _("published")
        REJECTED = "rejected", _("rejected")

    operator = models.ForeignKey(
        OPERATOR, on_delete=models.PROTECT, related_name="+", verbose_name=_("operator")
    )
    period = models.DateField(_("month"))
    kind = models.CharField(_("kind"), max_length=10, choices=ListType.choices)
    series = models.CharField(max_length=10, choices=ListSeries.choices)
    version = models.PositiveIntegerField(_("version"))
    sequence = models.PositiveIntegerField(_("sequence"))
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.BUILDING)
    previous = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    as_of = models.DateTimeField(_("as of"))
    watermark = models.CharField(max_length=200, blank=True)
    count = models.PositiveIntegerField(_("numbers"), default=0)
    added_count = models.PositiveIntegerField(_("added"), default=0)
    removed_count = models.PositiveIntegerField(_("removed"), default=0)
    digest = models.CharField(max_length=64, blank=True)
    build_mac = models.BinaryField(null=True)  # over the digest: see blocklists/sql/list_built
    manifest = models.JSONField(default=dict)
    stop_reasons = models.JSONField(default=list)
    resumed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    second_resumed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    resumed_step_up = models.ForeignKey(
        "accounts.StepUpEvidence", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    second_resumed_step_up = models.ForeignKey(
        "accounts.StepUpEvidence", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    rejected_reason = models.CharField(
        _("reason for rejection"), max_length=20, choices=RejectedReason.choices, blank=True
    )
    # NULL where the service replaced the list, or where the rejection is older than these columns.
    rejected_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    rejected_step_up = models.OneToOneField(
        "accounts.StepUpEvidence", on_delete=models.PROTECT, null=True, related_name="+"
    )
    rejected_note = models.CharField(_("note on the rejection"), max_length=300, blank=True)
    built_at = models.DateTimeField(_("built"), null=True)
    publish_not_before = models.DateTimeField(_("not before"), null=True)
    published_at = models.DateTimeField(_("published"), null=True)

    class Meta:
        verbose_name = _("block list")
        verbose_name_plural = _("block lists")
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["operator", "period", "kind", "version"], name="list_once_per_version"
            ),
            models.UniqueConstraint(
                fields=["operator", "series", "sequence"],
                condition=Q(state="published"),
                name="published_sequence_once",
            ),
            models.UniqueConstraint(
                fields=["operator", "period", "kind"],
                condition=Q(kind="monthly") & ~Q(state="rejected"),
                name="one_monthly_list",
            ),
            models.CheckConstraint(
                condition=~Q(second_resumed_by=F("resumed_by")), name="two_people_resume_a_list"
            ),
            models.CheckConstraint(
                name="stopped_list_published_only_by_two",
                condition=~Q(state__in=["awaiting", "published"])
                | Q(stop_reasons=[])
                | Q(resumed_by__isnull=False, second_resumed_by__isnull=False),
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.Protect(
                name="published_is_final",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__state="published"),
            ),
            never_deleted(),
            pgtrigger.Protect(
                name="rejected_is_final",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__state="rejected") & ~pgtrigger.Q(new__state="rejected"),
            ),
            pgtrigger.Protect(
                name="contents_are_final",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "OLD.digest <> ''"
                    " AND (OLD.digest, OLD.manifest, OLD.count, OLD.sequence, OLD.previous_id,"
                    " OLD.stop_reasons) IS DISTINCT FROM (NEW.digest, NEW.manifest, NEW.count, NEW.sequence,"
                    " NEW.previous_id, NEW.stop_reasons)"
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.operator_id} {self.period:%Y-%m} {self.kind} v{self.version}"

    @property
    def manifest_bytes(self) -> bytes:
        """The canonical bytes that were signed and published."""
        return manifest.canonical(self.manifest)

    @property
    def only_removes(self) -> bool:
        """A list between months that adds nothing to the one before: an online role may publish it."""
        return self.kind == ListType.INTERIM and self.previous_id is not None and self.added_count == 0

    @property
    def is_voluntary(self) -> bool:
        """Whether acting on it is voluntary: then nothing is missing or late. False before it is built."""
        return bool(self.manifest.get("voluntary"))

    @property
    def format_version(self) -> str:
        """The version its files are written in: what was signed once is made again byte by byte."""
        if not self.manifest:
            return formats.FORMAT_VERSION
        return str(self.manifest.get("format_version", formats.FIRST_VERSION))

    @property
    def folder(self) -> str:
        """Where its files lie below the publish root, and the path of its targets."""
        return str(self.manifest["folder"])


class BlockListEntry(models.Model):
    """One number on one list; a partition per list, written whole while the list is built, then closed.

    `is_new`: not on the list before, so the operator's clock runs. `case_id` is no foreign key: the check
    per row would be three quarters of the build, and blocks (where entries come from) hold a real one.
    `reports` and `evidence` are the channel summary of a referral and `referral` its unique id, empty on
    other lists. `ends_at` is the hour at which a hold ends; without one an entry ends when the day `until`
    begins in Jakarta.
    """

    pk = models.CompositePrimaryKey("list_id", "digits")
    list_id = models.BigIntegerField()
    digits = models.BigIntegerField()
    since = models.DateField()
    until = models.DateField()
    category = models.CharField(max_length=20)
    case_id = models.BigIntegerField()
    is_new = models.BooleanField()
    reports = models.IntegerField(null=True)
    evidence = models.IntegerField(null=True)
    ends_at = models.DateTimeField(null=True)
    referral = models.UUIDField(null=True)

    class Meta:
        triggers: ClassVar = [
            pgtrigger.Protect(
                name="entries_are_final",
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
            )
        ]

    def __str__(self) -> str:
        return f"{self.list_id}: {self.digits}"


class ListFile(models.Model):
    """One file of a list: digest, and for the canonical ones the detached signature. Append-only.

    A name that ends in `.gz` is a compressed variant for transport: unsigned, because receivers check what
    they unpack.
    """

    block_list = models.ForeignKey(BlockList, on_delete=models.PROTECT, related_name="files")
    name = models.CharField(max_length=40)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    signature = models.BinaryField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["block_list", "name"], name="file_once_per_list"),
            models.CheckConstraint(
                condition=Q(name__endswith=".gz") | Q(signature__isnull=False),
                name="canonical_file_is_signed",
            ),
        ]
        triggers: ClassVar = [append_only()]

    def __str__(self) -> str:
        return f"{self.block_list_id} {self.name}"
