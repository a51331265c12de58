"""What is noted of each task: its name and duration in every log line, and when it last came to its end."""

from __future__ import annotations

import time
from typing import Any

import structlog
from celery.signals import task_failure, task_postrun, task_prerun, task_revoked, task_success
from django.db import DatabaseError
from django.dispatch import receiver
from django_structlog.celery.signals import bind_extra_task_metadata

from aduan.core import jobs
from aduan.monitoring import services
from portal.common import measurements
from portal.common.logs import STARTED

log = structlog.get_logger(__name__)


@receiver(bind_extra_task_metadata)
def bind_start(task: Any = None, **_rest: Any) -> None:
    structlog.contextvars.bind_contextvars(
        **{STARTED: time.monotonic_ns(), "task": getattr(task, "name", "")}
    )


def note_success(sender: Any = None, **_rest: Any) -> None:
    _note(sender, error="")


def note_failure(sender: Any = None, exception: BaseException | None = None, **_rest: Any) -> None:
    _note(sender, error=type(exception).__name__)


def note_expiry(sender: Any = None, expired: bool = False, **_rest: Any) -> None:
    """Dropped as too late by this machine's clock: the worker is behind, or its clock is not that of beat."""
    if expired:
        log.warning("task_expired", task=getattr(sender, "name", ""))
        _note(sender, error="Expired")


def _note(task: Any, *, error: str) -> None:
    """The end of a task, for the incidents. A database that is away must not make a finished task fail."""
    name = getattr(task, "name", "")
    try:
        services.record_task_run(name, error=error, at=jobs.now())
    except DatabaseError:
        log.warning("task_run_not_recorded", task=name)


def note_start(task: Any = None, **_rest: Any) -> None:
    task.request.measured_from = time.monotonic_ns()


def note_duration(sender: Any = None, task: Any = None, state: Any = "", **_rest: Any) -> None:
    """For Prometheus: which task, how it ended, after how long."""
    started = getattr(task.request, "measured_from", None)
    if started is None:
        return
    facts = task.request.delivery_info or {}
    measurements.task_ended(
        task=str(getattr(sender, "name", "")),
        queue=str(facts.get("routing_key") or "none"),
        state=str(state or "none").lower(),
        seconds=(time.monotonic_ns() - started) / 1e9,
    )


task_prerun.connect(note_start)
task_postrun.connect(note_duration)
task_success.connect(note_success)
task_failure.connect(note_failure)
task_revoked.connect(note_expiry)
