"""What was read on pictures that wait for their form: the offers, and the pages that they are windows on."""

from __future__ import annotations

import uuid
from typing import Final

from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_POST, require_safe

from aduan.complaints import services as complaints
from portal.common.client_address import client_network
from portal.public import offers, rate_limits, staging, staging_limits
from portal.public.csrf import same_origin_only

_LONGEST: Final = 100_000


@same_origin_only
@never_cache
@require_POST
def read_offers(request: HttpRequest) -> HttpResponse:
    """`staged` tokens, or the `text` of a pasted message → offers as HTML, and whether more are to come."""
    text = request.POST.get("text", "")[:_LONGEST]
    source = (rate_limits.PARSE_NUMBER, client_network(request))
    if wait := rate_limits.minutes_to_wait(source, amount=rate_limits.reading_of(text)):
        return rate_limits.too_many_requests(request, wait)
    kept = staging.recall(request.POST.getlist("staged"))
    found = offers.found_in(kept, text)
    return _answer(request, found, waiting=offers.is_waiting(kept))


def _answer(request: HttpRequest, found: offers.Found, *, waiting: bool) -> HttpResponse:
    html = render_to_string("public/parts/offers.html", {"found": found}, request)
    return JsonResponse({"waiting": waiting, "count": len(found.cards), "html": html})


@require_safe
@cache_control(private=True, max_age=600)
def reading_page(request: HttpRequest, view: str, page: int) -> HttpResponse:
    """A page of a waiting picture, made anew in the sandbox; `view` is known to its own form only."""
    try:
        uid = uuid.UUID(hex=signing.loads(view, salt=offers.VIEW_SALT, max_age=staging_limits.LIFETIME))
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise Http404 from error
    data = complaints.page_of(uid, page)
    if data is None:
        raise Http404
    return HttpResponse(data, content_type="image/jpeg")
