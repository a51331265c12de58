"""The shared cache (Valkey) under a budget: a hung server costs a request a fraction of a second, once.

What is in it only limits and hints, so callers go on without it. After a command that failed, and after
commands that together took longer than the budget, none is tried for OPEN_SECONDS: each fails at once.
"""

from __future__ import annotations

import threading
from time import monotonic
from typing import Any, Final

import redis
from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis.backoff import NoBackoff
from redis.retry import Retry

BUDGET_SECONDS: Final = 0.3  # for connecting and all commands of one request; OPTIONS may name another
OPEN_SECONDS: Final = 15.0


class Circuit:
    """Open (no command is tried) or closed; one a server and process."""

    def __init__(self, budget: float = BUDGET_SECONDS) -> None:
        self.budget = budget
        self._open_until = 0.0
        self._spent = threading.local()

    def refuse_when_open(self) -> None:
        if monotonic() < self._open_until:
            raise redis.ConnectionError("the shared cache was away a moment ago; it is not asked now")

    def note(self, began: float, *, failed: bool) -> None:
        """How long a command took; slow ones within a second of each other are added up, thread by thread."""
        now = monotonic()
        since, spent = getattr(self._spent, "facts", (began, 0.0))
        if began - since > 1.0:
            since, spent = began, 0.0
        self._spent.facts = (since, spent + now - began)
        if failed or spent + now - began > self.budget:
            self._open_until = now + OPEN_SECONDS


_circuits: dict[str, Circuit] = {}


class _Client(redis.Redis):
    circuit: Circuit

    def execute_command(self, *args: Any, **options: Any) -> Any:
        self.circuit.refuse_when_open()
        began, failed = monotonic(), True
        try:
            answer = super().execute_command(*args, **options)  # type: ignore[no-untyped-call]
            failed = False
        except redis.ResponseError:
            failed = False  # it answers
            raise
        finally:
            self.circuit.note(began, failed=failed)
        return answer


class _Clients(RedisCacheClient):
    def __init__(self, servers: list[str], *, budget: float = BUDGET_SECONDS, **options: Any) -> None:
        limits = {"socket_timeout": budget / 2, "socket_connect_timeout": budget / 2}
        super().__init__(servers, **({"retry": Retry(NoBackoff(), 0)} | limits | options))
        circuit = _circuits.setdefault(",".join(servers), Circuit(budget))
        self._client = type("Client", (_Client,), {"circuit": circuit})


class SharedCache(RedisCache):
    """`django.core.cache.backends.redis.RedisCache` with the budget."""

    def __init__(self, server: str | list[str], params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = _Clients
