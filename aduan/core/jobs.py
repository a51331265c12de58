"""Durable jobs: background work that has exactly one effect, whichever process starts it and dies.

PostgreSQL is the truth; Celery, beat and cron only start a process that then asks here. A job is held in two
ways at once: by an advisory lock of the database session, which vanishes with the process that died, and by
a lease, which also ends the claim of a process that hangs. A process that takes a job over raises its
`fencing_token`; the previous one finds that out in `Lease.check`, inside its own transaction, and must give
up its work.

Leases are measured by the database's clock, so a machine whose clock jumps neither steals nor keeps a job.

    with jobs.lease("build_list", key) as lease:
        if lease is None:
            return                       # another process has it, or it is done
        with transaction.atomic():
            …                            # the effect
            lease.finish({"list": 12})   # commits with the effect, or raises LeaseLost
"""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import OperationalError, connection, transaction
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from aduan.core import request_ids
from aduan.core.db import named_rows
from aduan.core.errors import WrongState
from aduan.core.models import Job

if TYPE_CHECKING:
    from collections.abc import Iterator

_logger = logging.getLogger(__name__)
LEASE = dt.timedelta(minutes=15)
MAX_ATTEMPTS = 8
KEPT = dt.timedelta(weeks=8)  # of a job that is done
FIRST_PAUSE = dt.timedelta(seconds=30)
LOCK_CLASS = 20_261  # the advisory locks of jobs are (LOCK_CLASS, job id)
_SERIALIZATION_FAILURE = "40001"


class LeaseLost(WrongState):
    """Another process took the job over; nothing that this process writes may be committed."""

    def __init__(self) -> None:
        super().__init__("lease_lost", _("Another process has taken over this work."))


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to work on a job until another process takes it over."""

    job_id: int
    kind: str
    key: str
    fencing_token: int
    payload: dict[str, Any]
    request_id: str = ""  # of the request that enqueued it

    def check(self) -> None:
        """Inside the transaction of the effect, as late as possible: raises LeaseLost after a takeover.

        The row stays locked until the commit, so no process can take the job over in between.
        """
        try:
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT fencing_token, state FROM core_job WHERE id = %s FOR UPDATE", [self.job_id]
                )
                rows = named_rows(cursor)
        except OperationalError as error:
            if getattr(error.__cause__, "pgcode", None) == _SERIALIZATION_FAILURE:
                raise LeaseLost from error
            raise
        if rows != [{"fencing_token": self.fencing_token, "state": Job.State.RUNNING}]:
            raise LeaseLost

    def finish(self, result: dict[str, Any] | None = None) -> None:
        """Mark the job done in the transaction of its effect. Raises LeaseLost."""
        self.check()
        Job.objects.filter(pk=self.job_id).update(
            state=Job.State.DONE, result=result or {}, finished_at=now(), lease_until=None, last_error=""
        )

    def release(self, *, again_after: dt.timedelta = dt.timedelta(0)) -> None:
        """Give the job back undone, without counting it as a failure. Raises LeaseLost."""
        self.check()
        with connection.cursor() as cursor:
            cursor.execute(
                """UPDATE core_job SET state = 'waiting', lease_until = NULL, attempts = 0,
                          run_after = clock_timestamp() + make_interval(secs => %s)
                   WHERE id = %s""",
                [again_after.total_seconds(), self.job_id],
            )


def enqueue(
    kind: str,
    key: str,
    *,
    at: dt.datetime,
    payload: dict[str, Any] | None = None,
    run_after: dt.datetime | None = None,
) -> bool:
    """Add the job unless its key exists; True when it is new. May be part of any transaction."""
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO core_job (kind, key, state, payload, result, fencing_token, attempts, last_error,
                                     run_after, created_at, request_id)
               VALUES (%s, %s, 'waiting', %s, '{}', 0, 0, '', %s, %s, %s)
               ON CONFLICT (kind, key) DO NOTHING RETURNING id""",
            [kind, key, json.dumps(payload or {}), run_after, at, request_ids.current_request_id()],
        )
        return cursor.fetchone() is not None


@contextlib.contextmanager
def lease(kind: str, key: str, *, duration: dt.timedelta = LEASE) -> Iterator[Lease | None]:
    """Hold a job for the time of the block, or yield None when it is done, not yet due or in other hands.

    An error inside schedules a retry with a pause that doubles, or marks the job failed after MAX_ATTEMPTS;
    the error itself goes on to the caller. Must not be entered inside a transaction: the claim must be
    visible.
    """
    held = _acquire(kind, key, duration)
    if held is None:
        yield None
        return
    try:
        with request_ids.under_request_id(held.request_id):
            yield held
            _logger.info("job %s ended", kind)
    except LeaseLost:
        raise
    except Exception as error:
        with request_ids.under_request_id(held.request_id):
            _logger.warning("job %s failed: %s", kind, type(error).__name__)
        _retry_later(held, error)
        raise
    finally:
        _unlock(held.job_id)


def runnable_keys(kind: str, *, limit: int = 100) -> list[str]:
    """Keys of jobs that can be leased now: due ones, and running ones, whose worker may be dead."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT key FROM core_job
               WHERE kind = %s AND state IN ('waiting', 'running')
                 AND (run_after IS NULL OR run_after <= clock_timestamp())
               ORDER BY id LIMIT %s""",
            [kind, limit],
        )
        return [row[0] for row in cursor.fetchall()]


