"""A member of staff restarts failed background work. Here, because core and notifications know no users."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from aduan.accounts.models import User
from aduan.accounts.roles import Permission
from aduan.core import audit_log, jobs
from aduan.core.audit_actions import AuditAction
from aduan.core.models import Job
from aduan.notifications import services as notifications
from aduan.notifications.models import OutboxMessage


@transaction.atomic
def retry_job(job: Job, *, by: User, at: dt.datetime) -> None:
    """Lets a failed job begin again. Raises WrongState when it is not (any more) failed."""
    by.require(Permission.MANAGE_BACKGROUND_JOBS)
    jobs.retry(job.kind, job.key)
    audit_log.record(
        AuditAction.JOB_RETRY,
        actor=f"user:{by.pk}",
        subject=f"job:{job.pk}",
        at=at,
        detail={"kind": job.kind},
    )


@transaction.atomic
def resend_message(message: OutboxMessage, *, by: User, at: dt.datetime) -> None:
    """Lets a message leave once more that was given up or may be lost. Raises WrongState for any other."""
    by.require(Permission.MANAGE_BACKGROUND_JOBS)
    notifications.resend(message, at=at)
    audit_log.record(
        AuditAction.MESSAGE_RESEND,
        actor=f"user:{by.pk}",
        subject=f"message:{message.pk}",
        at=at,
        detail={"kind": message.kind},
    )
