"""The own inbox, and the people of the desk: who holds how much, and who is away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from aduan.accounts.models import User
from aduan.accounts.roles import Permission
from aduan.core.errors import DomainError
from aduan.core.periods import local_date
from aduan.teamwork import queries, services
from portal.common.methods import post_only
from portal.staff.rendering import render_staff_page, staff_user
from portal.staff.site import staff_page

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse, HttpResponseBase


class AwayForm(forms.Form):
    until = forms.DateField(
        label=gettext_lazy("Away through"),
        widget=forms.DateInput({"type": "date", "class": "form-control"}, format="%Y-%m-%d"),
    )


@staff_page(
    "kotak/", name="inbox", permission=Permission.VIEW_CASES, title=gettext_lazy("Inbox"), menu_order=15
)
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """Opening a case reads its lines: nothing else marks them one by one."""
    by = staff_user(request)
    context = {
        "title": _("Inbox"),
        "lines": queries.inbox_of(by),
        "my_desk": queries.my_desk(by, at=timezone.now()),
        "person": by,
    }
    return render_staff_page(request, "staff/inbox.html", context)


@staff_page("kotak/dibaca/", name="read_inbox", permission=Permission.VIEW_CASES)
@post_only
def read_inbox(request: HttpRequest) -> HttpResponseBase:
    services.mark_all_read(by=staff_user(request), at=timezone.now())
    return redirect("staff:inbox")


@staff_page("tim/", name="team", permission=Permission.VIEW_CASES, title=gettext_lazy("Team"), menu_order=65)
@require_safe
def team(request: HttpRequest) -> HttpResponse:
    by, now = staff_user(request), timezone.now()
    context = {
        "title": _("Team"),
        "members": queries.team_members(viewer=by, at=now),
        "my_desk": queries.my_desk(by, at=now),
        "may_assign": by.has_permission(Permission.ASSIGN),
        "today": local_date(now),
    }
    return render_staff_page(request, "staff/team.html", context)


@staff_page("tim/<int:pk>/pergi/", name="away", permission=Permission.VIEW_CASES)
@post_only
def away(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Marks a person away through a day, or back at work without one."""
    person, by, now = get_object_or_404(User, pk=pk), staff_user(request), timezone.now()
    back = "staff:inbox" if person.pk == by.pk else "staff:team"
    try:
        if "back" in request.POST:
            services.come_back(person, by=by, at=now)
            messages.success(request, _("%(name)s is back.") % {"name": person})
            return redirect(back)
        form = AwayForm(request.POST)
        if not form.is_valid():
            messages.error(request, _("Choose a day from today on, at most a year away."))
            return redirect(back)
        absence = services.mark_away(person, until=form.cleaned_data["until"], by=by, at=now)
    except DomainError as refusal:
        messages.error(request, str(refusal.message))
    else:
        messages.success(
            request,
            _("%(name)s is away through %(day)s. What was held is free again.")
            % {"name": person, "day": date_format(absence.until, "j M Y")},
        )
    return redirect(back)
