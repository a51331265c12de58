"""Every log line of a task carries the task's name and how long it has been running."""

from __future__ import annotations

import time
from typing import Any

import structlog
from django.dispatch import receiver
from django_structlog.celery.signals import bind_extra_task_metadata

from portal.common.logs import STARTED


@receiver(bind_extra_task_metadata)
def bind_start(task: Any = None, **_rest: Any) -> None:
    structlog.contextvars.bind_contextvars(
        **{STARTED: time.monotonic_ns(), "task": getattr(task, "name", "")}
    )
