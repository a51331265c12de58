"""Counting requests in fixed windows in the shared cache."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import structlog
from django.core.cache import cache

if TYPE_CHECKING:
    from portal.common.shared_cache import SharedCache

log = structlog.get_logger(__name__)

_LATE = 60  # seconds that a count outlives its window: clocks differ


def count_hits(hits: list[tuple[str, int, int]]) -> list[int] | None:
    """Counts hits (key, amount, seconds of the window that the key names) and returns the sums.

    In one round trip, so that it costs the same for any number. None when the cache cannot be reached: the
    caller decides what that means for it.
    """
    try:
        shared = cast("SharedCache", cache)
        return shared.count([(key, amount, seconds + _LATE) for key, amount, seconds in hits])
    except Exception as error:  # whatever the client of the cache raises when its server is away
        log.warning("rate_limit_cache_unavailable", error=type(error).__name__)
        return None


def count_hit(key: str, *, seconds: int) -> int | None:
    """The same for one more hit of one key."""
    counts = count_hits([(key, 1, seconds)])
    return counts[0] if counts else None
