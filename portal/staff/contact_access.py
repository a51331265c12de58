"""Who looked at which contact, and why: for leads and auditors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from aduan.accounts.roles import Permission
from aduan.complaints import queries
from portal.staff.rendering import parse_id, render_staff_page
from portal.staff.site import staff_page

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

PAGE_SIZE: Final = 50


@staff_page(
    "kontak/",
    name="contact_access",
    permission=Permission.READ_CONTACT_ACCESS,
    title=gettext_lazy("Contacts opened"),
    menu_order=77,
)
@require_safe
def contact_access(request: HttpRequest) -> HttpResponse:
    found = queries.contact_accesses(before=parse_id(request.GET.get("before")), size=PAGE_SIZE + 1)
    context = {
        "title": _("Contacts opened"),
        "rows": found[:PAGE_SIZE],
        "further": found[PAGE_SIZE - 1].id if len(found) > PAGE_SIZE else None,
    }
    return render_staff_page(request, "staff/contact_access.html", context)
