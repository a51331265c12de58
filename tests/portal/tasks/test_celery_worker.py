"""The clock works for real: broker, worker process and database are those of production, only smaller."""

import datetime as dt

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from aduan.celery import app
from aduan.monitoring.models import TaskRun
from portal.tasks.schedule import DROPPED, TIMETABLE
from portal.tasks.tasks import clear_sessions
from tests.worker import Worker


def _sessions(now: dt.datetime) -> None:
    for name, age in (("ended", dt.timedelta(days=-1)), ("current", dt.timedelta(hours=1))):
        Session.objects.create(session_key=name, session_data="", expire_date=now + age)


@pytest.mark.django_db(transaction=True)
def test_a_task_runs_in_the_worker(celery_worker: Worker) -> None:
    _sessions(timezone.now())
    clear_sessions.delay()
    celery_worker.until(lambda: Session.objects.count() == 1, "the ended session is gone")
    assert Session.objects.get().session_key == "current"


@pytest.mark.django_db(transaction=True)
def test_a_task_that_comes_too_late_by_the_workers_clock_is_no_secret(celery_worker: Worker) -> None:
    """With beat and worker two seconds apart no picture was ever read, and nothing said so."""
    clear_sessions.apply_async(expires=timezone.now() - dt.timedelta(seconds=1))
    dropped = TaskRun.objects.filter(task="clear_sessions", error="Expired", succeeded_at=None)
    celery_worker.until(dropped.exists, "the dropped task is noted")


def test_clocks_that_differ_by_minutes_drop_no_task() -> None:
    options = [entry["options"] for entry in TIMETABLE.values() if "options" in entry]
    assert options == [DROPPED] * len(options) != []
    assert DROPPED["expires"] >= 600


@pytest.mark.faults
@pytest.mark.django_db(transaction=True)
def test_a_task_sent_while_no_worker_runs_is_done_later(celery_worker: Worker) -> None:
    celery_worker.kill()
    _sessions(timezone.now())
    clear_sessions.delay()
    assert Session.objects.count() == 2
    celery_worker.start()
    celery_worker.until(lambda: Session.objects.count() == 1, "the new worker did it")


def test_every_entry_of_the_timetable_names_a_task() -> None:
    app.loader.import_default_modules()
    assert {str(entry["task"]) for entry in TIMETABLE.values()} <= set(app.tasks)


def test_an_entry_of_the_timetable_has_the_name_of_its_task() -> None:
    """Beat's log names the entry: what it says can be searched for in the code."""
    assert {name: entry["task"] for name, entry in TIMETABLE.items()} == {name: name for name in TIMETABLE}
