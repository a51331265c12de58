"""Counting requests in fixed windows in the shared cache."""

from __future__ import annotations

import structlog
from django.core.cache import cache

log = structlog.get_logger(__name__)


def count_hit(key: str, *, seconds: int, amount: int = 1) -> int | None:
    """Counts `amount` more under `key`, which names its window, and returns the count.

    None when the cache cannot be reached: the caller decides what that means for it.
    """
    try:
        cache.add(key, 0, timeout=seconds + 60)
        return int(cache.incr(key, amount))
    except Exception as error:  # whatever the client of the cache raises when its server is away
        log.warning("rate_limit_cache_unavailable", error=type(error).__name__)
        return None
