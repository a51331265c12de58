"""Adds up what portal.common.measurements sends: counters and histograms by route, task and queue."""

from __future__ import annotations

import json
import re
import socket
import threading
from typing import TYPE_CHECKING, Any, Final

import structlog
from prometheus_client import Counter, Histogram

from portal.common.measurements import MAX_BYTES

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry

log = structlog.get_logger(__name__)
_LABEL: Final = re.compile(r"[\w:.<>/ -]{1,80}")
_MAX_SERIES: Final = 5000  # combinations of labels; what a stranger sends must not fill the memory
_SECONDS: Final = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 120)
MEASURED: Final = (
    "aduan_http_requests_total",
    "aduan_http_request_seconds",
    "aduan_tasks_total",
    "aduan_task_seconds",
)


class Measured:
    """The sums of one monitor. Begins at zero with it, as Prometheus expects of counters."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.requests = Counter(
            MEASURED[0],
            "Requests by route, method and status.",
            ["route", "method", "status"],
            registry=registry,
        )
        self.request_seconds = Histogram(
            MEASURED[1], "Duration of requests by route.", ["route"], buckets=_SECONDS, registry=registry
        )
        self.tasks = Counter(
            MEASURED[2],
            "Tasks by name, queue and how they ended.",
            ["task", "queue", "state"],
            registry=registry,
        )
        self.task_seconds = Histogram(
            MEASURED[3], "Duration of tasks by name.", ["task"], buckets=_SECONDS, registry=registry
        )
        self._series: set[tuple[str, ...]] = set()

    def add(self, datagram: bytes) -> bool:
        """False for what is no measurement of ours."""
        try:
            found = json.loads(datagram)
            seconds = min(max(float(found["seconds"]), 0.0), 86_400.0)
            if seconds != seconds:  # not a number
                return False
            return self._add(found, seconds)
        except (ValueError, KeyError, TypeError):
            return False

    def _add(self, found: dict[str, Any], seconds: float) -> bool:
        names = {"request": ("route", "method", "status"), "task": ("task", "queue", "state")}[found["kind"]]
        labels = tuple(str(found[name]) for name in names)
        if not all(_LABEL.fullmatch(label) for label in labels) or not self._known(labels):
            return False
        if found["kind"] == "request":
            self.requests.labels(*labels).inc()
            self.request_seconds.labels(labels[0]).observe(seconds)
        else:
            self.tasks.labels(*labels).inc()
            self.task_seconds.labels(labels[0]).observe(seconds)
        return True

    def _known(self, labels: tuple[str, ...]) -> bool:
        if labels not in self._series and len(self._series) < _MAX_SERIES:
            self._series.add(labels)
        return labels in self._series


def listen(measured: Measured, place: str) -> int:
    """Takes datagrams at `host:port` in a thread of its own. Returns the port (another one for 0)."""
    host, _colon, port = place.rpartition(":")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    line = socket.socket(family, socket.SOCK_DGRAM)
    line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_194_304)
    line.bind((host.strip("[]"), int(port)))
    threading.Thread(target=_take, args=(line, measured), daemon=True).start()
    return int(line.getsockname()[1])


def _take(line: socket.socket, measured: Measured) -> None:
    while True:
        datagram = line.recv(MAX_BYTES)
        if not measured.add(datagram):
            log.warning("measurement_refused", length=len(datagram))
