"""What counts as an incident: its label, what a person does about it, who is notified. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import models
from django.utils.translation import gettext_lazy as _

from aduan.accounts.roles import Role

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class Condition(models.TextChoices):
    BEAT_SILENT = "beat_silent", _("No scheduled task has run")
    TASK_FAILING = "task_failing", _("A scheduled task fails")
    TASK_LATE = "task_late", _("A scheduled task has not run for too long")
    WEB_AWAY = "web_away", _("The portal does not answer")
    JOB_FAILED = "job_failed", _("Background work was given up")
    MESSAGE_UNDELIVERED = "message_undelivered", _("Messages were given up or may be lost")
    OUTBOX_LATE = "outbox_late", _("Messages wait too long")
    EVIDENCE_LATE = "evidence_late", _("Evidence waits too long for its examination")
    WEBHOOK_LATE = "webhook_late", _("Webhooks wait too long")
    LIST_NOT_BUILT = "list_not_built", _("A monthly list was not built")
    LIST_NOT_FETCHED = "list_not_fetched", _("A list was not fetched by its operator")
    HOLDS_LATE = "holds_late", _("Holds, or their ends, are not published")
    LIST_STOPPED = "list_stopped", _("A stopped list was not looked at")
    KEY_EXPIRES = "key_expires", _("A key or a signature expires soon")
    AUDIT_HEAD_DIFFERS = "audit_head_differs", _("An operator holds a head that the audit log lacks")
    BACKUP_LATE = "backup_late", _("A backup is missing or too old")
    DISK_FULL = "disk_full", _("A disk is nearly full")
    ACCOUNT_POLICY = "account_policy", _("What is asked of log-ins was changed on the server")


ADVICE: Final[Mapping[Condition, StrOrPromise]] = {
    Condition.BEAT_SILENT: _(
        "Look at Valkey and at the processes “beat” and “worker”, and restart what does not run."
    ),
    Condition.TASK_FAILING: _("Look for the task's name in the worker's log; the last line says why."),
    Condition.TASK_LATE: _(
        "Restart the worker of the queue that is named; its log says what it was doing. Nothing is lost."
    ),
    Condition.WEB_AWAY: _("Look at the process “web” and restart it; its last line says why it ended."),
    Condition.JOB_FAILED: _("Open “Background work”, mend the cause of the last error, then start it over."),
    Condition.MESSAGE_UNDELIVERED: _("Open “Background work”, check the mail server, then send them again."),
    Condition.OUTBOX_LATE: _("Check the mail server and the SMS gateway, then the worker."),
    Condition.EVIDENCE_LATE: _("Check the virus scanner, the free disk space and the worker."),
    Condition.WEBHOOK_LATE: _("Ask the operator whether its address answers; nothing else waits for it."),
    Condition.LIST_NOT_BUILT: _("Open “Background work”; if nothing failed there, run build_block_lists."),
    Condition.LIST_NOT_FETCHED: _("Call the operator; the clock of its 24 hours is running."),
    Condition.LIST_STOPPED: _("Open the list and decide: two list managers resume it or reject it."),
    Condition.HOLDS_LATE: _("Look at the process “lists” and restart it; then look for a list that stopped."),
    Condition.AUDIT_HEAD_DIFFERS: _(
        "Touch nothing, call the auditors, and run verify_audit against the operators' copies."
    ),
    Condition.BACKUP_LATE: _("Look at the process “backup”: its last line says what it could not do."),
    Condition.DISK_FULL: _(
        "Make room on that disk: complaints with files are refused before it is full. “doctor” names each."
    ),
    Condition.ACCOUNT_POLICY: _(
        "Run account_policy and compare it with the order for it; without an order, call the auditors."
    ),
    Condition.KEY_EXPIRES: _("Let the operator rotate its key, or renew the repository's signature."),
}
# Who is notified. Mails about single lists that were not fetched are sent by the reminders of lists already.
NOTIFIED: Final[Mapping[Condition, frozenset[str]]] = {
    Condition.LIST_NOT_BUILT: frozenset({Role.LIST_MANAGER, Role.ADMINISTRATOR}),
    Condition.LIST_NOT_FETCHED: frozenset(),
    Condition.HOLDS_LATE: frozenset({Role.LIST_MANAGER, Role.LEAD, Role.ADMINISTRATOR}),
    Condition.LIST_STOPPED: frozenset({Role.LIST_MANAGER, Role.LEAD}),
    Condition.KEY_EXPIRES: frozenset({Role.LIST_MANAGER, Role.ADMINISTRATOR}),
    Condition.AUDIT_HEAD_DIFFERS: frozenset({Role.AUDITOR, Role.LEAD, Role.ADMINISTRATOR}),
    Condition.ACCOUNT_POLICY: frozenset({Role.AUDITOR, Role.LEAD, Role.ADMINISTRATOR}),
}
DEFAULT_NOTIFIED: Final = frozenset({Role.ADMINISTRATOR})


@dataclass(frozen=True, slots=True)
class Finding:
    """A condition that is true now. `subjects` names at most MAX_SUBJECTS of the things concerned."""

    condition: Condition
    amount: int
    subjects: tuple[str, ...] = ()


MAX_SUBJECTS: Final = 10


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Minutes and days after which something is an incident, and shares below which it is one."""

    beat_minutes: int = 5
    task_late_minutes: int = 15  # beyond two rounds of the timetable
    web_minutes: int = 3
    outbox_minutes: int = 15
    evidence_minutes: int = 60
    webhook_minutes: int = 60
    list_built_by_minute: int = 60  # minutes after midnight in Jakarta
    list_fetched_minutes: int = 360
    list_stopped_minutes: int = 240
    holds_minutes: int = 2
    access_key_days: int = 30
    root_days: int = 30
    targets_days: int = 7
    snapshot_hours: int = 24
    timestamp_hours: int = 6
    backup_base_minutes: int = 1800  # a night was missed
    backup_files_minutes: int = 30
    backup_wal_minutes: int = 10
    disk_free_percent: int = 10
    # Mails: at most one in `mail_minutes` for each condition; again when more is concerned or after a day.
    mail_minutes: int = 60
    mail_again_minutes: int = 1440


def thresholds() -> Thresholds:
    """The defaults with what ADUAN_MONITORING sets. Raises ImproperlyConfigured for a wrong one."""
    given: Mapping[str, int] = settings.MONITORING
    known = {field.name for field in fields(Thresholds)}
    if unknown := sorted(set(given) - known):
        raise ImproperlyConfigured(
            f"ADUAN_MONITORING has no {', '.join(unknown)}; it has {', '.join(sorted(known))}."
        )
    if wrong := sorted(name for name, limit in given.items() if type(limit) is not int or limit < 0):
        raise ImproperlyConfigured(f"ADUAN_MONITORING: {', '.join(wrong)} must be a whole number, 0 or more.")
    return Thresholds(**given)


def minutes(count: int) -> dt.timedelta:
    return dt.timedelta(minutes=count)
