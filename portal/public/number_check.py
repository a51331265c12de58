"""The number check.

Only published blocks are revealed: unknown, under review and rejected are one answer, byte for byte but for
the number that was asked for, and take the same path through the same queries.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from aduan.blocklists.queries import published_block, published_hold
from aduan.numbers.parsing import Parsed
from aduan.numbers.protection import owner_name
from aduan.numbers.queries import protection_of
from portal.common.kept_pages import keep_page, render_framed
from portal.public import rate_limits
from portal.public.check_form import CheckForm
from portal.public.csrf import same_origin_only


@transaction.non_atomic_requests  # it only reads
@same_origin_only
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def number_check(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return keep_page(render(request, "public/check.html", {"form": CheckForm()}))
    if wait := rate_limits.minutes_to_wait_of(request, rate_limits.CHECK):
        return rate_limits.too_many_requests(request, wait)
    form = CheckForm(request.POST)
    if not form.is_valid():
        return _page(request, {"form": form}, status=400)
    typed = " ".join(form.data["number"].split())
    return _page(request, {"form": form, "typed": typed, **_answer(form.cleaned_data["number"])})


def _page(request: HttpRequest, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    return render_framed(request, "public/check.html", "public/parts/check.html", context, status=status)


def _answer(parsed: Parsed) -> dict[str, Any]:
    now = timezone.now()
    official = protection_of(parsed)
    # Not named `block`: inside {% block %} Django's templates give that name to the tag itself.
    listed = published_block(parsed.digits, timezone.localdate(now)) if parsed.digits else None
    held = published_hold(parsed.digits, at=now) if parsed.digits else None
    return {
        "answered": True,
        "read": parsed.display,
        "listed": listed,
        "held": held,
        "official": official,
        "owner_of_it": owner_name(official.owner) if official else "",
        "on": now,
    }
