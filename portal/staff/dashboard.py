"""The leads' page: how much comes in, how old it gets, how well people agree. Each picture has its table."""

from __future__ import annotations

import datetime as dt
import functools
from typing import TYPE_CHECKING, Final

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from aduan.accounts.roles import Permission
from aduan.cases import queries, services
from aduan.cases.models import Alarm
from aduan.cases.workflow import Status
from aduan.core.errors import DomainError
from portal.common import signin
from portal.common.methods import post_only
from portal.staff.alarm_advice import advised, growing_queue
from portal.staff.exports import csv_response
from portal.staff.rendering import render_staff_page, staff_user
from portal.staff.site import staff_page

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse, HttpResponseBase

    from aduan.accounts.models import User

PERIODS: Final = (7, 30, 90)


def days_of(request: HttpRequest) -> int:
    wanted = request.GET.get("days", "") or request.POST.get("days", "")
    return int(wanted) if wanted in {str(days) for days in PERIODS} else 30


@staff_page(
    "dasbor/",
    name="dashboard",
    permission=Permission.VIEW_DASHBOARD,
    title=gettext_lazy("Dashboard"),
    menu_order=60,
)
@require_safe
def dashboard(request: HttpRequest) -> HttpResponse:
    by, now, days = staff_user(request), timezone.now(), days_of(request)
    figures = queries.dashboard(viewer=by, at=now, days=days)
    backlog = [(Status(row.status).label, row) for row in figures.backlog]
    context = {
        "title": _("Dashboard"),
        "figures": figures,
        "backlog": backlog,
        "waiting": sum(row.total for _label, row in backlog),
        "overdue": sum(row.overdue for _label, row in backlog),
        "alarms": [advised(alarm) for alarm in queries.unseen_alarms(viewer=by)],
        "growing": growing_queue(figures, paces=functools.partial(_paces, by, now)),
        "target": figures.target,
        "ranker": queries.ranker_state(at=now) if by.has_permission(Permission.SET_RANKING) else None,
        "days": days,
        "periods": PERIODS,
    }
    return render_staff_page(request, "staff/dashboard.html", context)


def _paces(by: User, now: dt.datetime) -> list[float]:
    """Decisions a day of each person who decided anything in the last 30 days, for those who see people."""
    if not by.has_permission(Permission.ASSIGN):
        return []
    people = queries.people_figures(viewer=by, at=now, since=now - dt.timedelta(days=30))
    return [one.pace for one in people if one.pace]


@staff_page("dasbor/alarm/<int:pk>/", name="alarm_seen", permission=Permission.VIEW_DASHBOARD)
@post_only
def alarm_seen(request: HttpRequest, pk: int) -> HttpResponseBase:
    alarm = get_object_or_404(Alarm, pk=pk)
    try:
        services.mark_alarm_seen(alarm, by=staff_user(request), at=timezone.now())
    except DomainError as refusal:
        messages.info(request, str(refusal.message))
    return redirect("staff:dashboard")


@staff_page("dasbor/unduh/", name="dashboard_export", permission=Permission.VIEW_DASHBOARD)
@post_only
@signin.step_up
def export(request: HttpRequest) -> HttpResponseBase:
    by = staff_user(request)
    figures = queries.dashboard(viewer=by, at=timezone.now(), days=days_of(request))
    head = ("day", "opened", "decided", "blocked", "dismissed")
    rows = ((day.day, day.opened, day.decided, day.blocked, day.dismissed) for day in figures.days)
    return csv_response("dashboard", head, rows, by=by)
