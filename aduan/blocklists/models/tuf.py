"""The pages of the TUF repository, and those that wait for signatures."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from django.db import models
from django.db.models import Q

from aduan.accounts.step_up import application_mac
from aduan.blocklists.manifest import sha256
from aduan.blocklists.models.lists import BlockList
from aduan.core.triggers import append_only


class TufMetadata(models.Model):
    """One version of one page of the TUF repository, as served. Append-only; the newest version counts."""

    role = models.CharField(max_length=60)
    version = models.PositiveIntegerField()
    body = models.BinaryField()
    expires_at = models.DateTimeField()
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["role", "version"], name="trust_version_once")
        ]
        triggers: ClassVar = [append_only()]

    def __str__(self) -> str:
        return f"{self.version}.{self.role}"


class SignatureRequest(models.Model):
    """A page that waits for key holders: signatures gather in `body` until the threshold is met.

    Each body carries the code of the application, which the database checks: SQL asks holders for nothing.
    """

    role = models.CharField(max_length=60)
    version = models.PositiveIntegerField()
    body = models.BinaryField()
    block_list = models.ForeignKey(BlockList, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    mac = models.BinaryField(null=True, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["role"], condition=Q(closed_at__isnull=True), name="one_open_request_per_role"
            )
        ]

    def __str__(self) -> str:
        return f"{self.version}.{self.role}"

    def write(self, body: bytes) -> None:
        """Saves the request with this page; see `blocklists/sql/request_by_application`."""
        if self._state.adding:  # one page may take the place of another in the same run of a job
            before = SignatureRequest.objects.filter(role=self.role, created_at__gte=self.created_at)
            if last := before.order_by("-created_at").first():
                self.created_at = last.created_at + dt.timedelta(microseconds=1)
        facts = (self.role, self.version, self.created_at, sha256(body))
        self.body, self.mac = body, application_mac("signature_request", *facts)
        self.save(update_fields=None if self._state.adding else ["body", "mac", "closed_at"])
