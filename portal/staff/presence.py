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
    try:
        opened_at = dt.datetime.fromisoformat(request.POST.get("opened", ""))
    except ValueError:
        return HttpResponse(status=400)
    if opened_at.tzinfo is None:
        return HttpResponse(status=400)
    by = staff_user(request)
    if "left" in request.POST:
        services.leave_case(pk, by=by, opened_at=opened_at)
        return HttpResponse(status=204)
    return JsonResponse({"others": services.note_presence(pk, by=by, at=timezone.now(), opened_at=opened_at)})
