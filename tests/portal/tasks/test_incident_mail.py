"""The mail about an incident leaves without beat, without a worker and without Valkey, and it leaves once."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from aduan.accounts.models import User
from aduan.monitoring.services import record_task_run
from aduan.notifications.models import OutboxMessage
from aduan.notifications.services import enqueue_message
from portal.tasks.monitor import watch_once
from scripts.checks.sources import PROJECT
from tests.database import database_url
from tests.smtp_sink import Sink


@pytest.fixture
def sink() -> Iterator[Sink]:
    server = Sink()
    yield server
    server.stop()


@contextmanager
def _monitor(log: Path, sink: Sink) -> Iterator[subprocess.Popen[bytes]]:
    changed = {
        "DATABASE_URL": database_url(),
        "REDIS_URL": "redis://127.0.0.1:1",
        "ADUAN_METRICS_PORT": "0",
        "ADUAN_EMAIL_URL": f"smtp://127.0.0.1:{sink.port}",
    }
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "portal.tasks.monitor"], env=os.environ | changed, cwd=PROJECT, stderr=out
        )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


@pytest.mark.faults
@pytest.mark.django_db(transaction=True)
def test_without_valkey_the_monitors_send_the_mail_once(
    tmp_path: Path, sink: Sink, rini: User, now: dt.datetime
) -> None:
    """It was left to a worker, which is asked through the very thing that is away."""
    record_task_run("build_interim_lists", error="KeyError", at=now)
    logs = [tmp_path / f"{place}.log" for place in range(2)]
    with ExitStack() as running:
        processes = [running.enter_context(_monitor(log, sink)) for log in logs]
        deadline = time.monotonic() + 120
        # Each asks a worker for the rest after it has sent its own.
        while not all(b"broker_away" in log.read_bytes() for log in logs):
            assert all(process.poll() is None for process in processes), [log.read_text() for log in logs]
            assert time.monotonic() < deadline, [log.read_text() for log in logs]
            time.sleep(0.1)
    [letter] = sink.taken
    assert letter["To"] == rini.email
    assert "Gangguan" in letter["Subject"]
    assert OutboxMessage.objects.get().state == "sent"


@pytest.mark.faults
@pytest.mark.django_db
def test_a_mail_server_that_hangs_does_not_stop_the_monitor(rini: User, sink: Sink, settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", sink.port, 1
    settings.REDIS_URL = "redis://127.0.0.1:1"
    sink.mode, sink.slowness = "slow", 3
    watch_once(dt.datetime.now(dt.UTC) - dt.timedelta(minutes=6))
    row = OutboxMessage.objects.get()
    assert (row.state, row.attempts) == ("waiting", 1)


@pytest.mark.django_db
def test_the_monitor_sends_nothing_else(rini: User, settings, now: dt.datetime) -> None:
    """Codes and letters to citizens are for the workers, which send each kind at its own pace."""
    for kind in ("contact_code", "case_ask"):
        enqueue_message(
            kind, key=kind, to="sari@contoh.example", language="id", context={}, at=now,
            carries_code=kind == "contact_code",
        )  # fmt: skip
    watch_once(dt.datetime.now(dt.UTC) - dt.timedelta(minutes=6))
    states = dict(OutboxMessage.objects.values_list("kind", "state"))
    assert states == {"contact_code": "waiting", "case_ask": "waiting", "incident": "sent"}
