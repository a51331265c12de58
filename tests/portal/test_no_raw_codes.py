"""No page, mail or export shows a raw code, a primary key or a dictionary key."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from aduan.accounts.models import User
from aduan.accounts.roles import MINISTRY_ROLES, Role
from aduan.blocklists.models import BlockList, RejectedOutcomeReport
from aduan.cases import services as cases
from aduan.cases.models import Alarm
from aduan.core import audit_log, jobs
from aduan.core.audit_actions import AuditAction
from aduan.core.models import Job
from aduan.notifications import services as notifications
from aduan.notifications.models import OutboxMessage
from aduan.numbers.models import RoutingTask
from aduan.numbers.services import load_reference, open_routing_task
from aduan.operators.models import Operator
from portal.common.differences import REJECTED
from portal.staff.background_labels import JOBS, MESSAGES
from portal.tasks.mail import render_text
from tests.browser.staff.page_inventory import InventoryPage, PageInventory
from tests.factories import cases as make
from tests.factories.accounts import person
from tests.factories.blocklists import a_block, published
from tests.portal.codes import codes_in, stored_words, text_of
from tests.portal.staff.login import log_in_staff


def test_codes_are_found_in_what_people_read_and_nowhere_else():
    page = '<head></head><a href="/x?kind=list_due" title="case:12">list_due</a><p>case.dismiss</p>'
    assert codes_in(text_of(page)) == {"case:12", "list_due", "case.dismiss"}
    assert codes_in(text_of("<td>confirmed</td><td>Budi (published)</td>")) == {"confirmed", "published"}
    assert codes_in(text_of("<td>disetujui</td><code>list_due</code><p>a@b_c.id K-00000012</p>")) == set()
    assert len(stored_words()) > 80


def every_code(telkomsel: Operator, rini: User, now: dt.datetime) -> None:
    """Beside the world of the inventory: each code of alarms, tasks, jobs, messages, reports and acts."""
    load_reference()
    person("semua@aduan.example", "Semua Peran", *(Role(role) for role in MINISTRY_ROLES))
    for kind in Alarm.Kind:
        cases.raise_alarm(kind, person=rini, at=now, detail={})
    for reason in RoutingTask.Reason:
        number = make.number(telkomsel, at=now)
        open_routing_task(number, reason=reason, raised_by_id=telkomsel.pk, note="", at=now)
    for job in JOBS:
        jobs.enqueue(job, f"telkomsel/2026-10-01/monthly-v{len(job)}", at=now)
    Job.objects.update(state="failed", attempts=8)
    for message in MESSAGES:
        notifications.enqueue_message(
            message, key=message, to="sari@example.id", language="id", context={}, at=now
        )
    OutboxMessage.objects.filter(key__in=MESSAGES).update(state="dead", attempts=8)
    newest = BlockList.objects.filter(state=BlockList.State.PUBLISHED).latest("pk")
    for code in REJECTED:
        RejectedOutcomeReport.objects.create(
            operator=newest.operator, block_list=newest, code=code, list_digest="", at=now
        )
    for action in AuditAction:
        audit_log.record(action, actor=f"user:{rini.pk}", subject=f"user:{rini.pk}", at=now)


@pytest.fixture
def pages(telkomsel, indosat, budi, citra, rini) -> list[InventoryPage]:
    found = PageInventory(budi, citra, telkomsel, indosat).build()
    every_code(telkomsel, rini, timezone.now())
    return found


def test_no_page_of_the_staff_site_shows_a_code(pages: list[InventoryPage], client: Client):
    wrong: list[str] = []
    seen: set[str] = set()
    for page in pages:
        if page.who is None or page.address in seen:
            continue
        seen.add(page.address)
        log_in_staff(client, page.who)
        answer = client.get(page.address, follow=True)
        assert answer.status_code in (200, 403, 404), page.name
        wrong += [f"{page.name}: {code}" for code in sorted(codes_in(text_of(answer.text)))]
    assert len(seen) > 35
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("name", ["home", "differences", "performance", "clocks", "traces", "keys"])
def test_no_page_of_an_operator_shows_a_code(indosat, eko, rini, budi, citra, client: Client, name: str):
    """The page for outcome files is left out: it explains the columns of the format by their names."""
    now = timezone.now()
    a_block(indosat, by=(budi, citra), at=now, digits=6281500000001)
    block_list = published(indosat, at=now)
    for code in REJECTED:
        RejectedOutcomeReport.objects.create(
            operator=indosat, block_list=block_list, code=code, list_digest="", at=now
        )
    log_in_staff(client, eko)
    answer = client.get(reverse(f"operators:{name}"))
    assert answer.status_code == 200
    assert not codes_in(text_of(answer.text))


def test_the_readable_columns_of_the_audit_export_show_no_code(pages: list[InventoryPage], client: Client):
    log_in_staff(client, person("nadia2@aduan.example", "Nadia", Role.AUDITOR))
    answer = client.post("/kelola/audit/unduh/")
    text = answer.getvalue().decode("utf-8-sig")
    rows = list(csv.DictReader(text.splitlines()))
    assert {row["action"] for row in rows} >= set(AuditAction.values) - {AuditAction.TABLE_EXPORT}
    for row in rows:
        assert not codes_in("\n".join(row[name] for name in ("who", "act", "on_what", "details"))), row


def test_every_message_has_a_label_and_shows_no_code(pages: list[InventoryPage]):
    templates = {path.stem for path in Path(settings.BASE_DIR, "templates/emails").glob("*.txt")}
    assert templates - {"message"} == set(MESSAGES)
    sent: list[notifications.OutgoingMessage] = []
    notifications.send_due(sent.append, at=timezone.now())
    assert {"complaint_received", "list_stopped"} <= {letter.kind for letter in sent}
    for letter in sent:
        subject, paragraphs = render_text(letter)
        words = "\n".join(text for text in (subject, *paragraphs) if "://" not in text)
        assert not codes_in(words), letter.kind
