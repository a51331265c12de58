"""Incidents: what is out of order now, since when, what to do, and what was lately."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from aduan.accounts.roles import Permission
from aduan.monitoring import queries
from aduan.monitoring.conditions import ADVICE, Condition
from portal.staff.rendering import render_staff_page
from portal.staff.site import staff_page

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@staff_page(
    "gangguan/",
    name="incidents",
    permission=Permission.VIEW_INCIDENTS,
    title=gettext_lazy("Incidents"),
    menu_order=89,
)
@require_safe
def incidents(request: HttpRequest) -> HttpResponse:
    context = {
        "title": _("Incidents"),
        "present": [(row, ADVICE[Condition(row.condition)]) for row in queries.open_incidents()],
        "past": queries.past_incidents(),
        "last_tick": queries.last_tick(),
    }
    return render_staff_page(request, "staff/incidents.html", context)
