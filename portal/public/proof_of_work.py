"""ALTCHA proof of work, by our own server and our own script: no puzzle, no third party, nothing to click.

The browser spends about a second of work before it may send often. Anyone who cannot (no JavaScript, an old
phone) sends without it and only meets a lower limit.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Final

import altcha
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from portal.common.client_address import client_network
from portal.public import rate_limits

_ALGORITHM: Final = "PBKDF2/SHA-256"
_COST: Final = 1000  # rounds a try; 256 tries on average: about a second on a cheap phone
_LIVES: Final = dt.timedelta(hours=2)
_LONGEST: Final = 4000


def _secret() -> str:
    return salted_hmac("portal.public.proof_of_work", "altcha", algorithm="sha256").hexdigest()


@never_cache
@require_GET
def challenge(request: HttpRequest) -> HttpResponse:
    if wait := rate_limits.minutes_to_wait((rate_limits.CHALLENGE, client_network(request))):
        return rate_limits.too_many_requests(request, wait)
    fresh = altcha.create_challenge(
        _ALGORITHM, _COST, expires_at=timezone.now() + _LIVES, hmac_secret=_secret(), key_prefix="00"
    )
    return JsonResponse(fresh.to_dict())


def is_proven(payload: str) -> bool:
    """Whether this is the solution of a challenge of ours, not expired and not used before."""
    mark = solved_challenge(payload)
    return bool(mark) and _first_use(mark)


def solved_challenge(payload: str) -> str:
    """The mark of the challenge of ours that this solves, which is not used up by asking; empty for nonsense.

    Other spellings of one solution have the same mark.
    """
    if not payload or len(payload) > _LONGEST:
        return ""
    try:
        result = altcha.verify_solution(payload, _secret())
        if not result.verified:
            return ""
        signature = altcha.Payload.from_base64(payload).challenge.signature or ""
    except (ValueError, KeyError, TypeError, AttributeError):
        return ""
    return hashlib.sha256(signature.encode()).hexdigest()


def _first_use(mark: str) -> bool:
    try:
        return bool(cache.add(f"proof:{mark}", 1, timeout=int(_LIVES.total_seconds())))
    except Exception:  # without a cache the work still had to be done
        return True
