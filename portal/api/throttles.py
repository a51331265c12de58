"""How often a key may ask, counted in whole windows in the shared cache, and said in each answer.

Headers: RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset (seconds); Retry-After with a 429. Without
the cache no request is rejected.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from aduan.operators.actors import Actor
from portal.common.rate_limits import count_hit

SECONDS = {"minute": 60, "hour": 3600}


@dataclass(frozen=True, slots=True)
class Allowance:
    """What is left of a window after this request."""

    limit: int
    remaining: int
    reset: int

    def headers(self) -> dict[str, str]:
        return {
            "RateLimit-Limit": str(self.limit),
            "RateLimit-Remaining": str(max(0, self.remaining)),
            "RateLimit-Reset": str(self.reset),
        }


class KeyThrottle(BaseThrottle):
    """`view.rate` names a rate of settings.API_RATES, such as {"read": "1200/hour"}."""

    def __init__(self) -> None:
        self.allowance: Allowance | None = None

    def allow_request(self, request: Request, view: Any) -> bool:
        if not isinstance(request.auth, Actor) or request.auth.access_key is None:
            return True
        name = "write" if request.method == "POST" else "read"
        count, _slash, unit = settings.API_RATES[name].partition("/")
        limit, seconds = int(count), SECONDS[unit]
        now = int(time.time())
        used = count_hit(f"api:{name}:{request.auth.access_key.pk}:{now // seconds}", seconds=seconds) or 0
        self.allowance = Allowance(limit, limit - used, seconds - now % seconds)
        request._request.allowance = self.allowance  # type: ignore[attr-defined]
        return used <= limit

    def wait(self) -> float | None:
        return float(self.allowance.reset) if self.allowance else None
