"""The lead's page of people: who is on, what each has open and decided, and the cases behind it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from aduan.accounts.models import User
from aduan.accounts.roles import Permission
from aduan.cases import queries
from aduan.complaints.queries import contact_accesses_by_person
from portal.staff.rendering import render_staff_page, staff_user
from portal.staff.site import staff_page

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from aduan.cases.queries import PersonFigures

DAYS: Final = 30
FORECAST_FROM: Final = 14
FORECAST_FOR: Final = (7, 14, 28)


@dataclass(frozen=True, slots=True)
class PersonLine:
    figures: PersonFigures
    contacts: int


@staff_page("dasbor/petugas/", name="people_figures", permission=Permission.ASSIGN)
@require_safe
def people_figures(request: HttpRequest) -> HttpResponse:
    by, now = staff_user(request), timezone.now()
    since = now - dt.timedelta(days=DAYS)
    contacts = contact_accesses_by_person(since=since, at=now)
    people = queries.people_figures(viewer=by, at=now, since=since)
    context = {
        "title": _("People at work"),
        "days": DAYS,
        "people": [PersonLine(one, contacts.get(one.person_id, 0)) for one in people],
        "here": sum(one.here for one in people),
        **_forecast(by, now),
    }
    return render_staff_page(request, "staff/people_figures.html", context)


def _forecast(by: User, now: dt.datetime) -> dict[str, object]:
    """Whole days only: today is not over."""
    board = queries.dashboard(viewer=by, at=now, days=FORECAST_FROM + 1)
    past, waiting = board.days[:-1], sum(row.total for row in board.backlog)
    opened, decided = [day.opened for day in past], [day.decided for day in past]
    ahead = [
        (days, queries.backlog_in(days, waiting=waiting, opened=opened, decided=decided))
        for days in FORECAST_FOR
    ]
    return {
        "waiting": waiting,
        "opened": sum(opened) / FORECAST_FROM,
        "decided": sum(decided) / FORECAST_FROM,
        "ahead": ahead,
        "ahead_from": FORECAST_FROM,
    }


@staff_page("dasbor/petugas/<int:pk>/", name="person_figures", permission=Permission.ASSIGN)
@require_safe
def person_figures(request: HttpRequest, pk: int) -> HttpResponse:
    """The cases behind one person's figures."""
    person, by, now = get_object_or_404(User, pk=pk), staff_user(request), timezone.now()
    since = now - dt.timedelta(days=DAYS)
    context = {
        "title": person.name,
        "days": DAYS,
        "held": queries.open_cases_of(person, viewer=by, at=now),
        "rows": queries.decisions_of(person, viewer=by, since=since, at=now),
    }
    return render_staff_page(request, "staff/person_figures.html", context)
