"""What the monitor asks Valkey and `web`: real servers that answer, stand still, refuse and are away."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator

import pytest
from prometheus_client import CollectorRegistry

from aduan.celery import app
from portal.common.broker import broker_client
from portal.tasks import neighbours
from portal.tasks.monitor import MachineCollector
from portal.tasks.queues import TASKS, Queue
from portal.tasks.schedule import EXPECTED, TIMETABLE


@pytest.fixture
def evidence_queue(servers: None, settings) -> Iterator[str]:
    # A worker that another test started may take a last task from the tests' own queues.
    settings.QUEUE_PREFIX = f"{settings.QUEUE_PREFIX}-no-worker"
    app.loader.import_default_modules()
    with broker_client(seconds=2) as client:
        client.delete(Queue.EVIDENCE.broker_name)
        yield Queue.EVIDENCE.broker_name
        client.delete(Queue.EVIDENCE.broker_name)


def _pop(name: str) -> None:
    with broker_client(seconds=2) as client:
        client.rpop(name)


def test_a_queue_stands_while_the_same_task_is_its_next_one(evidence_queue: str, monkeypatch):
    queues, clock = neighbours.Queues(), [0.0]
    monkeypatch.setattr(neighbours, "monotonic", lambda: clock[0])

    def line(at: float) -> tuple[int, float]:
        clock[0] = at
        found = queues.read()[Queue.EVIDENCE]
        return found.length, found.standing

    assert line(0) == (0, 0)
    for _task in range(3):
        app.send_task("process_evidence", queue=evidence_queue)
    assert line(10) == (3, 0)
    assert line(900) == (3, 890)
    app.send_task("process_evidence", queue=evidence_queue)  # what comes behind it changes nothing
    assert line(1000) == (4, 990)
    _pop(evidence_queue)
    assert line(1010) == (3, 0)
    for _task in range(3):
        _pop(evidence_queue)
    assert line(5000) == (0, 0)


def test_the_figure_of_each_queue_is_exported(evidence_queue: str):
    registry = CollectorRegistry()
    registry.register(MachineCollector())
    assert registry.get_sample_value("aduan_queue_standing_seconds", {"queue": "evidence"}) == 0
    assert registry.get_sample_value("aduan_queue_length", {"queue": "evidence"}) == 0


class _Portal(http.server.BaseHTTPRequestHandler):
    status = 200

    def do_GET(self) -> None:
        self.send_response(self.status if self.path == "/healthz" else 404)
        self.end_headers()

    def log_message(self, *_words: object) -> None: ...


def test_the_portal_answers_refuses_and_is_away(settings, monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")  # of the machine: not for the part beside it
    registry = CollectorRegistry()
    registry.register(MachineCollector())
    assert registry.get_sample_value("aduan_web_up") is None  # no one said where it is
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Portal)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    settings.WEB_ADDRESS = f"http://127.0.0.1:{server.server_port}"
    try:
        assert neighbours.web_error() == ""
        assert registry.get_sample_value("aduan_web_up") == 1
        monkeypatch.setattr(_Portal, "status", 503)
        assert neighbours.web_error() == "status 503"
    finally:
        server.shutdown()
        server.server_close()
    assert neighbours.web_error() == "ConnectionRefusedError"
    assert registry.get_sample_value("aduan_web_up") == 0


def test_every_scheduled_task_is_expected_by_its_longest_pause():
    assert set(EXPECTED) == set(TIMETABLE)
    minutes = {task: one.period.total_seconds() / 60 for task, one in EXPECTED.items()}
    assert minutes["send_codes"] * 60 == 5
    assert minutes["delete_orphaned_files"] == 20
    assert minutes["expire_blocks"] == 60
    assert minutes["publish_statistics"] == 4 * 60
    assert minutes["run_shadow_ranker"] == 21 * 60
    assert minutes["clear_sessions"] == 24 * 60
    for task, one in EXPECTED.items():
        assert task in TASKS[Queue(one.queue)]
