"""Requests by route and tasks by queue, added up from many processes, without a request that waits for it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client
from prometheus_client import CollectorRegistry

from portal.common import measurements
from portal.tasks.measured import Measured, listen
from portal.tasks.tasks import clear_sessions

PROJECT = Path(__file__).resolve().parents[3]


@pytest.fixture
def registry(settings, monkeypatch) -> Iterator[CollectorRegistry]:
    """A monitor of this test alone, which this process and its children send to."""
    made = CollectorRegistry()
    settings.METRICS_SINK = f"127.0.0.1:{listen(Measured(made), '127.0.0.1:0')}"
    sink = measurements.Sink()
    monkeypatch.setattr(measurements, "_sink", sink)
    yield made
    sink.close()


def until(registry: CollectorRegistry, name: str, expected: float, **labels: str) -> None:
    end = time.monotonic() + 30
    while registry.get_sample_value(name, labels) != expected:
        assert time.monotonic() < end, [
            (s.name, s.labels, s.value) for m in registry.collect() for s in m.samples
        ]
        time.sleep(0.02)


def resolved() -> None:
    """The first measurement only asks for the address."""
    measurements.task_ended(task="x", queue="x", state="success", seconds=0)
    end = time.monotonic() + 30
    while measurements._sink._address is None and time.monotonic() < end:
        time.sleep(0.01)


@pytest.mark.django_db
def test_a_request_counts_by_route_and_never_by_its_address(
    registry: CollectorRegistry, client: Client
) -> None:
    """prometheus-client was installed and unused."""
    resolved()
    client.get("/bantuan/")
    client.get("/lacak/ADU-2611-0001/kT93-xQ_f00AbZ71mmPq4L/")
    until(registry, "aduan_http_requests_total", 1, route="public:help", method="GET", status="200")
    until(registry, "aduan_http_request_seconds_count", 1, route="public:help")
    assert not [s for m in registry.collect() for s in m.samples if "kT93" in str(s.labels)]


@pytest.mark.django_db
def test_a_task_counts_by_queue_and_result(registry: CollectorRegistry) -> None:
    resolved()
    clear_sessions.apply()
    until(registry, "aduan_tasks_total", 1, task="clear_sessions", queue="none", state="success")


def test_many_processes_are_one_sum(registry: CollectorRegistry, settings) -> None:
    program = (
        "import os, time, django; django.setup(); from portal.common import measurements as m\n"
        "m.task_ended(task='none', queue='q', state='s', seconds=0)\n"
        "while m._sink._address is None: time.sleep(0.01)\n"
        "child = os.fork()\n"  # as gunicorn and Celery do
        "if child == 0:\n"
        "    m.task_ended(task='none', queue='q', state='s', seconds=0)\n"
        "    while m._sink._address is None: time.sleep(0.01)\n"
        "for turn in range(100):\n"
        "    m.request_ended(route='public:home', method='GET', status=200, seconds=0.03)\n"
        "    time.sleep(0.001)\n"
        "if child: os.waitpid(child, 0)\n"
        "os.kill(os.getpid(), 9)\n"  # what was sent is not lost with the process
    )
    environment = os.environ | {
        "ADUAN_METRICS_SINK": settings.METRICS_SINK,
        "DJANGO_SETTINGS_MODULE": "tests.settings",
    }
    several = [
        subprocess.Popen([sys.executable, "-c", program], cwd=PROJECT, env=environment) for _ in range(2)
    ]
    for one in several:
        one.wait(120)
    until(registry, "aduan_http_requests_total", 400, route="public:home", method="GET", status="200")
    assert (
        registry.get_sample_value("aduan_http_request_seconds_bucket", {"route": "public:home", "le": "0.05"})
        == 400
    )


@pytest.mark.parametrize("sink", ["", "127.0.0.1:9", "no-such-host.invalid:9125", "nonsense"])
def test_a_monitor_that_is_away_costs_a_request_nothing(settings, monkeypatch, sink: str) -> None:
    settings.METRICS_SINK = sink
    made = measurements.Sink()
    monkeypatch.setattr(measurements, "_sink", made)
    began = time.thread_time()
    for _turn in range(1000):
        measurements.request_ended(route="public:home", method="GET", status=200, seconds=0.1)
    assert time.thread_time() - began < 2
    made.close()


@pytest.mark.parametrize(
    "datagram",
    [
        b"",
        b"nonsense",
        b"[]",
        b'{"kind": "request"}',
        b'{"kind": "other", "seconds": 1}',
        b'{"kind": "request", "route": "/lacak/x?y", "method": "GET", "status": 200, "seconds": 1}',
        b'{"kind": "task", "task": "x", "queue": "q", "state": "s", "seconds": "nan"}',
    ],
)
def test_what_is_no_measurement_is_refused(datagram: bytes) -> None:
    assert Measured(CollectorRegistry()).add(datagram) is False


def test_the_number_of_series_is_bounded(monkeypatch) -> None:
    monkeypatch.setattr("portal.tasks.measured._MAX_SERIES", 3)
    measured = Measured(CollectorRegistry())
    taken = [
        measured.add(b'{"kind": "task", "task": "t%d", "queue": "q", "state": "s", "seconds": 1}' % number)
        for number in (1, 2, 3, 4, 1)
    ]
    assert taken == [True, True, True, False, True]
