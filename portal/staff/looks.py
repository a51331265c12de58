"""Who looked at which contact, and why: for leads and auditors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from aduan.accounts.roles import Permission
from aduan.complaints import queries
from portal.staff.shown import show, whole_number
from portal.staff.site import page

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

PAGE: Final = 50


@page(
    "kontak/", name="looks", permission=Permission.READ_LOOKS, title=gettext_lazy("Contacts opened"), place=65
)
@require_safe
def looks(request: HttpRequest) -> HttpResponse:
    found = queries.looks(before=whole_number(request.GET.get("before")), size=PAGE + 1)
    context = {
        "title": _("Contacts opened"),
        "rows": found[:PAGE],
        "further": found[PAGE - 1].id if len(found) > PAGE else None,
    }
    return show(request, "staff/looks.html", context)
