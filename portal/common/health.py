"""Is the process alive, and can it serve? For health checks of containers, load balancers and `make up`.

Answered before hosts, redirects and sessions are looked at: a health check calls an address, not a name.
"""

from __future__ import annotations

import datetime as dt
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from time import monotonic
from typing import Final

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse

from aduan.complaints import services as complaints
from aduan.core import jobs
from portal.common.broker import broker_client

Handler = Callable[[HttpRequest], HttpResponseBase]
CLOCKS_APART: Final = dt.timedelta(seconds=5)
KEPT_SECONDS: Final = 3.0  # a client that asks in a loop costs one check in this time


class HealthMiddleware:
    """`/healthz`: 200 while the process answers; depends on nothing.

    `/readyz`: 200 while complaints can be taken in, 503 otherwise, with a boolean for each part. A part that
    intake can do without (the broker, the right time) makes the status "degraded", still 200. The answer may
    be seconds old.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response
        self._lock = threading.Lock()
        self._parts: dict[str, bool] = {}
        self._known_until = 0.0

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path_info not in ("/healthz", "/readyz") or request.method not in ("GET", "HEAD"):
            return self.get_response(request)
        response = self._alive() if request.path_info == "/healthz" else self._ready()
        response["Cache-Control"] = "no-store"
        return response

    def _alive(self) -> HttpResponse:
        return HttpResponse("ok\n", content_type="text/plain")

    def _ready(self) -> HttpResponse:
        with self._lock:
            if monotonic() >= self._known_until:
                self._parts = _judged()
                self._known_until = monotonic() + KEPT_SECONDS
            parts = dict(self._parts)
        status = _status(parts)
        return JsonResponse(parts | {"status": status}, status=503 if status == "unready" else 200)


def _judged() -> dict[str, bool]:
    """Each part; what needs a database that is away is not asked, as each would wait for it anew."""
    parts: dict[str, bool] = {}
    for name, check in CHECKS.items():
        parts[name] = (name not in ON_DATABASE or parts["database"]) and _works(check)
    return parts


def _status(parts: dict[str, bool]) -> str:
    if not all(parts[name] for name in parts if name not in DISPENSABLE):
        return "unready"
    return "ready" if all(parts.values()) else "degraded"


def _works(check: Callable[[], bool]) -> bool:
    # Whatever goes wrong in a part, the answer is that it does not work.
    try:
        return check()
    except Exception:
        return False


def _database() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return bool(cursor.fetchone() == (1,))


def _migrations() -> bool:
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def _clock() -> bool:
    """Whether this machine and the database agree on the time: what one writes down, the other compares."""
    earliest = dt.datetime.now(dt.UTC) - CLOCKS_APART
    now = jobs.now()
    return earliest <= now <= dt.datetime.now(dt.UTC) + CLOCKS_APART


def _broker() -> bool:
    with broker_client(seconds=1) as client:
        return bool(client.ping())


def _files() -> bool:
    folder = Path(settings.MEDIA_ROOT)
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryFile(dir=folder) as probe:
        probe.write(b"1")
    return not complaints.store_trouble()


CHECKS: dict[str, Callable[[], bool]] = {
    "database": _database,
    "migrations": _migrations,
    "clock": _clock,
    "broker": _broker,
    "files": _files,
}
ON_DATABASE: Final = frozenset({"migrations", "clock"})
DISPENSABLE: Final = frozenset(
    {"broker", "clock"}
)  # complaints are taken in all the same; tasks go out later
