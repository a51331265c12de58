"""A receiver that answers a byte at a time holds a worker for seconds, not for minutes.

Seen to fail on 0.1.0: each byte began the ten seconds of the time-out anew, and after two minutes the same
delivery was sent a second time beside the first.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import socket
import threading
import time
from collections.abc import Iterator

import pytest

from aduan.operators import safe_http, webhooks
from aduan.operators.models import WebhookDelivery, WebhookEndpoint
from tests.aduan.operators.test_webhooks import LIST, receiver, registered

pytestmark = pytest.mark.django_db
__all__ = ["receiver"]


class Trickler:
    """Takes a request and answers with one byte of a header every 50 ms, for ever."""

    def __init__(self) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}/"
        self.ended = threading.Event()
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            peer, _address = self.listener.accept()
            with peer:
                peer.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
                while not self.ended.wait(0.05):
                    peer.sendall(b"a")


@pytest.fixture
def trickler(settings) -> Iterator[Trickler]:
    settings.WEBHOOKS_TO_LOOPBACK = True
    made = Trickler()
    yield made
    made.ended.set()
    made.listener.close()
    made.thread.join(10)


def test_an_exchange_ends_at_its_deadline_however_it_trickles(trickler, monkeypatch):
    monkeypatch.setattr(safe_http, "DEADLINE", 0.5)
    start = time.monotonic()
    with pytest.raises(safe_http.Unreachable, match="timeout"):
        safe_http.post_pinned(trickler.url, b"{}", {}, loopback=True)
    assert time.monotonic() - start < safe_http.TIMEOUT / 2


def test_name_and_exchange_together_take_at_most_fifteen_seconds():
    assert safe_http.NAME_TIMEOUT + safe_http.DEADLINE <= 15


def test_one_attempt_at_a_time_is_in_flight_for_an_endpoint(dewi, receiver, now):
    endpoint, _secret = registered(dewi, receiver.url, now)
    for key in ("list:1", "list:2"):
        webhooks.enqueue(endpoint.operator, LIST, key=key, data={}, at=now)
    WebhookEndpoint.objects.update(busy_until=now + dt.timedelta(minutes=1))
    assert webhooks.deliver_due(at=now).delivered == 0
    assert receiver.taken == []
    assert webhooks.deliver_due(at=now + dt.timedelta(minutes=2)).delivered == 2


def test_an_endpoint_that_fails_rests_and_leaves_the_worker_to_others(dewi, eko, receiver, now):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}/"
    failing, _secret = registered(dewi, address, now)
    for turn in range(20):
        webhooks.enqueue(failing.operator, LIST, key=f"list:{turn}", data={}, at=now)
    good, _secret = registered(eko, receiver.url, now)
    webhooks.enqueue(good.operator, LIST, key="list:x", data={}, at=now)
    done = webhooks.deliver_due(at=now)
    assert (done.failed, done.delivered) == (5, 1)
    failing.refresh_from_db()
    assert failing.paused_until == now + dt.timedelta(minutes=1)
    assert webhooks.deliver_due(at=now + dt.timedelta(minutes=2)).failed == 1
    assert WebhookDelivery.objects.filter(endpoint=failing, state="waiting").count() == 20
