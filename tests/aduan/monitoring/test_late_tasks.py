"""A single task that does not come to its end is an incident: any other one kept it from being seen."""

from __future__ import annotations

import datetime as dt

import pytest

from aduan.accounts.models import User
from aduan.monitoring.expected import Expected
from aduan.monitoring.models import Incident
from aduan.monitoring.queries import open_incidents
from aduan.monitoring.services import record_task_run, record_web, watch
from aduan.notifications.models import OutboxMessage

pytestmark = pytest.mark.django_db
MINUTE = dt.timedelta(minutes=1)
TIMETABLE = {
    "send_outbox": Expected(MINUTE / 3, "mail"),
    "process_evidence": Expected(MINUTE / 3, "evidence"),
    "apply_range_changes": Expected(10 * MINUTE, "housekeeping"),
}


def _minutes_pass(start: dt.datetime, *minutes: int, running: tuple[str, ...]) -> None:
    """In each of them someone looks, and these tasks come to their end."""
    for minute in minutes:
        for task in running:
            record_task_run(task, error="", at=start + minute * MINUTE)
        watch(at=start + minute * MINUTE, timetable=TIMETABLE)


def _open() -> dict[str, list[str]]:
    return {incident.condition: incident.subjects for incident in open_incidents()}


def test_a_queue_that_hangs_is_an_incident_until_it_runs_again(now: dt.datetime, rini: User):
    _minutes_pass(now, 0, running=tuple(TIMETABLE))
    others = ("send_outbox", "apply_range_changes")
    _minutes_pass(now, *range(1, 16), running=others)
    assert _open() == {}
    _minutes_pass(now, 16, 17, running=others)
    assert _open() == {"task_late": ["evidence: process_evidence"]}
    assert OutboxMessage.objects.filter(kind="incident").count() == 1
    _minutes_pass(now, 18, running=tuple(TIMETABLE))
    assert _open() == {}


def test_a_task_may_miss_a_round_of_its_own_period(now: dt.datetime):
    _minutes_pass(now, 0, running=tuple(TIMETABLE))
    others = ("send_outbox", "process_evidence")
    _minutes_pass(now, *range(1, 36), running=others)
    assert _open() == {}
    _minutes_pass(now, 36, running=others)
    assert _open() == {"task_late": ["housekeeping: apply_range_changes"]}


def test_a_task_that_never_ran_is_expected_from_when_it_was_first_looked_for(now: dt.datetime):
    _minutes_pass(now, *range(16), running=("send_outbox",))
    assert _open() == {}
    _minutes_pass(now, 16, running=("send_outbox",))
    assert _open() == {"task_late": ["evidence: process_evidence"]}


def test_after_a_night_in_which_no_one_watched_none_is_late(now: dt.datetime):
    """A machine that was switched off: every task is overdue at its first look, and runs a moment later."""
    _minutes_pass(now, 0, running=tuple(TIMETABLE))
    _minutes_pass(now, *range(600, 616), running=("send_outbox",))
    assert _open() == {}
    _minutes_pass(now, 616, running=("send_outbox",))
    assert "task_late" in _open()


def test_a_silent_beat_is_one_incident_and_makes_no_task_late_afterwards(now: dt.datetime):
    _minutes_pass(now, 0, running=tuple(TIMETABLE))
    _minutes_pass(now, *range(1, 40), running=())
    assert list(_open()) == ["beat_silent"]
    _minutes_pass(now, 40, running=("send_outbox",))
    assert _open() == {}


def test_two_processes_that_watch_see_the_same(now: dt.datetime):
    """One that has just started and one that has looked for hours must not open and end it in turn."""
    _minutes_pass(now, *range(20), running=("send_outbox",))
    for second in range(0, 60, 10):
        watch(at=now + 19 * MINUTE + dt.timedelta(seconds=second), timetable=TIMETABLE, started_at=now)
    assert Incident.objects.filter(condition="task_late").count() == 1


def test_a_task_that_fails_each_time_is_failing_and_not_late(now: dt.datetime):
    for minute in range(30):
        record_task_run("process_evidence", error="OSError", at=now + minute * MINUTE)
        _minutes_pass(now, minute, running=("send_outbox", "apply_range_changes"))
    assert list(_open()) == ["task_failing"]


def test_the_portal_that_does_not_answer_is_an_incident_after_three_minutes(now: dt.datetime, rini: User):
    for minute in range(5):
        record_web(error="" if minute == 0 else "ConnectionRefusedError", at=now + minute * MINUTE)
        _minutes_pass(now, minute, running=tuple(TIMETABLE))
        assert list(_open()) == (["web_away"] if minute > 3 else [])
    assert OutboxMessage.objects.filter(kind="incident").count() == 1
    record_web(error="", at=now + 5 * MINUTE)
    _minutes_pass(now, 5, running=tuple(TIMETABLE))
    assert _open() == {}


def test_a_machine_that_starts_again_is_no_portal_that_is_away(now: dt.datetime):
    """After a night: the monitor starts a moment before `web` and the loop of urgent lists."""
    for start in (now, now + 600 * MINUTE):
        record_web(error="ConnectionRefusedError", at=start)
        _minutes_pass(start, 0, running=tuple(TIMETABLE))
        assert _open() == {}
        record_web(error="", at=start + MINUTE)
        record_task_run("loop:fast_lists", error="", at=start + MINUTE)
        _minutes_pass(start, 1, running=tuple(TIMETABLE))
        assert _open() == {}


def test_nothing_is_said_of_a_portal_that_no_one_asks_any_more(now: dt.datetime):
    """The monitor was stopped while the portal was away: it would have been away for ever."""
    record_web(error="ConnectionRefusedError", at=now)
    _minutes_pass(now, 4, running=tuple(TIMETABLE))
    assert _open() == {}
