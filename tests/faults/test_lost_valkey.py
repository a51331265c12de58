"""Valkey is killed while the part `worker` runs: it works again by itself, started anew where it has ended.

Before, the worker died once in seven losses of Valkey and stayed dead.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from celery import Celery

from aduan.core import jobs
from aduan.monitoring.models import TaskRun
from devserver import home, valkey
from portal.tasks.queues import Queue
from tests.bounds import proved
from tests.database import database_url

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]
PROJECT = Path(__file__).resolve().parents[2]


class Part:
    """`portal.tasks.workers` for one queue, started again when it ends, as compose and systemd do."""

    def __init__(self, broker: valkey.Server, log: Path) -> None:
        self.broker, self.log = broker, log
        self.environment = os.environ | {
            "DATABASE_URL": database_url(),
            "REDIS_URL": broker.url,
        }
        self.process = self._launch()
        self.sender = Celery(broker=f"redis+socket://{broker.socket}?virtual_host=0")

    def _launch(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "portal.tasks.workers", Queue.HOUSEKEEPING]
        with self.log.open("ab") as out:
            return subprocess.Popen(
                command, cwd=PROJECT, env=self.environment, stdout=out, stderr=out, start_new_session=True
            )

    def until(self, true: Callable[[], object], what: str, seconds: float = 300) -> None:
        end = time.monotonic() + seconds
        while not true():
            if self.process.poll() is not None:
                self.process = self._launch()
            assert time.monotonic() < end, f"{what}\n{self.log.read_text(errors='replace')[-3000:]}"
            time.sleep(0.1)

    def does_a_task(self) -> None:
        """Sent again and again, as beat does: one that was in Valkey when it was killed may be gone."""
        asked, sent = jobs.now(), [0.0]

        def done() -> bool:
            if time.monotonic() - sent[0] > 3:
                sent[0] = time.monotonic()
                self.sender.send_task(
                    "clear_sessions", queue=Queue.HOUSEKEEPING.broker_name, ignore_result=True
                )
            return TaskRun.objects.filter(task="clear_sessions", succeeded_at__gt=asked).exists()

        self.until(done, "the worker to work again")

    def stop(self) -> None:
        self.sender.close()
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


@pytest.fixture
def part(tmp_path: Path) -> Iterator[Part]:
    place = home.prepare(tmp_path / ".aduan")
    broker = valkey.server(place)
    broker.start()
    made = Part(broker, tmp_path / "worker.log")
    yield made
    made.stop()
    broker.destroy()
    home.forget(place)


def lose_valkey(part: Part, times: int) -> None:
    part.does_a_task()
    for turn in range(times):
        pid = int((part.broker.data / "valkey.pid").read_text(encoding="ascii"))
        os.kill(pid, signal.SIGKILL)
        time.sleep((turn % 5) * 0.4)  # away for longer and longer
        part.broker.start()
        part.does_a_task()


def test_the_worker_works_on_after_valkey_was_killed_five_times(part: Part) -> None:
    lose_valkey(part, 5)


@pytest.mark.slow
def test_the_worker_works_on_after_valkey_was_killed_fifty_times(part: Part) -> None:
    lose_valkey(part, 50)
    proved(50, "losses of Valkey after which the worker works")
