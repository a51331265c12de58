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
from aduan.cases.queries import QueueRow, Sort, View
from aduan.complaints import queries as complaints
from aduan.core.errors import Invalid
from aduan.teamwork.queries import queue_desk
from portal.staff.other_work import other_work
from portal.staff.queue_filters import FilterForm
from portal.staff.queue_views import DisplayForm, address_of
from portal.staff.quoted_references import case_of_reference, cases_of_answer
from portal.staff.rendering import render_staff_page, staff_user
from portal.staff.site import staff_page

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpRequest, HttpResponse
    from django_stubs_ext import StrOrPromise

    from aduan.accounts.models import User

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
# How the views stand beside the queue.
GROUPS: Final[tuple[tuple[StrOrPromise, tuple[View, ...]], ...]] = (
    (gettext_lazy("Queue"), (View.ALL, View.UNASSIGNED, View.SIGNATURE, View.MINE)),
    (gettext_lazy("By clock"), (View.OVERDUE, View.DUE_SOON, View.REOPENED)),
    (
        gettext_lazy("Other work"),
        (View.OBJECTION, View.ASKED, View.UNROUTED, View.SPOOFING, View.PROTECTED, View.OTT),
    ),
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
    address = address_of(request.GET)
    desk = queue_desk(by, at=now)
    context: dict[str, Any] = {
        "title": _("Search") if wanted else VIEWS[view],
        "wanted": wanted,
        "form": form,
        "view": view,
        "address": address,
        "my_desk": desk,
        "display_form": DisplayForm(initial={"dense": desk.dense, "columns": desk.columns}),
        "narrowed": any(form.data.get(name) for name in form.fields),
    }
    context |= _found(wanted, now, form) if wanted else _page(request, view, form, now)
    context["groups"] = _views(by, now, None if wanted else view)
    context["other_work"] = other_work(by)
    if not wanted:  # what was searched for stands on top
        context["waiting_holds"] = queries.waiting_holds(viewer=by, at=now)
    context["waiting_changes"] = queries.count_waiting_changes(viewer=by)
    context["may_decide"] = by.has_permission(Permission.DECIDE)
    context["may_assign"] = by.has_permission(Permission.ASSIGN)
    context["may_mark"] = context["may_decide"] or context["may_assign"]
    context["may_reveal"] = by.has_permission(Permission.REVEAL)
    context["may_sign"] = by.has_permission(Permission.SIGN_OFF)
    context["may_rank"] = by.has_permission(Permission.SET_RANKING)
    return render_staff_page(request, "staff/queue.html", context)


def _views(by: User, now: dt.datetime, current: View | None) -> list[dict[str, Any]]:
    counts = queries.view_counts(viewer=by, at=now)
    return [
        {
            "label": label,
            "views": [
                {"name": name, "label": VIEWS[name], "count": counts.get(name, 0), "current": name == current}
                for name in views
            ],
        }
        for label, views in GROUPS
    ]


def _view(name: str) -> View:
    return View(name) if name in set(View) else View.ALL


def _page(request: HttpRequest, view: View, form: FilterForm, now: dt.datetime) -> dict[str, Any]:
    cursor = request.GET.get("cursor", "")
    read = functools.partial(
        queries.queue_page,
        view=view,
        viewer=staff_user(request),
        at=now,
        filters=form.wanted(),
        sort=form.wanted_sort(),
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
    }


def _found(wanted: str, now: dt.datetime, form: FilterForm) -> dict[str, Any]:
    """A ticket is the complaints' business, a referral the referrals'; everything else cases know."""
    if "@" in wanted and " " not in wanted and not wanted.startswith("@"):
        return {"shown": [], "found": "e-mail", "more": False}
    if quoted := case_of_reference(wanted):
        by, case_id = quoted
        found = queries.find(f"K-{case_id}", at=now)
        return {"shown": _timed(found.rows, now), "found": by, "more": False}
    found = queries.find(wanted, at=now, filters=form.wanted(), sort=form.wanted_sort() or Sort.SUGGESTED)
    by = found.by
    if not found.rows and (answered := cases_of_answer(wanted)):
        found, by = queries.find_cases(answered, at=now), "answer"
    return {"shown": _timed(found.rows, now), "found": by, "more": found.more, "partly": found.partly}


class ComplainantForm(forms.Form):
    """A whole address: only the digest of a complainant's is kept, so no part of one can be found."""

    email = forms.EmailField(
        label=gettext_lazy("Complainant's e-mail address"),
        widget=forms.EmailInput({"class": "form-control", "autocomplete": "off"}),
    )


@staff_page("antrean/pengadu/", name="complainant_cases", permission=Permission.REVEAL)
@require_http_methods(["GET", "HEAD", "POST"])
def complainant_cases(request: HttpRequest) -> HttpResponse:
    """The cases of one mailbox, of a complainant or in a story: by POST, as an address belongs in no log."""
    form = ComplainantForm(request.POST if request.method == "POST" else None)
    context: dict[str, Any] = {"title": _("Cases of a complainant"), "form": form}
    if form.is_valid():
        by, now = staff_user(request), timezone.now()
        found = queries.find_cases(complaints.cases_of_email(form.cleaned_data["email"]), at=now)
        named = queries.find(form.cleaned_data["email"], at=now)
        context |= {"shown": _timed(found.rows, now), "asked": True, "my_desk": queue_desk(by, at=now)}
        context["named"] = _timed(named.rows, now)
    status = 400 if form.errors else 200
    return render_staff_page(request, "staff/complainant_cases.html", context, status=status)


def _timed(rows: Sequence[QueueRow], now: dt.datetime) -> list[dict[str, Any]]:
    """Each row with the time that is left and the age of its newest complaint."""
    return [
        {
            "row": row,
            "left": time_left(row.due_at, row.paused_at, now) if row.due_at else None,
            "newest": now - row.last_complaint_at if row.last_complaint_at else None,
        }
        for row in rows
    ]
