"""The broker as a server that answers, for what looks at it beside Celery."""

from __future__ import annotations

import redis
from django.conf import settings


def broker_client(*, seconds: float) -> redis.Redis:
    """Waits so long for a connection, and for each answer; raises redis.RedisError. To be closed."""
    url = settings.REDIS_URL if "://" in settings.REDIS_URL else f"unix://{settings.REDIS_URL}"
    return redis.Redis.from_url(url, socket_timeout=seconds, socket_connect_timeout=seconds)
