"""The queue of numbers: saved views, filters, search, pages by key. It never counts the table."""

from __future__ import annotations

import datetime as dt
import functools
from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from aduan.accounts.roles import Permission
from aduan.cases import queries
from aduan.cases.clocks import time_left
from aduan.cases.queries import Filters, QueueRow, View
from aduan.complaints import queries as complaints
from aduan.complaints import tickets
from aduan.complaints.categories import choices as categories
from aduan.complaints.models import Complaint
from aduan.complaints.types import Channel
from aduan.core.errors import Invalid
from aduan.operators.models import Operator
from aduan.teamwork.queries import my_desk
from portal.staff.rendering import render_staff_page, staff_user
from portal.staff.site import staff_page

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.http import HttpRequest, HttpResponse
    from django_stubs_ext import StrOrPromise

VIEWS: Final[dict[View, StrOrPromise]] = {
    View.ALL: gettext_lazy("All waiting"),
    View.UNASSIGNED: gettext_lazy("Held by nobody"),
    View.MINE: gettext_lazy("Mine"),
    View.SIGNATURE: gettext_lazy("Needs a second person"),
    View.DUE_SOON: gettext_lazy("Due soon"),
    View.OVERDUE: gettext_lazy("Overdue"),
    View.REOPENED: gettext_lazy("Reopened"),
    View.SPOOFING: gettext_lazy("Spoofing suspected"),
    View.PROTECTED: gettext_lazy("Protected"),
    View.UNROUTED: gettext_lazy("No operator known"),
    View.OTT: gettext_lazy("OTT platforms"),
    View.OBJECTION: gettext_lazy("Objections"),
    View.ASKED: gettext_lazy("Waiting for answers"),
}
_AGES: Final[dict[str, dt.timedelta]] = {
    "1": dt.timedelta(days=1),
    "3": dt.timedelta(days=3),
    "7": dt.timedelta(days=7),
    "30": dt.timedelta(days=30),
}
_SELECT: Final = {"class": "form-select"}


class FilterForm(forms.Form):
    operator = forms.ChoiceField(label=gettext_lazy("Operator"), required=False)
    category = forms.ChoiceField(label=gettext_lazy("Category"), required=False)
    channel = forms.ChoiceField(label=gettext_lazy("Channel"), required=False)
    age = forms.ChoiceField(label=gettext_lazy("Older than"), required=False)
    region = forms.CharField(label=gettext_lazy("Region"), required=False, max_length=60)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        everything = ("", _("all"))
        offered: dict[str, list[tuple[str, Any]]] = {
            "operator": [(code, name) for code, name in Operator.objects.values_list("code", "name")],
            "category": list(categories()),
            "channel": list(Channel.choices),
            "age": [(days, _("%(days)s d") % {"days": days}) for days in _AGES],
        }
        for name, options in offered.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101 - narrows the type only
            field.choices = [everything, *options]
            field.widget.attrs.update(_SELECT)
        self.fields["region"].widget.attrs["class"] = "form-control"

    def wanted(self) -> Filters:
        """A field that cannot be read narrows nothing."""
        self.is_valid()
        given = self.cleaned_data
        return Filters(
            operator=given.get("operator", ""),
            category=given.get("category", ""),
            channel=given.get("channel", ""),
            region=given.get("region", ""),
            older_than=_AGES.get(given.get("age", "")),
        )


@staff_page(
    "antrean/", name="queue", permission=Permission.VIEW_CASES, title=gettext_lazy("Queue"), menu_order=10
)
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    by, now = staff_user(request), timezone.now()
    wanted = request.GET.get("q", "").strip()[:200]
    form = FilterForm(request.GET)
    view = _view(request.GET.get("view", ""))
    context: dict[str, Any] = {"title": _("Queue"), "wanted": wanted, "form": form, "view": view}
    if wanted:
        context |= _found(wanted, now, form.wanted())
    else:
        context |= _page(request, view, form, now)
    counts = queries.view_counts(viewer=by, at=now)
    context["views"] = [
        {"name": name, "label": label, "count": counts.get(name, 0), "current": name == view and not wanted}
        for name, label in VIEWS.items()
    ]
    context["waiting_holds"] = queries.waiting_holds(viewer=by, at=now)
    context["my_desk"] = my_desk(by, at=now)
    context["waiting_changes"] = queries.count_waiting_changes(viewer=by)
    context["may_decide"] = by.has_permission(Permission.DECIDE)
    context["may_assign"] = by.has_permission(Permission.ASSIGN)
    context["may_mark"] = context["may_decide"] or context["may_assign"]
    context["may_reveal"] = by.has_permission(Permission.REVEAL)
    context["may_sign"] = by.has_permission(Permission.SIGN_OFF)
    context["may_rank"] = by.has_permission(Permission.SET_RANKING)
    return render_staff_page(request, "staff/queue.html", context)


def _view(name: str) -> View:
    return View(name) if name in set(View) else View.ALL


def _page(request: HttpRequest, view: View, form: FilterForm, now: dt.datetime) -> dict[str, Any]:
    cursor = request.GET.get("cursor", "")
    read = functools.partial(
        queries.queue_page, view=view, viewer=staff_user(request), at=now, filters=form.wanted()
    )
    try:
        found = read(cursor=cursor)
    except Invalid:  # an old or broken address: the first page
        found = read()
    kept = request.GET.copy()
    kept.pop("cursor", None)
    return {
        "shown": _timed(found.rows, now),
        "next": found.next,
        "previous": found.previous,
        "kept": kept.urlencode(),
        "narrowed": any(form.data.get(name) for name in form.fields),
    }


def _found(wanted: str, now: dt.datetime, filters: Filters) -> dict[str, Any]:
    """A ticket is the complaints' business; everything else cases know."""
    ticket = tickets.read(wanted)
    by_ticket = ticket and Complaint.objects.filter(ticket=ticket).values_list("case_id", flat=True).first()
    text = f"K-{by_ticket}" if by_ticket else wanted
    if "@" in wanted and " " not in wanted and not wanted.startswith("@"):
        return {"shown": [], "found": "e-mail", "more": False}
    found = queries.find(text, at=now, filters=filters)
    return {
        "shown": _timed(found.rows, now),
        "found": "ticket" if by_ticket else found.by,
        "more": found.more,
    }


class ComplainantForm(forms.Form):
    """A whole address: only its digest is kept, so no part of one can be found."""

    email = forms.EmailField(
        label=gettext_lazy("Complainant's e-mail address"),
        widget=forms.EmailInput({"class": "form-control", "autocomplete": "off"}),
    )


@staff_page("antrean/pengadu/", name="complainant_cases", permission=Permission.REVEAL)
@require_http_methods(["GET", "HEAD", "POST"])
def complainant_cases(request: HttpRequest) -> HttpResponse:
    """The cases of one complainant, asked for by POST: an address stands in no log and no history."""
    form = ComplainantForm(request.POST if request.method == "POST" else None)
    context: dict[str, Any] = {"title": _("Cases of a complainant"), "form": form}
    if form.is_valid():
        now = timezone.now()
        found = queries.find_cases(complaints.cases_of_email(form.cleaned_data["email"]), at=now)
        context |= {"shown": _timed(found.rows, now), "asked": True, "more": found.more}
    status = 400 if form.errors else 200
    return render_staff_page(request, "staff/complainant_cases.html", context, status=status)


def _timed(rows: Iterable[QueueRow], now: dt.datetime) -> list[dict[str, Any]]:
    return [
        {"row": row, "left": time_left(row.due_at, row.paused_at, now) if row.due_at else None}
        for row in rows
    ]
