"""The shared cache (Valkey) under a budget: a hung server costs a request a fraction of a second, once.

What is in it only limits and hints, so callers go on without it. After a command that failed, and after
commands that together took longer than the budget, none is tried for OPEN_SECONDS: each fails at once.
"""

from __future__ import annotations

import threading
from time import monotonic
from typing import Any, Final, cast

import redis
from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis.backoff import NoBackoff
from redis.retry import Retry

BUDGET_SECONDS: Final = 0.3  # for connecting and all commands of one request; OPTIONS may name another
OPEN_SECONDS: Final = 15.0


class Circuit:
    """Open (no command is tried) or closed; one a server, budget and process."""

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


_circuits: dict[tuple[str, float], Circuit] = {}


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


# Each count gets its time to live with its first hit.
_COUNT: Final = """
    local totals = {}
    for place, key in ipairs(KEYS) do
        local amount, seconds = ARGV[2 * place - 1], ARGV[2 * place]
        totals[place] = redis.call('INCRBY', key, amount)
        if totals[place] == tonumber(amount) then redis.call('EXPIRE', key, seconds) end
    end
    return totals
"""


class _Clients(RedisCacheClient):
    def __init__(self, servers: list[str], *, budget: float = BUDGET_SECONDS, **options: Any) -> None:
        limits = {"socket_timeout": budget / 2, "socket_connect_timeout": budget / 2}
        super().__init__(servers, **({"retry": Retry(NoBackoff(), 0)} | limits | options))
        circuit = _circuits.setdefault((",".join(servers), budget), Circuit(budget))
        self._client = type("Client", (_Client,), {"circuit": circuit})
        self._kept: Any = None

    def get_client(self, key: Any = None, *, write: bool = False) -> Any:
        """One for all threads: it takes a connection of the pool for each command."""
        if self._kept is None:
            self._kept = super().get_client(key, write=write)
        return self._kept

    def count(self, hits: list[tuple[str, int, int]]) -> list[int]:
        keys = [key for key, _amount, _seconds in hits]
        given = [value for _key, amount, seconds in hits for value in (amount, seconds)]
        totals: list[int] = self.get_client().eval(_COUNT, len(keys), *keys, *given)
        return totals


class SharedCache(RedisCache):
    """`django.core.cache.backends.redis.RedisCache` with the budget."""

    def __init__(self, server: str | list[str], params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = _Clients

    def count(self, hits: list[tuple[str, int, int]]) -> list[int]:
        """Counts hits (key, amount, seconds to live) in one round trip, all or none, and gives the sums."""
        made = [(self.make_and_validate_key(key), amount, seconds) for key, amount, seconds in hits]
        return cast(_Clients, self._cache).count(made)
