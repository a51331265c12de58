"""A real Celery worker: its own process, the run's Valkey, the test's database.

Tests that use it need `@pytest.mark.django_db(transaction=True)`, as the worker sees only what is committed.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from aduan.celery import app
from tests.database import database_url


@dataclass
class Worker:
    """The handle a test gets. Kill it, start it again, wait for what it does."""

    environment: dict[str, str]
    log: Path
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        program = str(Path(sys.executable).with_name("celery"))
        command = [program, "-A", "aduan", "worker", "--concurrency", "1", "--loglevel", "INFO"]
        mark = self.log.stat().st_size if self.log.exists() else 0
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command, env=self.environment, stdout=log, stderr=log, start_new_session=True
            )
        self.until(lambda: b" ready." in self.log.read_bytes()[mark:], "the worker is ready", 30)

    def kill(self) -> None:
        """SIGKILL to the worker and its pool, as when a machine dies."""
        if self.process:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def stop(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(timeout=15)
            except subprocess.TimeoutExpired:
                self.kill()

    def until(self, true: Callable[[], object], what: str, seconds: float = 20) -> None:
        """Wait until `true()`; fails the test with the worker's log when that takes longer than `seconds`."""
        deadline = time.monotonic() + seconds
        while not true():
            if time.monotonic() > deadline:
                said = (
                    self.log.read_text(encoding="utf-8", errors="replace")[-3000:]
                    if self.log.exists()
                    else ""
                )
                pytest.fail(f"waited {seconds:.0f} s in vain until {what}\n{said}")
            time.sleep(0.05)


@pytest.fixture(scope="session")
def worker_process(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Worker]:
    """Started once a session: it takes seconds."""
    worker = Worker(
        environment=os.environ | {"DATABASE_URL": database_url()},
        log=tmp_path_factory.mktemp("worker") / "worker.log",
    )
    worker.start()
    yield worker
    worker.stop()


@pytest.fixture
def celery_worker(worker_process: Worker) -> Worker:
    """A running worker with nothing left to do from an earlier test."""
    app.control.purge()
    if worker_process.process is None or worker_process.process.poll() is not None:
        worker_process.start()
    return worker_process
