"""A Valkey that accepts and never answers: a complaint is taken in, and waits for it once."""

from __future__ import annotations

import socketserver
import threading
import time
from collections.abc import Iterator

import pytest
import redis
from django.core.cache import cache
from django.test import Client

from aduan.complaints.models import Complaint
from portal.common import shared_cache
from tests.journeys.browser_client import hidden


class Hung(socketserver.ThreadingTCPServer):
    """Counts commands and answers none."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Silence)
        self.commands: list[bytes] = []
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()

    def asked(self, expected: int) -> int:
        """How many commands came, once the expected ones have been read (or five seconds have passed)."""
        end = time.monotonic() + 5
        while len(self.commands) < expected and time.monotonic() < end:
            time.sleep(0.01)
        return len(self.commands)


class _Silence(socketserver.BaseRequestHandler):
    server: Hung

    def handle(self) -> None:
        while said := self.request.recv(65536):
            self.server.commands.append(said)


@pytest.fixture
def hung(settings) -> Iterator[Hung]:
    server = Hung()
    settings.CACHES = {
        "default": settings.CACHES["default"]
        | {"LOCATION": f"redis://127.0.0.1:{server.server_address[1]}", "OPTIONS": {}}
    }
    yield server
    server.shutdown()
    server.server_close()


@pytest.mark.django_db
def test_a_complaint_waits_once_for_all_its_limits(client: Client, hung: Hung) -> None:
    """Each of some twenty commands waited for itself: 20 seconds for a complaint."""
    key = hidden(client.get("/lapor/").content.decode(), "key")
    fields = {
        "key": key, "channel": "sms", "category": "HADIAH", "number": "0812-7000-4321", "action": "send",
        "narrative": "Saya menang undian dan harus membayar pajak hadiah dahulu.",
    }  # fmt: skip
    assert client.post("/lapor/", fields).status_code == 302
    assert Complaint.objects.count() == 1
    assert len(hung.commands) <= 1
    assert shared_cache.BUDGET_SECONDS <= 0.3


def test_it_is_asked_again_after_a_while(hung: Hung, monkeypatch) -> None:
    now = [1000.0]
    monkeypatch.setattr(shared_cache, "monotonic", lambda: now[0])
    for moment, asked in ((0.0, 1), (1.0, 1), (shared_cache.OPEN_SECONDS, 2)):
        now[0] = 1000.0 + moment
        with pytest.raises(redis.RedisError):
            cache.get("x")
        assert hung.asked(asked) == asked


def test_slow_answers_are_added_up(monkeypatch) -> None:
    now = [1000.0]
    monkeypatch.setattr(shared_cache, "monotonic", lambda: now[0])
    circuit = shared_cache.Circuit()
    for _command in range(3):
        circuit.refuse_when_open()
        began, now[0] = now[0], now[0] + 0.11
        circuit.note(began, failed=False)
    with pytest.raises(redis.ConnectionError):
        circuit.refuse_when_open()
    now[0] += shared_cache.OPEN_SECONDS
    circuit.refuse_when_open()
