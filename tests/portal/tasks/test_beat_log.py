"""Beat wrote 10 KB each second while Valkey was away."""

from __future__ import annotations

import logging
import time

import pytest
from celery import Celery
from celery.beat import ScheduleEntry, Scheduler
from celery.schedules import schedule

from portal.common.logs import OneLineAnOutage


def test_a_broker_that_is_away_is_one_line_then_ever_fewer_and_the_next_outage_is_said_again(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A real scheduler of beat, whose broker is a port at which no one listens."""
    assert any(isinstance(one, OneLineAnOutage) for one in logging.getLogger("celery.beat").filters)
    app = Celery(broker="redis://127.0.0.1:1/0", set_as_current=False)
    app.conf.update(task_publish_retry=False, broker_transport_options={"max_retries": 0})
    scheduler, clock = Scheduler(app, lazy=True), time.monotonic()
    entry = ScheduleEntry(name="watch", task="watch", schedule=schedule(1.0), app=app)
    lines: list[int] = []
    with caplog.at_level(logging.ERROR, "celery.beat"):
        for second in (0, 1, 59, 61, 100, 180, 182, 300, 421, 423, 1000):
            monkeypatch.setattr("portal.common.logs.time.monotonic", lambda now=clock + second: now)
            caplog.clear()
            scheduler.apply_entry(entry, producer=app.amqp.Producer(app.connection_for_write()))
            lines += [second for record in caplog.records if record.name == "celery.beat"]
            assert all(len(record.getMessage()) < 300 and not record.exc_info for record in caplog.records)
    assert lines == [0, 61, 182, 423, 1000]
