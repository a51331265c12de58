"""The audit log and the job queue: two tables that every domain package writes through core's services."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from aduan.core import request_ids
from aduan.core.triggers import append_only


class AuditLogEntry(models.Model):
    """One staff act, chained to the one before: a row changed, removed or slipped in breaks the chain.

    `seq`, `prev` and `hash` are set by the database: see `core/sql/audit_log_chain`. `actor` and `subject`
    are plain text ("user:7", "case:12"), because core is the lowest package; `detail` holds ids and
    digests, never personal data, so that erasing a person never has to touch the chain.
    """

    seq = models.BigIntegerField(unique=True, editable=False, default=0)
    at = models.DateTimeField()
    actor = models.CharField(max_length=80)
    action = models.CharField(max_length=60)
    subject = models.CharField(max_length=120)
    detail = models.JSONField(default=dict)
    prev = models.CharField(max_length=64, editable=False, default="")
    hash = models.CharField(max_length=64, editable=False, default="")

    class Meta:
        ordering: ClassVar = ["seq"]
        triggers: ClassVar = [
            append_only(),
        ]
        indexes: ClassVar = [
            models.Index(fields=["subject", "seq"], name="audit_log_subject"),
            models.Index(fields=["actor", "seq"], name="audit_log_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.seq} {self.action} {self.subject}"


class Job(models.Model):
    """A piece of work that must have exactly one effect, whichever process starts it and dies.

    `(kind, key)` is unique. A worker holds it by a lease; `fencing_token` grows with every lease, so a worker
    that outlived its lease can no longer commit.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")

    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    payload = models.JSONField(default=dict)
    result = models.JSONField(default=dict)
    fencing_token = models.BigIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    run_after = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.TextField(blank=True)
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    request_id = models.CharField(
        max_length=request_ids.MAX_LENGTH, blank=True, db_default="", default=request_ids.current_request_id
    )

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["kind", "key"], name="job_once")]
        indexes: ClassVar = [
            models.Index(
                fields=["kind", "run_after", "id"],
                name="job_open",
                condition=models.Q(state__in=["waiting", "running"]),
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}: {self.state}"
