"""The figures that monitoring exports: ages in seconds and counts, a few indexed statements in all."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db import connection
from django.db.models import Min

from aduan.cases.clocks import SOON
from aduan.core.db import named_rows
from aduan.monitoring import queries
from aduan.monitoring.conditions import Condition
from aduan.monitoring.models import TaskRun
from aduan.notifications.queries import late_since
from aduan.operators.models import AccessKey

if TYPE_CHECKING:
    from collections.abc import Iterator

# Each row is one value: a name, the value of its label, and how many or since when.
_COUNTS = """
    SELECT 'outbox_messages' AS name, state AS label, count(*)::float AS value
    FROM notifications_outboxmessage WHERE state IN ('waiting', 'sending', 'unsure', 'dead') GROUP BY state
    UNION ALL SELECT 'webhooks_waiting', '', count(*) FROM operators_webhookdelivery WHERE state = 'waiting'
    UNION ALL SELECT 'webhooks_oldest_seconds', '',
      extract(epoch FROM %(at)s - min(CASE WHEN attempts > 0 THEN happened_at ELSE next_try_at END))
    FROM operators_webhookdelivery d JOIN operators_webhookendpoint e ON e.id = d.endpoint_id
    WHERE d.state = 'waiting' AND e.stopped_at IS NULL
    UNION ALL SELECT 'evidence_quarantined', '', count(*) FROM complaints_evidence WHERE state = 'quarantined'
    UNION ALL SELECT 'evidence_oldest_seconds', '', extract(epoch FROM %(at)s - min(received_at))
    FROM complaints_evidence WHERE state = 'quarantined'
    UNION ALL SELECT 'jobs', state, count(*) FROM core_job
    WHERE state IN ('waiting', 'running', 'failed') GROUP BY state
    UNION ALL SELECT 'jobs_oldest_seconds', '',
      extract(epoch FROM %(at)s - min(since))
    FROM (SELECT CASE WHEN attempts > 0 THEN created_at ELSE coalesce(run_after, created_at) END AS since
          FROM core_job WHERE state = 'waiting') job WHERE since <= %(at)s
    UNION ALL SELECT 'lists', state, count(*) FROM blocklists_blocklist l
    JOIN operators_operator o ON o.id = l.operator_id WHERE NOT o.is_sandbox GROUP BY state
    UNION ALL SELECT 'cases_waiting', status, count(*) FROM cases_case
    WHERE status IN ('open', 'needs_info', 'proposed', 'disputed') GROUP BY status
    UNION ALL SELECT 'cases_oldest_seconds', status, extract(epoch FROM %(at)s - min(opened_at))
    FROM cases_case WHERE status IN ('open', 'needs_info', 'proposed', 'disputed') GROUP BY status
    UNION ALL SELECT 'cases_overdue', '', count(*) FROM cases_case
    WHERE status IN ('open', 'needs_info', 'proposed', 'disputed') AND paused_at IS NULL AND due_at <= %(at)s
    UNION ALL SELECT 'cases_due_soon', '', count(*) FROM cases_case
    WHERE status IN ('open', 'needs_info', 'proposed', 'disputed') AND paused_at IS NULL
      AND due_at > %(at)s AND due_at <= %(soon)s
"""
# Exported name → what it means, and the name of its label ('' for none).
MEANINGS: dict[str, tuple[str, str]] = {
    "outbox_messages": ("Messages by state.", "state"),
    "outbox_oldest_seconds": (
        "Time since the message that waits longest was first due, unless it is refused while others leave.",
        "",
    ),
    "webhooks_waiting": ("Webhook deliveries that wait.", ""),
    "webhooks_oldest_seconds": ("Age of the oldest webhook delivery that waits.", ""),
    "evidence_quarantined": ("Evidence files that wait for their examination.", ""),
    "evidence_oldest_seconds": ("Age of the oldest evidence file in quarantine.", ""),
    "jobs": ("Durable jobs by state.", "state"),
    "jobs_oldest_seconds": ("Time since the oldest durable job that waits was first due.", ""),
    "lists": ("Block lists by state.", "state"),
    "cases_waiting": ("Cases that wait, by status.", "status"),
    "cases_oldest_seconds": ("Age of the oldest case that waits, by status.", "status"),
    "cases_overdue": ("Cases whose 24 hours are over.", ""),
    "cases_due_soon": ("Cases whose 24 hours end within four hours.", ""),
    "incident_open": ("1 while an incident of this kind is open.", "condition"),
    "beat_last_tick_seconds": ("Time since a scheduled task last came to its end.", ""),
    "task_success_seconds": ("Time since a task last succeeded.", "task"),
    "task_failing": ("1 while the last run of a task failed.", "task"),
    "access_key_expiry_seconds": (
        "Time until the next access key of an operator expires; below zero when one has.",
        "",
    ),
    "signature_expiry_seconds": ("Time until the newest metadata of a TUF role expires.", "role"),
}


@dataclass(slots=True)
class Figure:
    """One exported name: `values` by the value of its label, '' where it has none."""

    name: str
    values: dict[str, float] = field(default_factory=dict)


def exported_figures(*, at: dt.datetime) -> list[Figure]:
    """All of MEANINGS that have a value now, in that order."""
    found = {name: Figure(name) for name in MEANINGS}
    for name, label, value in (*_counted(at), *_of_messages(at), *_of_tasks(at), *_expiries(at)):
        if value is not None:
            found[name].values[label] = float(value)
    return [figure for figure in found.values() if figure.values]


def _counted(at: dt.datetime) -> Iterator[tuple[str, str, float | None]]:
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, {"at": at, "soon": at + SOON})
        rows = named_rows(cursor)
    yield from ((row["name"], row["label"], row["value"]) for row in rows)


def _of_messages(at: dt.datetime) -> Iterator[tuple[str, str, float | None]]:
    """The same messages as the incident `outbox_late` counts."""
    since = late_since(at=at)
    yield "outbox_oldest_seconds", "", (at - since).total_seconds() if since else None


def _of_tasks(at: dt.datetime) -> Iterator[tuple[str, str, float | None]]:
    present = {incident.condition for incident in queries.open_incidents()}
    yield from (("incident_open", condition, condition in present) for condition in Condition.values)
    tick = queries.last_tick()
    if tick is not None:
        yield "beat_last_tick_seconds", "", (at - tick).total_seconds()
    for run in TaskRun.objects.order_by("task"):
        if run.succeeded_at is not None:
            yield "task_success_seconds", run.task, (at - run.succeeded_at).total_seconds()
        failing = run.failed_at is not None and (not run.succeeded_at or run.failed_at > run.succeeded_at)
        yield "task_failing", run.task, failing


def _expiries(at: dt.datetime) -> Iterator[tuple[str, str, float | None]]:
    unreplaced = AccessKey.objects.filter(revoked_at=None, rotated_at=None)
    soonest = unreplaced.aggregate(soonest=Min("expires_at"))["soonest"]
    if soonest is not None:
        yield "access_key_expiry_seconds", "", (soonest - at).total_seconds()
    for role, expires_at in queries.newest_metadata():
        yield "signature_expiry_seconds", role, (expires_at - at).total_seconds()
