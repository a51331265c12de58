"""The number check.

Only published blocks are revealed: unknown, under review and rejected are one answer, byte for byte but for
the number that was asked for, and take the same path through the same queries.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from aduan.blocklists.queries import NOTHING_PUBLISHED, PublishedAbout, published_about
from aduan.numbers.parsing import Refused, parse
from aduan.numbers.protection import owner_name
from portal.common.kept_pages import keep_page, render_filled, render_framed
from portal.public import rate_limits
from portal.public.check_form import CheckForm, typed_number
from portal.public.csrf import is_same_origin, same_origin_only

_PAGE: Final = "public/check.html"
_PART: Final = "public/parts/check.html"


@transaction.non_atomic_requests  # it only reads
@same_origin_only
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def number_check(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return keep_page(render(request, _PAGE, {"form": CheckForm()}))
    if wait := _minutes_to_wait(request):
        return rate_limits.too_many_requests(request, wait)
    try:
        values, said = _looked_up(request)
    except Refused:
        return render_framed(request, _PAGE, _PART, {"form": CheckForm(request.POST)}, status=400)
    if said == NOTHING_PUBLISHED:
        return render_filled(request, _PAGE, values, _context, quick=_unless_published)
    about = {
        "listed": said.block,  # not named `block`: inside {% block %} templates give that name to the tag
        "held": said.hold,
        "official": said.official,
        "owner_of_it": owner_name(said.official.owner) if said.official else "",
    }
    return render_framed(request, _PAGE, _PART, _context(values) | about)


def _unless_published(request: HttpRequest) -> Mapping[str, str] | None:
    """What the answer "not on a list" says to a request, if it is to get that answer."""
    if not is_same_origin(request) or _minutes_to_wait(request):
        return None
    values, said = _looked_up(request)
    return values if said == NOTHING_PUBLISHED else None


def _minutes_to_wait(request: HttpRequest) -> int:
    asked = rate_limits.reading_of(typed_number(request.POST))
    return rate_limits.minutes_to_wait_of(request, rate_limits.CHECK, amount=asked)


def _looked_up(request: HttpRequest) -> tuple[dict[str, str], PublishedAbout]:
    """The texts of the answer, and what is public. Raises Refused for what is no number."""
    asked = typed_number(request.POST)
    parsed = parse(asked.strip())
    now = timezone.now()
    typed = " ".join(asked.split())
    values = {"asked": asked, "typed": typed, "typed_in_link": quote(typed, safe=""), "read": parsed.display}
    return values, published_about(parsed, on=timezone.localdate(now), at=now)


def _context(values: Mapping[str, str]) -> dict[str, Any]:
    return {**values, "answered": True, "form": CheckForm(initial={"number": values["asked"]})}
