"""Runs of scheduled tasks and incidents. Both are about processes: no personal data."""

from __future__ import annotations

from typing import ClassVar, Final

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aduan.monitoring.conditions import Condition

BACKUP: Final = "backup:"  # before the acts of a backup, which no scheduler starts
LOOP: Final = "loop:"  # before processes that go round by themselves
FAST_LISTS: Final = f"{LOOP}fast_lists"  # publishes holds and removals
WEB: Final = f"{LOOP}web"  # the monitor asks `web` whether it answers


class TaskRun(models.Model):
    """When a task last succeeded and last failed. One row a task name, written by the worker.

    The acts of the backup have rows as well, named `backup:base` and so on.
    """

    task = models.CharField(_("task"), max_length=60, primary_key=True)
    succeeded_at = models.DateTimeField(_("last success"), null=True)
    failed_at = models.DateTimeField(_("last failure"), null=True)
    error = models.CharField(_("last error"), max_length=80, blank=True)  # the class only
    expected_since = models.DateTimeField(null=True)  # see aduan.monitoring.expected

    def __str__(self) -> str:
        return self.task


class Incident(models.Model):
    """A condition that persists or persisted. At most one open incident a condition.

    `amount` is how many things are concerned, `subjects` names the first of them.
    """

    condition = models.CharField(_("incident"), max_length=30)  # of Condition
    amount = models.PositiveIntegerField(_("how many"))
    subjects = models.JSONField(default=list)
    opened_at = models.DateTimeField(_("since"))
    seen_at = models.DateTimeField()
    notified_at = models.DateTimeField(null=True)
    notified_amount = models.PositiveIntegerField(default=0)
    resolved_at = models.DateTimeField(_("over since"), null=True)

    class Meta:
        verbose_name = _("incident")
        verbose_name_plural = _("incidents")
        ordering: ClassVar = ["-opened_at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["condition"], condition=Q(resolved_at__isnull=True), name="one_open_incident"
            )
        ]

    def __str__(self) -> str:
        return f"{self.condition} {self.opened_at:%Y-%m-%d %H:%M}"

    @property
    def label(self) -> str:
        return str(Condition(self.condition).label)
