"""Is the process alive, and can it serve? For the load balancer and for `make up`."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

import redis
from django.conf import settings
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache

from aduan.complaints import services as complaints


@never_cache
@transaction.non_atomic_requests
def alive(request: HttpRequest) -> HttpResponse:
    """`/healthz`: the process answers. Depends on nothing."""
    return HttpResponse("ok\n", content_type="text/plain")


@never_cache
@transaction.non_atomic_requests
def ready(request: HttpRequest) -> HttpResponse:
    """`/readyz`: 200 when all parts work, otherwise 503 with the part that does not. Says no more."""
    parts = {name: _works(check) for name, check in CHECKS.items()}
    return JsonResponse(parts, status=200 if all(parts.values()) else 503)


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


def _broker() -> bool:
    url = settings.REDIS_URL if "://" in settings.REDIS_URL else f"unix://{settings.REDIS_URL}"
    client = redis.Redis.from_url(url, socket_timeout=1, socket_connect_timeout=1)
    with client:
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
    "broker": _broker,
    "files": _files,
}
