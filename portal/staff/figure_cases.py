"""The cases behind one figure of the dashboard."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from aduan.accounts.roles import Permission
from aduan.cases import queries
from aduan.cases.queries import DeskFigure
from portal.staff.dashboard import days_of
from portal.staff.rendering import render_staff_page, staff_user
from portal.staff.site import staff_page

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from django_stubs_ext import StrOrPromise

TITLES: Final[dict[DeskFigure, StrOrPromise]] = {
    DeskFigure.DECIDED: gettext_lazy("Decided"),
    DeskFigure.LATE: gettext_lazy("Decided after the promised 24 hours"),
    DeskFigure.DISAGREED: gettext_lazy("The second person disagreed"),
    DeskFigure.MISSING_EVIDENCE: gettext_lazy("Closed for missing evidence"),
    DeskFigure.NOT_ALIKE: gettext_lazy("Read again: not alike"),
    DeskFigure.CLOSURES_READ: gettext_lazy("Closures that were read again"),
}


@staff_page("dasbor/perkara/<slug:figure>/", name="figure_cases", permission=Permission.VIEW_DASHBOARD)
@require_safe
def figure_cases(request: HttpRequest, figure: str) -> HttpResponse:
    if figure not in set(DeskFigure):
        raise Http404
    days = days_of(request)
    context = {
        "title": TITLES[DeskFigure(figure)],
        "days": days,
        "rows": queries.behind_figure(
            DeskFigure(figure), viewer=staff_user(request), at=timezone.now(), days=days
        ),
    }
    return render_staff_page(request, "staff/figure_cases.html", context)
