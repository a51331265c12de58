"""What is true now: findings, each a few indexed rows; and the incidents that the staff page shows."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.db import connection
from django.db.models import F, Max, Q

from aduan.accounts.models import AccountPolicy
from aduan.blocklists import queries as lists
from aduan.blocklists.models import BlockList, TufMetadata
from aduan.blocklists.services import missing_lists
from aduan.blocklists.tuf_metadata import ROOT, TARGETS, TIMESTAMP, base_role
from aduan.cases.models import HoldPolicy
from aduan.complaints.models import Evidence
from aduan.core import jobs
from aduan.core.audit_actions import AuditAction
from aduan.core.models import AuditLogEntry
from aduan.core.periods import JAKARTA
from aduan.monitoring.conditions import MAX_SUBJECTS, Condition, Finding, Thresholds, minutes
from aduan.monitoring.disks import own_disks
from aduan.monitoring.expected import Timetable, late_tasks, silent_for
from aduan.monitoring.models import BACKUP, FAST_LISTS, LOOP, WEB, Incident, TaskRun
from aduan.notifications.models import OutboxMessage
from aduan.notifications.queries import late_messages
from aduan.operators.models import AccessKey, WebhookDelivery

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from django.db.models import QuerySet

# The head that an operator's machine kept with its list came back with its report.
_FOREIGN_HEADS: Final = """
    SELECT DISTINCT o.name FROM (
        SELECT operator_id, split_part(audit_head, ' ', 1)::bigint AS seq,
               split_part(audit_head, ' ', 2) AS hash
        FROM blocklists_outcomereport WHERE audit_head <> '' ORDER BY id DESC LIMIT 500) r
    JOIN operators_operator o ON o.id = r.operator_id
    WHERE NOT EXISTS (SELECT FROM core_auditlogentry a WHERE a.seq = r.seq AND a.hash = r.hash) ORDER BY 1
