"""The loop of holds and removals: what one round does, and that it lives when a part of it fails."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import psycopg2
import pytest
from django.db import DatabaseError, InterfaceError, connection
from django.test.utils import CaptureQueriesContext

from aduan.accounts.models import User
from aduan.blocklists import queries
from aduan.blocklists import services as lists
from aduan.blocklists.models import ListSeries
from aduan.core import jobs
from aduan.monitoring.conditions import Condition, thresholds
from aduan.monitoring.models import FAST_LISTS, TaskRun
from aduan.monitoring.queries import findings, last_tick
from aduan.operators.models import Operator
from portal.tasks import fast_lists, workers
from portal.tasks.queues import Queue
from tests.factories import holds

pytestmark = pytest.mark.django_db
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture(autouse=True)
def own_folders(tmp_path: Path, settings) -> None:
    settings.KEYS_DIR, settings.PUBLISH_ROOT = tmp_path / "keys", tmp_path / "published"


def holds_late(at: dt.datetime) -> list[str]:
    found = findings(at=at, limits=thresholds())
    return [name for one in found if one.condition == Condition.HOLDS_LATE for name in one.subjects]


def test_one_round_publishes_a_hold_and_says_that_something_changed(
    telkomsel: Operator, budi: User, citra: User, tmp_path: Path
) -> None:
    holds.hold_rules()
    loop = fast_lists.FastLists()
    loop.go_round()
    hint = tmp_path / "published" / "versions" / "telkomsel.json"
    before, first = json.loads(hint.read_text()), hint.stat().st_mtime
    hold = holds.held(telkomsel, first=budi, second=citra, at=jobs.now() - MINUTE)
    loop.go_round()
    newest = queries.latest(telkomsel, ListSeries.HOLD)
    assert newest is not None
    assert (newest.count, newest.state) == (1, "published")
    assert json.loads(hint.read_text()) != before
    assert hint.stat().st_mtime >= first + 1, "the web server's tag of it is new"
    assert hold.ends_at is not None


def test_a_silent_loop_and_a_hold_that_is_on_no_list_are_an_incident(
    telkomsel: Operator, budi: User, citra: User
) -> None:
    now = jobs.now()
    assert holds_late(now) == [], "without rules of holds"
    holds.hold_rules()
    fast_lists.FastLists().go_round()
    assert holds_late(jobs.now()) == []
    assert holds_late(jobs.now() + 3 * MINUTE) == [FAST_LISTS]
    holds.held(telkomsel, first=budi, second=citra, at=now - 5 * MINUTE)
    assert holds_late(jobs.now()) == ["Telkomsel"]
    fast_lists.FastLists().go_round()
    assert holds_late(jobs.now()) == []
    assert last_tick() is None, "the loop is no sign of life of beat"


def test_an_act_that_fails_keeps_no_other_and_is_seen(
    telkomsel: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    holds.hold_rules()

    def broken(*, at: dt.datetime) -> int:
        raise ValueError("broken")

    monkeypatch.setattr(lists, "end_finished_holds", broken)
    broken.__name__ = "end_finished_holds"
    fast_lists.FastLists().go_round()
    assert queries.latest(telkomsel, ListSeries.HOLD) is not None
    assert TaskRun.objects.get(task=FAST_LISTS).error == "ValueError"


def test_the_part_that_signs_runs_the_loop_and_no_other_part_does() -> None:
    assert [one.name for one in workers.programs_of(workers.planned(["--only=lists"], ""))][-1] == (
        workers.FastLoop().name
    )
    others = workers.programs_of(workers.planned(["--without=lists"], ""))
    assert all(one.name != workers.FastLoop().name for one in others)
    assert Queue.LISTS not in {one.queue for one in others if isinstance(one, workers.Worker)}


@pytest.mark.django_db(transaction=True)
def test_a_connection_is_asked_once_and_a_new_one_again() -> None:
    """It was asked every second, and one that had gone ended the loop with the driver's own error."""
    loop = fast_lists.FastLists()
    facts = connection.get_connection_params() | {"cursor_factory": None}
    other = psycopg2.connect(**facts)
    other.autocommit = True
    try:
        with CaptureQueriesContext(connection) as asked:
            assert [loop.wait_for_work(0) for _turn in range(3)] == [False] * 3
        assert [one["sql"] for one in asked] == ["LISTEN cases_hold"]
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s)", [connection.connection.info.backend_pid])
        with pytest.raises((DatabaseError, InterfaceError)):
            wait_often(loop)
        connection.close()
        assert not loop.wait_for_work(0)
        with other.cursor() as cursor:
            cursor.execute("NOTIFY cases_hold")
        assert loop.wait_for_work(30)
    finally:
        other.close()


def wait_often(loop: fast_lists.FastLists) -> None:
    """The server's last words come first, the end of the line after them."""
    for _turn in range(20):
        loop.wait_for_work(1)
