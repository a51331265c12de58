"""Understanding a number while it is typed, and what a pasted message holds. For scripts only."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from aduan.complaints.reported_number import parse_reported_number
from aduan.numbers.parsing import Parsed, Refused, named_account, read_text
from portal.common.client_address import client_network
from portal.public import rate_limits
from portal.public.csrf import same_origin_only
from portal.public.number_display import describe_number
from portal.public.number_offers import MOST_OFFERED, meant_by

_LONGEST = 100_000
_SHORT = 2_000


@same_origin_only
@never_cache
@require_POST
def parse_number(request: HttpRequest) -> HttpResponse:
    """`number` as typed, or `text` (a whole message) → what they are. Complaints are not looked at."""
    text, number = request.POST.get("text", "")[:_LONGEST], request.POST.get("number", "")
    source = (rate_limits.PARSE_NUMBER, client_network(request))
    if wait := rate_limits.minutes_to_wait(source, amount=rate_limits.reading_of(text or number)):
        return rate_limits.too_many_requests(request, wait)
    if text:
        return JsonResponse(_contents(text))
    return JsonResponse(_understood(number, request.POST.get("channel", "")))


def _contents(text: str) -> dict[str, Any]:
    """What of a message can go into the form: numbers, links, and accounts as digits."""
    contents = read_text(text)
    found = dict.fromkeys(span.parsed for span in contents.numbers)
    return {
        "found": [_spoken(parsed) for parsed in list(found)[:MOST_OFFERED]],
        "links": contents.links[:MOST_OFFERED],
        "payment_accounts": [named_account(text, one) for one in contents.payment_accounts[:MOST_OFFERED]],
    }


def _understood(text: str, channel: str) -> dict[str, Any]:
    try:
        return _spoken(parse_reported_number(text, channel))
    except Refused as refusal:
        offered = [_spoken(parsed) for parsed in meant_by(refusal, text[:_SHORT])]
        return {
            "error": str(refusal.message),
            "code": refusal.code,
            "position": refusal.position,
            "found": offered,
        }


def _spoken(parsed: Parsed) -> dict[str, str]:
    shown = describe_number(parsed)
    return {
        "number": shown.number,
        "operator": shown.operator,
        "kind": str(shown.kind),
        "word": str(shown.word),
        "tone": shown.tone,
    }