"""


def findings(
    *,
    at: dt.datetime,
    limits: Thresholds,
    started_at: dt.datetime | None = None,
    timetable: Timetable | None = None,
) -> list[Finding]:
    """Every condition that is true.

    `started_at`: when the process that asks began to look, as a beat that is just starting is not silent.
    """
    found = [*_scheduler(at, limits, started_at), *(check(at, limits) for check in _CHECKS)]
    if found[0] is None:  # no task is late while none is sent out
        found.append(_named(Condition.TASK_LATE, late_tasks(timetable or {}, limits, at=at)))
    return [one for one in found if one is not None]


def open_incidents() -> list[Incident]:
    return list(Incident.objects.filter(resolved_at=None))


def past_incidents(*, size: int = 50) -> list[Incident]:
    return list(Incident.objects.exclude(resolved_at=None).order_by("-resolved_at")[:size])


def last_tick() -> dt.datetime | None:
    """When a scheduled task last came to its end, well or not."""
    newest = _scheduled().aggregate(ok=Max("succeeded_at"), bad=Max("failed_at"))
    return max((moment for moment in newest.values() if moment is not None), default=None)


def _scheduled() -> QuerySet[TaskRun]:
    """Runs of tasks that beat starts."""
    return TaskRun.objects.exclude(task__startswith=BACKUP).exclude(task__startswith=LOOP)


def _scheduler(
    at: dt.datetime, limits: Thresholds, started_at: dt.datetime | None
) -> Iterator[Finding | None]:
    ticks = [moment for moment in (last_tick(), started_at) if moment is not None]
    silent = not ticks or at - max(ticks) >= minutes(limits.beat_minutes)
    yield Finding(Condition.BEAT_SILENT, 1) if silent else None
    failing = (
        _scheduled()
        .filter(failed_at__isnull=False)
        .filter(Q(succeeded_at=None) | Q(failed_at__gt=F("succeeded_at")))
    )
    names = failing.order_by("task").values_list("task", "error")
    yield _named(Condition.TASK_FAILING, [f"{task} ({error})" for task, error in names])


def _web(at: dt.datetime, limits: Thresholds) -> Finding | None:
    """Only while someone asks it: where no monitor runs, or no longer, nothing is known."""
    asked = TaskRun.objects.filter(task=WEB, failed_at__gt=at - minutes(limits.web_minutes)).first()
    if asked and silent_for(asked, at=at) > minutes(limits.web_minutes):
        return Finding(Condition.WEB_AWAY, 1, (asked.error,))
    return None


def _jobs(_at: dt.datetime, _limits: Thresholds) -> Finding | None:
    return _named(Condition.JOB_FAILED, [f"{job.kind} {job.key}" for job in jobs.failed()])


def _undelivered(_at: dt.datetime, _limits: Thresholds) -> Finding | None:
    state = OutboxMessage.State
    return _counted(
        Condition.MESSAGE_UNDELIVERED,
        OutboxMessage.objects.filter(state__in=[state.DEAD, state.UNSURE]),
        lambda rows: rows.order_by("kind").values_list("kind", flat=True).distinct(),
    )


def _outbox(at: dt.datetime, limits: Thresholds) -> Finding | None:
    return _counted(
        Condition.OUTBOX_LATE,
        late_messages(due_before=at - minutes(limits.outbox_minutes)),
        lambda rows: rows.order_by("kind").values_list("kind", flat=True).distinct(),
    )


def _evidence(at: dt.datetime, limits: Thresholds) -> Finding | None:
    before = at - minutes(limits.evidence_minutes)
    waiting = Evidence.objects.filter(state=Evidence.State.QUARANTINED, received_at__lt=before)
    return _counted(Condition.EVIDENCE_LATE, waiting)


def _webhooks(at: dt.datetime, limits: Thresholds) -> Finding | None:
    """Not those of an address that its operator paused; after the pause they count from its end."""
    before = at - minutes(limits.webhook_minutes)
    waiting = WebhookDelivery.objects.filter(
        state=WebhookDelivery.State.WAITING, endpoint__stopped_at=None, happened_at__lt=before
    )
    return _counted(
        Condition.WEBHOOK_LATE,
        waiting.filter(Q(attempts__gt=0) | Q(next_try_at__lt=before)),
        lambda rows: (
            rows.order_by("endpoint__operator__name")
            .values_list("endpoint__operator__name", flat=True)
            .distinct()
        ),
    )


def _not_built(at: dt.datetime, limits: Thresholds) -> Finding | None:
    """Monthly lists of ended months, from an hour after midnight on."""
    local = at.astimezone(JAKARTA)
    if local.day == 1 and local.hour * 60 + local.minute < limits.list_built_by_minute:
        return None
    missing = missing_lists(at=at)
    return _named(Condition.LIST_NOT_BUILT, [f"{operator.name} {month}" for operator, month in missing])


def _not_fetched(at: dt.datetime, limits: Thresholds) -> Finding | None:
    late = lists.not_fetched(at=at, after=minutes(limits.list_fetched_minutes))
    return _named(Condition.LIST_NOT_FETCHED, [_list_name(one) for one in late])


def _stopped(at: dt.datetime, limits: Thresholds) -> Finding | None:
    """Stopped lists that not even one list manager has agreed to resume."""
    stopped = BlockList.objects.filter(
        state=BlockList.State.STOPPED, resumed_by=None, built_at__lt=at - minutes(limits.list_stopped_minutes)
    ).select_related("operator")
    return _named(Condition.LIST_STOPPED, [_list_name(one) for one in stopped.order_by("built_at")])


def _holds(at: dt.datetime, limits: Thresholds) -> Finding | None:
    """Operators whose hold list lags behind, and the loop that publishes them when it is silent or fails."""
    after = minutes(limits.holds_minutes)
    late = lists.late_hold_lists(at=at, after=after)
    loop = TaskRun.objects.filter(task=FAST_LISTS).first()
    if loop is None and not HoldPolicy.objects.exists():
        return _named(Condition.HOLDS_LATE, late)
    if loop is None or silent_for(loop, at=at) > after:
        late.append(f"{FAST_LISTS} ({loop.error})" if loop and loop.error else FAST_LISTS)
    return _named(Condition.HOLDS_LATE, late)


def _expiring(at: dt.datetime, limits: Thresholds) -> Finding | None:
    """Keys and signatures that end soon or have ended: of a key until it is replaced or revoked."""
    before = at + dt.timedelta(days=limits.access_key_days)
    unreplaced = AccessKey.objects.filter(revoked_at=None, rotated_at=None, expires_at__lt=before)
    keys = unreplaced.select_related("operator")
    names = [
        f"{key.operator.name} {key.name} ({key.expires_at.astimezone(JAKARTA):%Y-%m-%d})" for key in keys
    ]
    left = {
        ROOT: dt.timedelta(days=limits.root_days),
        TARGETS: dt.timedelta(days=limits.targets_days),
        TIMESTAMP: dt.timedelta(hours=limits.timestamp_hours),
    }
    for role, expires_at in newest_metadata():
        # Pages that online keys sign live for a week, as snapshot does.
        if expires_at < at + left.get(base_role(role), dt.timedelta(hours=limits.snapshot_hours)):
            names.append(f"{role} ({expires_at.astimezone(JAKARTA):%Y-%m-%d %H:%M})")
    return _named(Condition.KEY_EXPIRES, names)


def _backups(at: dt.datetime, limits: Thresholds) -> Finding | None:
    """Acts of the backup whose last success is too long ago; nothing where no backup was set up.

    The service begins with each act at once: what never succeeded counts from the first entry of the audit
    log, since before it there was nothing to lose.
    """
    if not settings.BACKUP_RECIPIENT:
        return None
    begun = AuditLogEntry.objects.order_by("seq").values_list("at", flat=True).first()
    first = minutes(limits.backup_files_minutes)
    allowed = {
        "base": minutes(limits.backup_base_minutes),
        "files": minutes(limits.backup_files_minutes),
        "wal": minutes(limits.backup_wal_minutes),
    }
    runs = {run.task: run for run in TaskRun.objects.filter(task__startswith=BACKUP)}
    late = []
    for act, age in allowed.items():
        run = runs.get(f"{BACKUP}{act}")
        succeeded_at = run.succeeded_at if run else None
        since, allowed_age = (succeeded_at, age) if succeeded_at else (begun, min(age, first))
        if since and at - since > allowed_age:
            late.append(f"{act} ({run.error})" if run and run.error else act)
    return _named(Condition.BACKUP_LATE, late)


def _disks(_at: dt.datetime, limits: Thresholds) -> Finding | None:
    return _named(
        Condition.DISK_FULL, [str(disk) for disk in own_disks() if disk.is_low(limits.disk_free_percent)]
    )


def _audit_heads(_at: dt.datetime, _limits: Thresholds) -> Finding | None:
    """Operators whose newest reports echo a head that does not stand in the audit log (any more)."""
    with connection.cursor() as cursor:
        cursor.execute(_FOREIGN_HEADS)
        return _named(Condition.AUDIT_HEAD_DIFFERS, [name for (name,) in cursor.fetchall()])


def _account_policy(at: dt.datetime, _limits: Thresholds) -> Finding | None:
    """Changes of the last day. A demonstration's own is not one: every page of the staff site names it."""
    if AccountPolicy.current().demonstration and not settings.PRODUCTION:
        return None
    changes = AuditLogEntry.objects.filter(
        subject="account_policy:1", action=AuditAction.ACCOUNT_POLICY_CHANGE, at__gt=at - dt.timedelta(days=1)
    )
    names = [
        f"{name}: {', '.join(value) or '-' if isinstance(value, list) else value}"
        for entry in changes.order_by("seq")
        for name, value in entry.detail.items()
    ]
    return _named(Condition.ACCOUNT_POLICY, names)


