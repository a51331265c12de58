"""How often one source may ask.

Limits count devices and solved proofs of work first. A network (an IPv4 address or an IPv6 /64) is counted
only for those who did no work, as thousands of people may share one address. Never in the way of a complaint
when the cache is down: then each process counts for itself.
"""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from portal.common.client_address import client_network
from portal.common.rate_limits import count_hits
from portal.public.client_identity import device_id, set_device_cookie


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `count` times in `seconds`, counted in fixed windows."""

    name: str
    count: int
    seconds: int


HOUR: Final = 3600
CROWD: Final = 50  # devices behind one address that all use their limit up
SEND_DEVICE: Final = Limit("send-device", 20, HOUR)
SEND_WITHOUT_PROOF: Final = Limit("send-bare", 60, HOUR)
SEND_CONTACT: Final = Limit("send-contact", 20, 24 * HOUR)
PARSE_NUMBER: Final = Limit("understand", 6000, 600)
CHALLENGE: Final = Limit("challenge", 3000, 600)
CHECK: Final = Limit("check", 120, 600)
CREATE_OBJECTION: Final = Limit("object", 60, HOUR)
LOOKUP: Final = Limit("look-up", 60, 600)

_WAITS: Final = "aduan.waits"  # in request.META
_LOCAL_MOST: Final = 10_000
_LETTERS: Final = 1_000
_local: dict[str, int] = {}


def minutes_to_wait(*asked: tuple[Limit, str], amount: int = 1) -> int:
    """Counts `amount` more for each limit and source, and says how long to wait; 0 means go ahead.

    An unknown source ("") is not counted.
    """
    known = [(limit, who) for limit, who in asked if who]
    now = time.time()
    over = [
        limit.seconds - now % limit.seconds
        for (limit, _who), total in zip(known, count(known, amount=amount), strict=True)
        if total > limit.count
    ]
    return max((max(1, round(left / 60)) for left in over), default=0)


def reading_of(text: str) -> int:
    """How often reading a text counts: it costs its length, and a limit counts requests of a line or two."""
    return 1 + len(text) // _LETTERS


def minutes_to_wait_of(request: HttpRequest, limit: Limit, *, amount: int = 1) -> int:
    """The same by device, or by network for a browser without a mark; the refusal gives it one.

    So a person behind a crowded address goes on at once with a count of their own. Marks cost nothing to
    invent: a network is stopped at a number of them that no crowd of people reaches. However often it is
    asked about one request, that counts once.
    """
    known: dict[str, int] = request.META.setdefault(_WAITS, {})
    if limit.name not in known:
        known[limit.name] = _minutes_to_wait_of(request, limit, amount)
    return known[limit.name]


def _minutes_to_wait_of(request: HttpRequest, limit: Limit, amount: int) -> int:
    network = client_network(request)
    if not (device := device_id(request)):
        return minutes_to_wait((limit, network), amount=amount)
    crowd = Limit(f"{limit.name}-crowd", limit.count * CROWD, limit.seconds)
    return minutes_to_wait((limit, f"device {device}"), (crowd, network), amount=amount)


def count(asked: list[tuple[Limit, str]], *, amount: int = 1) -> list[int]:
    """Counts `amount` more for each limit and source and returns the sums of their windows.

    Counts in this process when the shared cache is away: a complaint must get through.
    """
    hits = [(_key(limit, who), amount, limit.seconds) for limit, who in asked]
    totals = count_hits(hits) if hits else []
    if totals is not None:
        return totals
    if len(_local) > _LOCAL_MOST:
        _local.clear()
    for key, more, _seconds in hits:
        _local[key] = _local.get(key, 0) + more
    return [_local[key] for key, _more, _seconds in hits]


def _key(limit: Limit, who: str) -> str:
    window = int(time.time() // limit.seconds)
    mark = hashlib.sha256(who.encode()).hexdigest()[:32]
    return f"limit:{limit.name}:{window}:{mark}"


def too_many_requests(request: HttpRequest, wait: int) -> HttpResponse:
    response = render(request, "429.html", {"wait": wait}, status=429)
    response["Retry-After"] = str(wait * 60)
    set_device_cookie(request, response)
    return response
