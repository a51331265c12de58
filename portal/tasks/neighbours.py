"""What the monitor asks the parts beside it: Valkey how much waits in each queue, `web` if it answers."""

from __future__ import annotations

import http.client
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from time import monotonic
from typing import Final

import redis
import structlog
from django.conf import settings

from portal.common.broker import broker_client
from portal.tasks.queues import Queue

log = structlog.get_logger(__name__)
_DIRECTLY: Final = urllib.request.build_opener(urllib.request.ProxyHandler({}))
_PATIENCE: Final = 3.0  # seconds; Prometheus waits ten for all figures


@dataclass(frozen=True, slots=True)
class Waiting:
    """The tasks that wait in one queue. `standing`: seconds for which the same one has been the next."""

    length: int
    standing: float


@dataclass(slots=True)
class Queues:
    """Remembers which task was the next one in each queue, as the broker does not say since when it waits."""

    _next: dict[Queue, tuple[bytes, float]] = field(default_factory=dict)

    def read(self) -> dict[Queue, Waiting]:
        """Nothing when the broker is away."""
        with broker_client(seconds=2) as client:
            try:
                return {queue: self._line(client, queue) for queue in Queue}
            except redis.RedisError:
                log.warning("broker_away")
                return {}

    def _line(self, client: redis.Redis, queue: Queue) -> Waiting:
        length = int(client.llen(queue.broker_name))
        # The client's types hold for its asynchronous twin as well.
        first: bytes | None = client.lindex(queue.broker_name, -1)  # type: ignore[assignment]
        if first is None:
            self._next.pop(queue, None)
            return Waiting(length, 0.0)
        if self._next.get(queue, (b"", 0.0))[0] != first:
            self._next[queue] = (first, monotonic())
        return Waiting(length, monotonic() - self._next[queue][1])


def web_error() -> str:
    """Empty when the portal answers, otherwise what went wrong, as a word."""
    try:
        with _DIRECTLY.open(f"{settings.WEB_ADDRESS}/healthz", timeout=_PATIENCE):
            return ""
    except urllib.error.HTTPError as error:
        return f"status {error.code}"
    except (OSError, http.client.HTTPException) as error:
        reason = getattr(error, "reason", error)
        return type(reason if isinstance(reason, Exception) else error).__name__
