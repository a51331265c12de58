"""Background work: what waits, what gave up, and letting it start over. For administrators."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from aduan.accounts import services
from aduan.accounts.roles import Permission
from aduan.complaints.evidence_queries import evidence_backlog
from aduan.core import jobs
from aduan.core.errors import DomainError
from aduan.core.models import Job
from aduan.notifications import queries
from aduan.notifications.models import OutboxMessage
from portal.common.methods import post_only
from portal.staff.background_labels import JOBS, MESSAGES, job_names
from portal.staff.rendering import render_staff_page, staff_user
from portal.staff.site import staff_page

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse, HttpResponseBase


@staff_page(
    "latar/",
    name="background_jobs",
    permission=Permission.MANAGE_BACKGROUND_JOBS,
    title=gettext_lazy("Background work"),
    menu_order=90,
)
@require_safe
def background_jobs(request: HttpRequest) -> HttpResponse:
    failed = list(jobs.failed())
    names = job_names(failed)
    context = {
        "title": _("Background work"),
        "outbox": queries.outbox(),
        "files": evidence_backlog(),
        "jobs": [{"row": job, "label": JOBS[job.kind], "name": names[job.pk]} for job in failed],
        "given_up": [(MESSAGES[message.kind], message) for message in queries.undelivered()],
    }
    return render_staff_page(request, "staff/background_jobs.html", context)


@staff_page("latar/tugas/<int:pk>/", name="restart_job", permission=Permission.MANAGE_BACKGROUND_JOBS)
@post_only
def restart_job(request: HttpRequest, pk: int) -> HttpResponseBase:
    job = get_object_or_404(Job, pk=pk)
    try:
        services.retry_job(job, by=staff_user(request), at=timezone.now())
        messages.success(request, _("It starts over within a minute."))
    except DomainError as refusal:
        messages.error(request, str(refusal.message))
    return redirect("staff:background_jobs")


@staff_page("latar/pesan/<int:pk>/", name="resend_message", permission=Permission.MANAGE_BACKGROUND_JOBS)
@post_only
def resend_message(request: HttpRequest, pk: int) -> HttpResponseBase:
    message = get_object_or_404(OutboxMessage, pk=pk)
    try:
        services.resend_message(message, by=staff_user(request), at=timezone.now())
        messages.success(request, _("It leaves within a minute."))
    except DomainError as refusal:
        messages.error(request, str(refusal.message))
    return redirect("staff:background_jobs")
