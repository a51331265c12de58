"""A case page that is open says so every minute, and says when it is left."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.http import HttpResponse, JsonResponse
from django.utils import timezone

from aduan.accounts.roles import Permission
from aduan.cases import services
from portal.common.methods import post_only
from portal.staff.rendering import staff_user
from portal.staff.site import staff_page

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponseBase


@staff_page("perkara/<int:pk>/hadir/", name="presence", permission=Permission.VIEW_CASES)
@post_only
def presence(request: HttpRequest, pk: int) -> HttpResponseBase:
    """`opened` is the moment that the page carries. With `left` 204; else who else has the case open."""
    if (opened_at := moment_of(request.POST.get("opened", ""))) is None:
        return HttpResponse(status=400)
    by = staff_user(request)
    if "left" in request.POST:
        services.leave_case(pk, by=by, opened_at=opened_at)
        return HttpResponse(status=204)
    return JsonResponse({"others": services.note_presence(pk, by=by, at=timezone.now(), opened_at=opened_at)})


def moment_of(text: str) -> dt.datetime | None:
    """The moment that a case page carries as its own; None for what no page carries."""
    try:
        return dt.datetime.fromisoformat(text).astimezone(dt.UTC) if "+" in text else None
    except (ValueError, OverflowError):
        return None
