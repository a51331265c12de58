"""Opens and ends incidents, and tells the people whose work it is, by e-mail through the outbox."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.utils import translation

from aduan.accounts.models import User
from aduan.accounts.roles import Role
from aduan.core import audit_log
from aduan.core.db import insert_or_ignore
from aduan.core.periods import local_date
from aduan.monitoring import expected, queries
from aduan.monitoring.conditions import (
    ADVICE,
    DEFAULT_NOTIFIED,
    NOTIFIED,
    Condition,
    Finding,
    Thresholds,
    minutes,
    thresholds,
)
from aduan.monitoring.expected import Timetable
from aduan.monitoring.models import BACKUP, WEB, Incident, TaskRun
from aduan.notifications.services import enqueue_message

if TYPE_CHECKING:
    from collections.abc import Iterable

MAIL_LANGUAGE: Final = "id"


def record_task_run(task: str, *, error: str, at: dt.datetime) -> None:
    """A task came to its end. `error` is the class of its error, empty when it succeeded."""
    changed = {"failed_at": at, "error": error} if error else {"succeeded_at": at}
    TaskRun.objects.update_or_create(task=task, defaults=changed)


def record_backup(act: str, *, error: str, at: dt.datetime) -> None:
    """An act of the backup came to its end: `base`, `files` or `wal`."""
    record_task_run(f"{BACKUP}{act}", error=error, at=at)


def record_web(*, error: str, at: dt.datetime) -> None:
    """The portal was asked whether it answers."""
    TaskRun.objects.get_or_create(task=WEB, defaults={"expected_since": at})
    record_task_run(WEB, error=error, at=at)


def watch(
    *, at: dt.datetime, started_at: dt.datetime | None = None, timetable: Timetable | None = None
) -> list[Finding]:
    """Bring the incidents up to what is true now; any number of processes may do so at once.

    `started_at`: see `queries.findings`. Returns what is true.
    """
    limits, timetable = thresholds(), timetable or {}
    expected.note_watch(timetable, at=at)
    found = queries.findings(at=at, limits=limits, started_at=started_at, timetable=timetable)
    if any(finding.condition == Condition.BEAT_SILENT for finding in found):
        expected.begin_anew(timetable, at=at)
    for finding in found:
        _keep_open(finding, limits, at=at)
    over = Incident.objects.filter(resolved_at=None).exclude(condition__in=[one.condition for one in found])
    over.update(resolved_at=at)
    return found


@transaction.atomic
def _keep_open(finding: Finding, limits: Thresholds, *, at: dt.datetime) -> None:
    """One open incident a condition, and its mail when one is due, in one transaction."""
    insert_or_ignore(Incident(condition=finding.condition, amount=finding.amount, opened_at=at, seen_at=at))
    incident = (
        Incident.objects.select_for_update().filter(condition=finding.condition, resolved_at=None).first()
    )
    if incident is None:  # another process has just ended it
        return
    incident.amount, incident.subjects, incident.seen_at = finding.amount, list(finding.subjects), at
    if _mail_is_due(incident, limits, at) and _notify(incident, at=at):
        incident.notified_at, incident.notified_amount = at, finding.amount
    incident.save()


def _mail_is_due(incident: Incident, limits: Thresholds, at: dt.datetime) -> bool:
    """The first time; then after an hour when more is concerned, and after a day in any case.

    An incident that ended and came back within the hour is mailed about once.
    """
    last = (
        Incident.objects.filter(condition=incident.condition, notified_at__isnull=False)
        .order_by("-notified_at")
        .values_list("notified_at", flat=True)
        .first()
    )
    if last is None:
        return True
    if at - last < minutes(limits.mail_minutes):
        return False
    grew = incident.amount > incident.notified_amount
    return incident.notified_at is None or grew or at - last >= minutes(limits.mail_again_minutes)


def _notify(incident: Incident, *, at: dt.datetime) -> int:
    """How many were written to; no one while the first administrators have not been made."""
    condition = Condition(incident.condition)
    with translation.override(MAIL_LANGUAGE):
        context = {
            "incident": str(condition.label),
            "advice": str(ADVICE[condition]),
            "amount": incident.amount,
            "subjects": ", ".join(incident.subjects),
        }
    people = list(_people(NOTIFIED.get(condition, DEFAULT_NOTIFIED)))
    for person in people:
        enqueue_message(
            "incident",
            key=f"incident:{incident.pk}:{int(at.timestamp())}:{person.pk}",
            to=person.email,
            language=MAIL_LANGUAGE,
            context=context,
            at=at,
            expires_at=at + dt.timedelta(days=1),
        )
    return len(people)


@transaction.atomic
def send_audit_head(*, at: dt.datetime) -> int:
    """One letter a day with the audit log's head to each auditor: a copy where no one here can write.

    Returns how many are new, however often it is called.
    """
    head = audit_log.head()
    if head is None:
        return 0
    return sum(
        enqueue_message(
            "audit_head",
            key=f"audit_head:{local_date(at)}:{person.pk}",
            to=person.email,
            language=MAIL_LANGUAGE,
            context={"seq": str(head.seq), "hash": head.hash, "day": f"{local_date(at):%Y-%m-%d}"},
            at=at,
            expires_at=at + dt.timedelta(days=3),
        )
        for person in _people(frozenset({Role.AUDITOR}))
    )


def _people(roles: frozenset[str]) -> Iterable[User]:
    return User.objects.filter(is_active=True, roles__overlap=sorted(roles)) if roles else ()
