"""Which scheduled tasks have not come to their end for too long.

Several processes look, each for itself, so what they count from is in the database: a task's last end, or the
moment from which it was expected. After a time in which no one looked, or in which beat was silent, none was
expected, and all of them begin anew.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from django.db import transaction

from aduan.monitoring.conditions import Thresholds, minutes
from aduan.monitoring.models import FAST_LISTS, LOOP, WEB, TaskRun

WATCH: Final = f"{LOOP}watch"
_NO_ONE_LOOKED: Final = minutes(5)  # each process that looks does so every minute
NEVER: Final = dt.datetime.min.replace(tzinfo=dt.UTC)
_ROUNDS: Final = 2  # one may be missed: another task of its queue took long


@dataclass(frozen=True, slots=True)
class Expected:
    """How far apart two runs of a task may be due, and the queue whose worker runs it."""

    period: dt.timedelta
    queue: str


Timetable = Mapping[str, Expected]


@transaction.atomic
def note_watch(timetable: Timetable, *, at: dt.datetime) -> None:
    """Someone watches now. A task that was never heard of is expected from now on."""
    known = set(TaskRun.objects.values_list("task", flat=True))
    new = [TaskRun(task=task, expected_since=at) for task in timetable if task not in known]
    TaskRun.objects.bulk_create(new, ignore_conflicts=True)
    last_watch = TaskRun.objects.filter(task=WATCH).values_list("succeeded_at", flat=True).first()
    if last_watch is None or at - last_watch > _NO_ONE_LOOKED:
        begin_anew([*timetable, WEB, FAST_LISTS], at=at)
    TaskRun.objects.update_or_create(task=WATCH, defaults={"succeeded_at": at})


def begin_anew(tasks: Iterable[str], *, at: dt.datetime) -> None:
    """None was expected until now."""
    TaskRun.objects.filter(task__in=list(tasks)).update(expected_since=at)


def silent_for(run: TaskRun, *, at: dt.datetime) -> dt.timedelta:
    """Since its last success, or since it was expected to have one."""
    return at - max(filter(None, (run.succeeded_at, run.expected_since)), default=NEVER)


def late_tasks(timetable: Timetable, limits: Thresholds, *, at: dt.datetime) -> list[str]:
    """The queue and the name of each that has missed two rounds and `task_late_minutes` more."""
    late = []
    for run in TaskRun.objects.filter(task__in=timetable).order_by("task"):
        moments = filter(None, (run.succeeded_at, run.failed_at, run.expected_since))
        allowed = _ROUNDS * timetable[run.task].period + minutes(limits.task_late_minutes)
        if at - max(moments) > allowed:
            late.append(f"{timetable[run.task].queue}: {run.task}")
    return sorted(late)
