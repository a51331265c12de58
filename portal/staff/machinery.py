"""Background work: what waits, what gave up, and letting it start over. For administrators."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from aduan.accounts import services
from aduan.accounts.roles import Permission
from aduan.complaints.queries import waiting_for_examination
from aduan.core import jobs
from aduan.core.errors import DomainError
from aduan.core.models import Job
from aduan.notifications import queries
from aduan.notifications.models import OutboxMessage
from portal.staff.shown import person, show
from portal.staff.site import page

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse, HttpResponseBase


@page(
    "latar/",
    name="machinery",
    permission=Permission.TEND_MACHINERY,
    title=gettext_lazy("Background work"),
    place=90,
)
@require_safe
def machinery(request: HttpRequest) -> HttpResponse:
    context = {
        "title": _("Background work"),
        "outbox": queries.outbox(),
        "files": waiting_for_examination(),
        "jobs": jobs.failed(),
        "given_up": queries.given_up(),
    }
    return show(request, "staff/machinery.html", context)


@page("latar/tugas/<int:pk>/", name="start_over", permission=Permission.TEND_MACHINERY)
@require_POST
def start_over(request: HttpRequest, pk: int) -> HttpResponseBase:
    job = get_object_or_404(Job, pk=pk)
    try:
        services.start_over(job, by=person(request), at=timezone.now())
        messages.success(request, _("It starts over within a minute."))
    except DomainError as refusal:
        messages.error(request, str(refusal.message))
    return redirect("admin:machinery")


@page("latar/pesan/<int:pk>/", name="send_again", permission=Permission.TEND_MACHINERY)
@require_POST
def send_again(request: HttpRequest, pk: int) -> HttpResponseBase:
    message = get_object_or_404(OutboxMessage, pk=pk)
    try:
        services.send_again(message, by=person(request), at=timezone.now())
        messages.success(request, _("It leaves within a minute."))
    except DomainError as refusal:
        messages.error(request, str(refusal.message))
    return redirect("admin:machinery")
