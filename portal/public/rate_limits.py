"""How often one source may ask.

Generous for people behind one shared address, and never in the way of a complaint when the cache is down:
then each process counts for itself.
"""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from portal.common.rate_limits import count_hit


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `count` times in `seconds`, counted in fixed windows."""

    name: str
    count: int
    seconds: int


HOUR: Final = 3600
SEND_DEVICE: Final = Limit("send-device", 20, HOUR)
SEND_ADDRESS: Final = Limit("send-address", 300, HOUR)
SEND_WITHOUT_PROOF: Final = Limit("send-bare", 30, HOUR)
SEND_CONTACT: Final = Limit("send-contact", 20, 24 * HOUR)
UPLOAD_EVIDENCE: Final = Limit("keep-file", 150, HOUR)
PARSE_NUMBER: Final = Limit("understand", 600, 600)
CHALLENGE: Final = Limit("challenge", 300, 600)
CHECK: Final = Limit("check", 120, 600)
CREATE_OBJECTION: Final = Limit("object", 20, HOUR)
LOOKUP: Final = Limit("look-up", 60, 600)

_LOCAL_MOST: Final = 10_000
_local: dict[str, int] = {}


def minutes_to_wait(limit: Limit, who: str) -> int:
    """Counts one more and says how long to wait; 0 means go ahead. An unknown source ("") is not counted."""
    if not who:
        return 0
    now = time.time()
    window = int(now // limit.seconds)
    mark = hashlib.sha256(who.encode()).hexdigest()[:32]
    if _count(f"limit:{limit.name}:{window}:{mark}", limit.seconds) <= limit.count:
        return 0
    left = (window + 1) * limit.seconds - now
    return max(1, round(left / 60))


def _count(key: str, seconds: int) -> int:
    """Counts in this process when the shared cache is away: a complaint must get through."""
    hits = count_hit(key, seconds=seconds)
    if hits is None:
        if len(_local) > _LOCAL_MOST:
            _local.clear()
        hits = _local[key] = _local.get(key, 0) + 1
    return hits


def too_many_requests(request: HttpRequest, wait: int) -> HttpResponse:
    response = render(request, "429.html", {"wait": wait}, status=429)
    response["Retry-After"] = str(wait * 60)
    return response
