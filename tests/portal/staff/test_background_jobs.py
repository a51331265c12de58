"""Work that gave up is seen by an administrator and started over; no one else may."""

from __future__ import annotations

import importlib
import re

import pytest
from django.urls import reverse

from aduan.accounts import services
from aduan.core import jobs
from aduan.core.audit_actions import AuditAction
from aduan.core.errors import Forbidden
from aduan.core.models import AuditLogEntry, Job
from aduan.notifications import services as notifications
from aduan.notifications.models import OutboxMessage
from scripts.checks.sources import PROJECT
from tests.portal.staff.login import log_in_staff

pytestmark = pytest.mark.django_db


def dead_message(now) -> OutboxMessage:
    notifications.enqueue_message(
        "complaint_received", key="k", to="sari@example.id", language="id", context={}, at=now
    )
    OutboxMessage.objects.update(state="dead", attempts=8, last_error="SMTPServerDisconnected")
    return OutboxMessage.objects.get()


def failed_job(now) -> Job:
    jobs.enqueue("build_list", "telkomsel/2026-10-01/monthly-v1", at=now)
    Job.objects.update(state="failed", attempts=8, last_error="disk full")
    return Job.objects.get()


def test_what_gave_up_stands_on_the_page_without_anybodys_address(rini, telkomsel, now, client):
    dead_message(now)
    failed_job(now)
    page = log_in_staff(client, rini).get(reverse("staff:background_jobs")).content.decode()
    assert "SMTPServerDisconnected" in page
    assert "Menyusun daftar" in page
    assert "Telkomsel, 2026-10-monthly-v1" in page
    assert "Tanda terima aduan" in page
    assert "build_list" not in page
    assert "complaint_received" not in page
    assert "sari@example.id" not in page


def kinds_of_jobs() -> set[str]:
    """Every first word of jobs.enqueue(...) in the sources, as the constant that it is there."""
    found = set()
    for path in (PROJECT / "aduan").rglob("*.py"):
        for name in re.findall(r"jobs\.enqueue\((\w+), ", path.read_text(encoding="utf-8")):
            module = ".".join(path.relative_to(PROJECT).with_suffix("").parts)
            found.add(getattr(importlib.import_module(module), name))
    return found


def test_work_of_every_kind_that_gave_up_stands_on_the_page(rini, telkomsel, now, client):
    """A kind without a label made the page an error, just when it was needed."""
    assert len(kinds_of_jobs()) >= 5
    for kind in kinds_of_jobs():
        jobs.enqueue(kind, f"telkomsel/2026-10-01/monthly-v{len(kind)}", at=now)
    Job.objects.update(state="failed", attempts=8, last_error="disk full")
    page = log_in_staff(client, rini).get(reverse("staff:background_jobs")).content.decode()
    assert page.count("disk full") == len(kinds_of_jobs())


def test_a_button_retries_it_and_the_audit_log_names_the_user(rini, now, client):
    message, job = dead_message(now), failed_job(now)
    browser = log_in_staff(client, rini)
    browser.post(reverse("staff:resend_message", args=[message.pk]))
    browser.post(reverse("staff:restart_job", args=[job.pk]))
    message.refresh_from_db()
    job.refresh_from_db()
    assert (message.state, job.state) == ("waiting", "waiting")
    acts = AuditLogEntry.objects.filter(actor=f"user:{rini.pk}").values_list("action", flat=True)
    assert {AuditAction.MESSAGE_RESEND, AuditAction.JOB_RETRY} <= set(acts)


def test_a_second_click_is_reported_that_it_runs_already(rini, now, client):
    job = failed_job(now)
    browser = log_in_staff(client, rini)
    browser.post(reverse("staff:restart_job", args=[job.pk]))
    page = browser.post(reverse("staff:restart_job", args=[job.pk]), follow=True).content.decode()
    assert "gagal" in page
    assert AuditLogEntry.objects.filter(action=AuditAction.JOB_RETRY).count() == 1


def test_a_reviewer_may_not(budi, now, client):
    job = failed_job(now)
    with pytest.raises(Forbidden):
        services.retry_job(job, by=budi, at=now)
    assert log_in_staff(client, budi).get(reverse("staff:background_jobs")).status_code == 403
