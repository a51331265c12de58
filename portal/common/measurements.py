"""Counts and durations of requests and tasks, sent as datagrams to the one process that Prometheus asks.

Any number of processes on any number of machines send; portal.tasks.monitor adds up. A datagram costs
microseconds, waits for no answer, and is lost while the monitor is away: no request depends on it. Off
without settings.METRICS_SINK ("host:port").
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
import threading
import time
from typing import Any, Final

from django.conf import settings

MAX_BYTES: Final = 512
_RESOLVED_FOR: Final = 60.0  # seconds: a container that is started again has another address


class Sink:
    """Where measurements go. Names are resolved in a thread: a name server that hangs delays no request."""

    def __init__(self) -> None:
        self._forget()

    def _forget(self) -> None:
        """As new: also in a forked child, which has none of its parent's threads."""
        self._address: tuple[Any, ...] | None = None
        self._family = socket.AF_INET
        self._resolved_at = float("-inf")
        self._resolving = threading.Lock()
        self._socket: socket.socket | None = None

    def close(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def send(self, measurement: dict[str, Any]) -> None:
        if not settings.METRICS_SINK:
            return
        if time.monotonic() - self._resolved_at > _RESOLVED_FOR:
            self._resolve()
        if self._address is None:
            return
        if self._socket is None:
            self._socket = socket.socket(self._family, socket.SOCK_DGRAM)
            self._socket.setblocking(False)
        with contextlib.suppress(OSError):  # none listens, or more than the buffer takes
            self._socket.sendto(json.dumps(measurement).encode()[:MAX_BYTES], self._address)

    def _resolve(self) -> None:
        if self._resolving.acquire(blocking=False):
            threading.Thread(target=self._ask, args=(settings.METRICS_SINK,), daemon=True).start()

    def _ask(self, place: str) -> None:
        try:
            host, _colon, port = place.rpartition(":")
            found = socket.getaddrinfo(host.strip("[]"), int(port), type=socket.SOCK_DGRAM)
            if found[0][0] != self._family:
                self._family, self._socket = found[0][0], None
            self._address = found[0][4]
        except (OSError, ValueError):
            self._address = None
        finally:
            self._resolved_at = time.monotonic()
            self._resolving.release()


_sink = Sink()
os.register_at_fork(after_in_child=_sink._forget)


def request_ended(*, route: str, method: str, status: int, seconds: float) -> None:
    """`route` is the name of the URL pattern, never a path."""
    _sink.send({"kind": "request", "route": route, "method": method, "status": status, "seconds": seconds})


def task_ended(*, task: str, queue: str, state: str, seconds: float) -> None:
    """`state`: success, failure, or what else Celery calls it."""
    _sink.send({"kind": "task", "task": task, "queue": queue, "state": state, "seconds": seconds})