def newest_metadata() -> list[tuple[str, dt.datetime]]:
    """The role and the expiry of the newest version of each page of the TUF repository."""
    rows = TufMetadata.objects.order_by("role", "-version").distinct("role")
    return list(rows.values_list("role", "expires_at"))


_CHECKS: tuple[Callable[[dt.datetime, Thresholds], Finding | None], ...] = (
    _web,
    _jobs,
    _undelivered,
    _outbox,
    _evidence,
    _webhooks,
    _not_built,
    _not_fetched,
    _stopped,
    _holds,
    _expiring,
    _backups,
    _disks,
    _audit_heads,
    _account_policy,
)


def _list_name(block_list: BlockList) -> str:
    return f"{block_list.operator.name} {lists.name_of(block_list)}"


def _named(condition: Condition, names: list[str]) -> Finding | None:
    return Finding(condition, len(names), tuple(names[:MAX_SUBJECTS])) if names else None


def _counted(
    condition: Condition,
    rows: QuerySet,  # type: ignore[type-arg]
    names: Callable[[QuerySet], Iterable[str]] | None = None,  # type: ignore[type-arg]
) -> Finding | None:
    amount = rows.count()
    if not amount:
        return None
    return Finding(condition, amount, tuple(names(rows)[:MAX_SUBJECTS]) if names else ())  # type: ignore[index]
