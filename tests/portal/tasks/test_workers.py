"""A flood in one queue leaves the other queues alone; a worker that dies is started again."""

from __future__ import annotations

import datetime as dt
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from aduan.celery import app
from aduan.notifications import services
from aduan.notifications.models import OutboxMessage
from devserver.processes import end
from portal.tasks.queues import ROUTES, TASKS, Queue
from portal.tasks.schedule import TIMETABLE
from portal.tasks.tasks import clear_sessions, deliver_webhooks
from portal.tasks.workers import UnknownQueue, planned
from tests.worker import Worker

FLOODS = [pytest.param(2_000, id="2000"), pytest.param(10_000, id="10000", marks=pytest.mark.slow)]
HARMLESS = {
    Queue.CODES: "send_codes",
    Queue.MAIL: "send_outbox",
    Queue.LISTS: "resume_lists",
    Queue.EVIDENCE: "process_evidence",
    Queue.HOUSEKEEPING: "clear_sessions",
}


@pytest.fixture
def workers(celery_worker: Worker, tmp_path: Path) -> Iterator[Worker]:
    """The program that `make up` and the image run, not started yet; the tests' usual worker is away."""
    celery_worker.kill()
    app.control.purge()
    ours = Worker(celery_worker.environment, tmp_path / "workers.log")
    yield ours
    if ours.process:
        end([ours.process.pid], patience=20)
        ours.process.wait()
    app.control.purge()


def start(workers: Worker) -> None:
    with workers.log.open("ab") as log:
        workers.process = subprocess.Popen(
            [sys.executable, "-m", "portal.tasks.workers"],
            env=workers.environment | {"ADUAN_WORKER_LOG_LEVEL": "INFO"},
            stdout=log,
            stderr=log,
            start_new_session=True,
        )


def waiting(queue: Queue) -> int:
    with app.connection_for_read() as broker:
        channel: Any = broker.default_channel
        return int(channel.client.llen(queue.broker_name))


@pytest.mark.parametrize("flood", FLOODS)
@pytest.mark.django_db(transaction=True)
def test_a_flood_of_webhooks_delays_nothing_else(workers: Worker, flood: int) -> None:
    """With the one queue of 0.1.0 every other task stood behind the whole flood."""
    now = timezone.now()
    Session.objects.create(session_key="ended", session_data="", expire_date=now - dt.timedelta(days=1))
    services.enqueue_message(
        "contact_code", key="code:1", to="sari@example.id", language="id", context={"code": "123456"},
        at=now - dt.timedelta(minutes=1), carries_code=True,
    )  # fmt: skip
    with app.connection_for_write() as broker, app.amqp.Producer(broker) as producer:
        for _turn in range(flood):
            deliver_webhooks.apply_async(producer=producer)
    for task in HARMLESS.values():
        app.send_task(task)
    start(workers)
    workers.until(
        lambda: all(waiting(queue) == 0 for queue in HARMLESS), "every other queue is taken up", 120
    )
    workers.until(lambda: not Session.objects.exists(), "the ended session is gone", 60)
    workers.until(lambda: OutboxMessage.objects.get().state == "sent", "the code is sent", 60)
    assert waiting(Queue.WEBHOOKS) > 0, "the flood was over before the others had their turn"


@pytest.mark.faults
@pytest.mark.django_db(transaction=True)
def test_a_worker_that_dies_is_started_again(workers: Worker) -> None:
    start(workers)
    workers.until(lambda: workers.log.read_bytes().count(b" ready.") == len(Queue), "all are ready", 120)
    assert workers.process is not None
    os.kill(_worker_of(workers.process.pid, Queue.HOUSEKEEPING), signal.SIGKILL)
    now = timezone.now()
    Session.objects.create(session_key="ended", session_data="", expire_date=now - dt.timedelta(days=1))
    # As beat does, more than once: the broker may hand the first to the process that is just dying.
    workers.until(
        lambda: clear_sessions.delay() and not Session.objects.exists(), "the new worker did it", 120
    )
    assert workers.process.poll() is None


def test_every_task_of_the_timetable_has_a_queue() -> None:
    app.loader.import_default_modules()
    assert {str(entry["task"]) for entry in TIMETABLE.values()} <= set(ROUTES)
    assert sorted(ROUTES) == sorted(task for tasks in TASKS.values() for task in tasks)
    assert {name for name in app.tasks if not name.startswith("celery.")} == set(ROUTES)


def test_slots_are_set_and_a_queue_can_run_alone() -> None:
    assert {one.queue: one.slots for one in planned([], "lists=2, evidence=4")} == {
        **dict.fromkeys(Queue, 1),
        Queue.LISTS: 2,
        Queue.EVIDENCE: 4,
    }
    assert [(one.queue, one.slots) for one in planned(["lists=3", "mail"], "mail=9")] == [
        (Queue.LISTS, 3),
        (Queue.MAIL, 1),
    ]


def test_the_part_that_signs_and_all_others_share_out_the_queues() -> None:
    """As deploy/entrypoint.sh starts them; both heed ADUAN_WORKER_SLOTS."""
    signing, others = planned(["--only=lists"], "lists=2,mail=3"), planned(["--without=lists"], "mail=3")
    assert [(one.queue, one.slots) for one in signing] == [(Queue.LISTS, 2)]
    assert {one.queue: one.slots for one in others} == {
        queue: 3 if queue == Queue.MAIL else 1 for queue in Queue if queue != Queue.LISTS
    }
    with pytest.raises(UnknownQueue):
        planned(["--without=post"], "")


@pytest.mark.parametrize("text", ["post=2", "lists=0", "lists=two", "lists=-1"])
def test_a_queue_that_does_not_exist_is_refused(text: str) -> None:
    with pytest.raises(UnknownQueue, match="codes, mail, lists"):
        planned([], text)


def _worker_of(supervisor: int, queue: Queue) -> int:
    """The process that the supervisor forked for a queue: they are forked in the order of Queue."""
    children = Path(f"/proc/{supervisor}/task/{supervisor}/children").read_text(encoding="ascii").split()
    return sorted(map(int, children))[list(Queue).index(queue)]
