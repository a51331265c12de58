"""What takes two people beside a block: acts that free a number, or that change what may be blocked."""

from __future__ import annotations

from typing import ClassVar, Final

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from aduan.cases.models.case import Case
from aduan.core.triggers import never_deleted

EVIDENCE: Final = "accounts.StepUpEvidence"


class ChangeRequest(models.Model):
    """An act that one person asks for and another confirms. The law is here and in `cases/sql`.

    `pattern` is that of `ProtectedNumber`; `protected` the row to end, or the row that a confirmed request
    made. `upheld` belongs to an objection, whose owner reads `reason`. `block_count` and `seen_digest` are
    what the asker saw of the blocks that end; `settled_digest` is what the other person saw. The notices are
    for complainants, where the standard text does not do. A complaint that stands under the wrong number:
    `pattern` is the canonical number it belongs to, `ticket` the complaint; a merge takes all of the case.
    """

    class Kind(models.TextChoices):
        RELEASE = "release", _("release of a block")
        OBJECTION = "objection", _("answer to an objection")
        PROTECT = "protect", _("protection of a number")
        UNPROTECT = "unprotect", _("end of a protection")
        MOVE = "move", _("complaint under another number")
        SPLIT = "split", _("complaint about a second number")
        MERGE = "merge", _("two cases of one number")

    OF_NUMBERS: ClassVar = (Kind.MOVE, Kind.SPLIT, Kind.MERGE)

    class State(models.TextChoices):
        PENDING = "pending", _("waiting for the second person")
        CONFIRMED = "confirmed", _("confirmed")
        DECLINED = "declined", _("not confirmed")
        WITHDRAWN = "withdrawn", _("withdrawn")

    kind = models.CharField(max_length=10, choices=Kind.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PENDING)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, null=True, related_name="change_requests")
    protected = models.ForeignKey(
        "numbers.ProtectedNumber", on_delete=models.PROTECT, null=True, related_name="+"
    )
    pattern = models.CharField(max_length=80, blank=True)
    ticket = models.CharField(max_length=10, blank=True, db_default="")
    upheld = models.BooleanField(null=True)
    owner = models.CharField(max_length=200, blank=True)
    owner_kind = models.CharField(max_length=30, blank=True)
    source = models.TextField(blank=True)
    reason = models.TextField()
    notice_id = models.TextField(blank=True)
    notice_en = models.TextField(blank=True)
    block_count = models.PositiveIntegerField(default=0)
    seen_digest = models.CharField(max_length=64)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()
    requested_evidence = models.OneToOneField(EVIDENCE, on_delete=models.PROTECT, related_name="+")
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    settled_at = models.DateTimeField(null=True)
    settled_evidence = models.OneToOneField(EVIDENCE, on_delete=models.PROTECT, null=True, related_name="+")
    settled_digest = models.CharField(max_length=64, blank=True)
    settled_reason = models.TextField(blank=True)

    class Meta:
        verbose_name = _("change request")
        verbose_name_plural = _("change requests")
        constraints: ClassVar = [
            models.CheckConstraint(
                name="change_confirmed_by_another",
                condition=~Q(state="confirmed")
                | Q(settled_by__isnull=False, settled_at__isnull=False, settled_evidence__isnull=False)
                & ~Q(settled_digest=""),
            ),
            models.CheckConstraint(
                name="change_settled_by_another",
                condition=~Q(state__in=["confirmed", "declined"], settled_by=F("requested_by")),
            ),
            models.CheckConstraint(
                name="change_settled_at_some_time",
                condition=Q(state="pending", settled_by__isnull=True, settled_at__isnull=True)
                | ~Q(state="pending") & Q(settled_by__isnull=False, settled_at__isnull=False),
            ),
            models.CheckConstraint(
                name="change_says_of_what",
                condition=Q(kind="release", case__isnull=False, upheld__isnull=True, pattern="", ticket="")
                | Q(kind="objection", case__isnull=False, upheld__isnull=False, pattern="", ticket="")
                | Q(kind="protect", case__isnull=True, upheld__isnull=True, ticket="")
                & ~Q(pattern="")
                & ~Q(owner="")
                | Q(kind="unprotect", case__isnull=True, upheld__isnull=True, protected__isnull=False)
                & Q(ticket="")
                & ~Q(pattern="")
                | Q(kind__in=["move", "split"], case__isnull=False, upheld__isnull=True)
                & ~Q(pattern="")
                & ~Q(ticket="")
                | Q(kind="merge", case__isnull=False, upheld__isnull=True, ticket="") & ~Q(pattern=""),
            ),
            models.UniqueConstraint(
                fields=["case"], condition=Q(state="pending"), name="one_open_change_per_case"
            ),
            models.UniqueConstraint(
                fields=["pattern"],
                condition=Q(state="pending", case__isnull=True),
                name="one_open_change_per_pattern",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["requested_at", "id"], name="change_waiting", condition=Q(state="pending")),
            models.Index(fields=["case", "-id"], name="change_of_case", condition=Q(case__isnull=False)),
        ]
        triggers: ClassVar = [never_deleted()]

    def __str__(self) -> str:
        return f"{self.kind} {self.case_id or self.pattern} ({self.state})"
