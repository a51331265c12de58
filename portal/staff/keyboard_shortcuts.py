"""The page that lists the keys: the same as the overlay, for those without JavaScript."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from aduan.accounts.roles import Permission
from portal.staff.site import site, staff_page


@staff_page("tombol/", name="shortcuts", permission=Permission.VIEW_REGISTER)
@require_safe
def shortcuts(request: HttpRequest) -> HttpResponse:
    return render(request, "staff/shortcuts.html", site.each_context(request) | {"title": _("Keyboard")})
