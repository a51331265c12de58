"""FT7, FT8: a Valkey that lost everything, remembers what was done long ago, or is full."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import redis
from celery import Celery
from django.core.cache import cache
from django.test import Client

import aduan.settings
from aduan.accounts.models import User
from aduan.complaints.models import Complaint
from aduan.core import jobs
from aduan.monitoring.models import TaskRun
from aduan.notifications import services as notifications
from aduan.notifications.models import OutboxMessage
from devserver import home, valkey
from portal.common.shared_cache import BUDGET_SECONDS
from portal.tasks.queues import Queue
from tests.database import database_url
from tests.factories.accounts import PASSWORD
from tests.portal.public.forms import filled
from tests.smtp_sink import Sink

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]
PROJECT = Path(__file__).resolve().parents[2]


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[valkey.Server]:
    place = home.prepare(tmp_path / ".aduan")
    made = valkey.server(place)
    made.start()
    yield made
    made.destroy()
    home.forget(place)


@pytest.fixture
def sink() -> Iterator[Sink]:
    made = Sink()
    yield made
    made.stop()


class MailWorker:
    """The worker of the queue `mail`, and beat's wishes sent by hand."""

    def __init__(self, broker: valkey.Server, sink: Sink, log: Path) -> None:
        self.environment = os.environ | {
            "DATABASE_URL": database_url(),
            "REDIS_URL": broker.url,
            "ADUAN_EMAIL_URL": f"smtp://127.0.0.1:{sink.port}",
        }
        self.log = log
        self.client = redis.Redis(unix_socket_path=str(broker.socket))
        self.sender = Celery(broker=f"redis+socket://{broker.socket}?virtual_host=0")
        self.process: subprocess.Popen[bytes] | None = None

    def wish(self, times: int = 1) -> None:
        for _turn in range(times):
            self.sender.send_task("send_outbox", queue=Queue.MAIL.broker_name, ignore_result=True)

    def work(self) -> None:
        with self.log.open("ab") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "portal.tasks.workers", Queue.MAIL],
                cwd=PROJECT, env=self.environment, stdout=out, stderr=out, start_new_session=True,
            )  # fmt: skip

    def end(self) -> None:
        if self.process:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def until(self, true: Callable[[], object], what: str, seconds: float = 300) -> None:
        end = time.monotonic() + seconds
        while not true():
            if self.process and self.process.poll() is not None:
                self.work()  # as compose and systemd do
            assert time.monotonic() < end, f"{what}\n{self.log.read_text(errors='replace')[-3000:]}"
            time.sleep(0.1)


@pytest.fixture
def mail_worker(broker: valkey.Server, sink: Sink, tmp_path: Path) -> Iterator[MailWorker]:
    made = MailWorker(broker, sink, tmp_path / "worker.log")
    yield made
    made.end()
    made.sender.close()
    made.client.close()


def post(key: str) -> None:
    notifications.enqueue_message(
        "case_ask", key=key, to=f"{key}@example.id", language="id", at=jobs.now(), topic="complaint:2",
        context={"ticket": "AN-23467-ACDEF", "secret": "s3cr3t", "disposition": "review", "silent_count": 2},
    )  # fmt: skip


def all_sent() -> bool:
    return not OutboxMessage.objects.exclude(state=OutboxMessage.State.SENT).exists()


def test_wishes_of_an_old_log_are_done_again_and_nothing_is_sent_twice(
    broker: valkey.Server, sink: Sink, mail_worker: MailWorker, tmp_path: Path
) -> None:
    post("satu")
    mail_worker.wish(3)
    broker.stop()
    shutil.copytree(broker.data, tmp_path / "old")
    broker.start()
    mail_worker.work()
    mail_worker.until(all_sent, "the letter to be sent")
    mail_worker.end()
    broker.stop()
    shutil.rmtree(broker.data / "appendonlydir")
    shutil.copytree(tmp_path / "old/appendonlydir", broker.data / "appendonlydir")
    broker.account.own(broker.data)
    for path in (broker.data / "appendonlydir").rglob("*"):
        broker.account.own(path)
    broker.account.own(broker.data / "appendonlydir")
    broker.start()
    assert mail_worker.client.llen(Queue.MAIL.broker_name) == 3
    mail_worker.work()
    mail_worker.until(
        lambda: not mail_worker.client.llen(Queue.MAIL.broker_name), "the old wishes to be done"
    )
    begun = jobs.now()
    mail_worker.wish()
    mail_worker.until(
        lambda: TaskRun.objects.filter(task="send_outbox", succeeded_at__gt=begun).exists(),
        "a run after them",
    )
    assert len(sink.taken) == 1


def test_after_everything_in_it_was_lost_the_next_tick_sends_what_is_due_once(
    sink: Sink, mail_worker: MailWorker
) -> None:
    post("dua")
    mail_worker.wish(3)
    mail_worker.client.flushall()
    mail_worker.work()
    mail_worker.wish(2)
    mail_worker.until(all_sent, "the letter to be sent")
    mail_worker.client.flushall()  # under a worker that listens
    post("tiga")
    mail_worker.wish()
    mail_worker.until(all_sent, "the next one too")
    assert sorted(letter["To"] for letter in sink.taken) == ["dua@example.id", "tiga@example.id"]


def test_a_full_valkey_refuses_no_complaint(broker: valkey.Server, settings, telkomsel) -> None:
    settings.CACHES = {
        "default": settings.CACHES["default"] | {"LOCATION": f"unix://{broker.socket}", "OPTIONS": {}}
    }
    with redis.Redis(unix_socket_path=str(broker.socket)) as client:
        client.config_set("maxmemory", "100kb")  # less than it has in use
    with pytest.raises(redis.ResponseError, match="maxmemory"):
        cache.set("z", "z")
    assert Client(raise_request_exception=False).post("/lapor/", filled()).status_code == 302
    assert Complaint.objects.count() == 1


def test_a_slow_command_of_a_page_keeps_no_one_from_logging_in(
    broker: valkey.Server, settings, budi: User
) -> None:
    """One command of 0.3 s and log-ins answered 503 for a quarter of a minute, on any busy day."""
    there = {"LOCATION": f"unix://{broker.socket}"}
    settings.CACHES = {
        "default": settings.CACHES["default"] | there | {"OPTIONS": {}},
        "log_ins": settings.CACHES["log_ins"] | there,
    }
    with redis.Redis(unix_socket_path=str(broker.socket)) as client:
        client.client_pause(60_000, all=False)  # writes only, or it would not hear that it is over
        with pytest.raises(redis.TimeoutError):
            cache.set("x", "x")
        client.client_unpause()
    with pytest.raises(redis.ConnectionError, match="not asked now"):
        cache.set("x", "x")
    answer = Client().post("/akun/login/", {"login": budi.email, "password": PASSWORD})
    assert answer.status_code == 302
    with redis.Redis(unix_socket_path=str(broker.socket)) as client:
        assert [key for key in client.scan_iter() if b":rl:" in key], "nothing was counted"


def test_log_ins_wait_for_seconds_and_no_longer() -> None:
    assert 10 * BUDGET_SECONDS <= aduan.settings.CACHES["log_ins"]["OPTIONS"]["budget"] <= 5