def is_open(kind: str, key: str, *, within: dt.timedelta) -> bool:
    """Whether a job that is not older than that waits or runs."""
    states = [Job.State.WAITING, Job.State.RUNNING]
    return Job.objects.filter(kind=kind, key=key, state__in=states, created_at__gte=Now() - within).exists()


def forget(kind: str, key: str, *, older_than: dt.timedelta) -> None:
    """Drops a job of that age that waits or is done, so that it can be enqueued again."""
    states = [Job.State.WAITING, Job.State.DONE]
    Job.objects.filter(kind=kind, key=key, state__in=states, created_at__lt=Now() - older_than).delete()


def now() -> dt.datetime:
    """The database's clock: the one that every machine shares, whatever became of its own."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        instant: dt.datetime = cursor.fetchone()[0]
    return instant


def delete_finished(*, at: dt.datetime) -> int:
    """Deletes jobs that were done more than `KEPT` ago. Their effects stay; failed jobs wait for a person."""
    return Job.objects.filter(state=Job.State.DONE, finished_at__lt=at - KEPT).delete()[0]


def failed() -> list[Job]:
    """Jobs that gave up: they need a person."""
    return list(Job.objects.filter(state=Job.State.FAILED).order_by("pk"))


def retry(kind: str, key: str) -> None:
    """A person lets a failed job start over. Raises WrongState when it is not failed any more."""
    changed = Job.objects.filter(kind=kind, key=key, state=Job.State.FAILED).update(
        state=Job.State.WAITING, attempts=0, run_after=None
    )
    if changed != 1:
        raise WrongState("not_failed", _("Only work that has failed can be started over."))


def _acquire(kind: str, key: str, duration: dt.timedelta) -> Lease | None:
    job_id = (
        Job.objects.filter(kind=kind, key=key, state__in=[Job.State.WAITING, Job.State.RUNNING])
        .values_list("pk", flat=True)
        .first()
    )
    if job_id is None:
        return None
    # Where its worker lives, only an elapsed lease shows that it hangs; then its session is ended, so that
    # its uncommitted writes lock nothing any more.
    lives = not _lock(job_id)
    claimed = _claim(job_id, duration, only_elapsed=lives)
    if lives and claimed is not None:
        _end_session_of(job_id)
    if claimed is not None and claimed["state"] == Job.State.FAILED:
        _logger.error("job %s was given up: its workers died or hung", kind)
        claimed, lives = None, False
    if claimed is None:
        if not lives:
            _unlock(job_id)
        return None
    payload = json.loads(claimed["payload"])
    return Lease(job_id, kind, key, claimed["fencing_token"], payload, claimed["request_id"])


def _claim(job_id: int, duration: dt.timedelta, *, only_elapsed: bool) -> dict[str, Any] | None:
    """Compare and set in one statement, by the database's clock.

    A job that is taken from a worker which died or hung has failed once more. After MAX_ATTEMPTS it is given
    up, or it would kill one worker after the other (out of memory, say) and open no incident.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """WITH due AS (
                   SELECT id, state = 'running' AND attempts >= %(most)s AS spent FROM core_job
                   WHERE id = %(id)s AND state IN ('waiting', 'running')
                     AND (run_after IS NULL OR run_after <= clock_timestamp())
                     AND (NOT %(only_elapsed)s OR (state = 'running' AND lease_until < clock_timestamp()))
                   FOR UPDATE)
               UPDATE core_job job SET fencing_token = fencing_token + 1,
                      attempts = CASE WHEN spent THEN attempts ELSE attempts + 1 END,
                      state = CASE WHEN spent THEN 'failed' ELSE 'running' END,
                      last_error = CASE WHEN spent THEN 'WorkerDied' ELSE last_error END,
                      lease_until = CASE WHEN NOT spent
                                    THEN clock_timestamp() + make_interval(secs => %(secs)s) END
               FROM due WHERE job.id = due.id
               RETURNING state, fencing_token, payload::text AS payload, request_id""",
            {
                "id": job_id,
                "most": MAX_ATTEMPTS,
                "only_elapsed": only_elapsed,
                "secs": duration.total_seconds(),
            },
        )
        claimed = named_rows(cursor)
    return claimed[0] if claimed else None


def _retry_later(held: Lease, error: Exception) -> None:
    with connection.cursor() as cursor, transaction.atomic():
        cursor.execute(
            """UPDATE core_job SET last_error = %s, lease_until = NULL,
                      state = CASE WHEN attempts >= %s THEN 'failed' ELSE 'waiting' END,
                      run_after = clock_timestamp() + make_interval(secs => %s * power(2, attempts - 1))
               WHERE id = %s AND fencing_token = %s AND state = 'running'""",
            [
                f"{type(error).__name__}: {error}"[:2000],
                MAX_ATTEMPTS,
                FIRST_PAUSE.total_seconds(),
                held.job_id,
                held.fencing_token,
            ],
        )


def _end_session_of(job_id: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT pg_terminate_backend(pid, 5000) FROM pg_locks
               WHERE locktype = 'advisory' AND classid = %s AND objid = %s AND granted
                 AND pid <> pg_backend_pid()
                 AND database = (SELECT oid FROM pg_database WHERE datname = current_database())""",
            [LOCK_CLASS, job_id],
        )
    _lock(job_id)


def _lock(job_id: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [LOCK_CLASS, job_id])
        return bool(cursor.fetchone()[0])


def _unlock(job_id: int) -> None:
    if connection.connection is None or connection.connection.closed:
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [LOCK_CLASS, job_id])
