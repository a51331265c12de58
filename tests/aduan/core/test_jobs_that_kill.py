"""A job whose worker dies each time is given up and said: it went on for ever, and killed the next worker."""

from __future__ import annotations

import datetime as dt
import os
import signal
from collections.abc import Callable

import pytest
from django.db import connection

from aduan.core import jobs
from aduan.core.models import Job
from aduan.monitoring.conditions import Condition, thresholds
from aduan.monitoring.queries import findings

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.faults]
KIND, KEY = "eats_all_memory", "1"


def _in_a_child(act: Callable[[], None]) -> int:
    """The signal that ended it, 0 for none."""
    connection.close()
    child = os.fork()
    if not child:
        try:
            act()
        finally:
            os._exit(0)
    return os.WTERMSIG(os.waitpid(child, 0)[1])


def _killed_by_its_work() -> None:
    with jobs.lease(KIND, KEY) as lease:
        if lease is not None:
            os.kill(os.getpid(), signal.SIGKILL)


def _until_its_lock_is_gone() -> None:
    """PostgreSQL notices a killed client in its own time."""
    held = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND classid = %s AND objid = %s"
    number = Job.objects.get(kind=KIND).pk
    while True:
        with connection.cursor() as cursor:
            cursor.execute(held, [jobs.LOCK_CLASS, number])
            if not cursor.fetchone()[0]:
                return


def _die_once() -> int:
    ended = _in_a_child(_killed_by_its_work)
    _until_its_lock_is_gone()
    return ended


def _failed(at: dt.datetime) -> list[str]:
    return [
        subject
        for one in findings(at=at, limits=thresholds())
        if one.condition == Condition.JOB_FAILED
        for subject in one.subjects
    ]


def test_it_is_given_up_after_eight_workers_and_is_an_incident(now: dt.datetime):
    jobs.enqueue(KIND, KEY, at=now)
    assert [_die_once() for _ in range(jobs.MAX_ATTEMPTS)] == [signal.SIGKILL] * jobs.MAX_ATTEMPTS
    assert _failed(now) == [], "the last of them could still be at work"
    assert _die_once() == 0, "the ninth worker was not given it"
    assert _failed(now) == [f"{KIND} {KEY}"]
    assert Job.objects.get(kind=KIND).last_error == "WorkerDied"

    jobs.retry(KIND, KEY)
    assert _failed(now) == []
    with jobs.lease(KIND, KEY) as lease:
        assert lease is not None
        lease.finish()
    assert Job.objects.get(kind=KIND).state == Job.State.DONE


def test_one_that_hangs_each_time_is_given_up_too(now: dt.datetime):
    jobs.enqueue(KIND, KEY, at=now)
    with jobs.lease(KIND, KEY) as hanging:
        assert hanging is not None
        elapsed = jobs.now() - dt.timedelta(seconds=1)
        Job.objects.update(attempts=jobs.MAX_ATTEMPTS, lease_until=elapsed)
        assert _in_a_child(_killed_by_its_work) == 0
        connection.close()  # its session was ended with its claim
        with pytest.raises(jobs.LeaseLost):
            hanging.check()
    assert _failed(now) == [f"{KIND} {KEY}"]
