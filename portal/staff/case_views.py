"""Who read which case and which evidence: leads and auditors read it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from aduan.accounts.roles import Permission
from aduan.cases import queries
from aduan.cases.models.case_view import VIEWS_KEPT_DAYS
from portal.staff.rendering import parse_id, render_staff_page, staff_user
from portal.staff.site import staff_page

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

VIEWS_SHOWN: Final = 50


@staff_page(
    "dibaca/",
    name="case_views",
    permission=Permission.READ_CONTACT_ACCESS,
    title=gettext_lazy("Cases read"),
    menu_order=77,
)
@require_safe
def case_views(request: HttpRequest) -> HttpResponse:
    """All of it, or that of one case or person."""
    case_id, person_id = parse_id(request.GET.get("case")), parse_id(request.GET.get("person"))
    found = queries.case_views(
        viewer=staff_user(request),
        case_id=case_id,
        person_id=person_id,
        before=parse_id(request.GET.get("before")),
        size=VIEWS_SHOWN + 1,
    )
    kept = request.GET.copy()
    kept.pop("before", None)
    context = {
        "title": _("Cases read"),
        "rows": found[:VIEWS_SHOWN],
        "further": found[VIEWS_SHOWN - 1].view_id if len(found) > VIEWS_SHOWN else None,
        "kept": kept.urlencode(),
        "narrowed": case_id is not None or person_id is not None,
        "days": VIEWS_KEPT_DAYS,
    }
    return render_staff_page(request, "staff/case_views.html", context)
