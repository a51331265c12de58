"""The audit page reads the audit log, for auditors only; its export is itself on record."""

from __future__ import annotations

import datetime as dt

import pytest

from aduan.accounts.roles import Role
from aduan.core import audit_log
from aduan.core.models import AuditLogEntry
from tests.factories.accounts import person
from tests.portal.staff.login import log_in_staff


@pytest.fixture
def auditor(db):
    return person("nadia@aduan.example", "Nadia Putri", Role.AUDITOR)


def test_only_those_who_read_the_ledger_get_in(client, budi, auditor):
    log_in_staff(client, budi)
    assert client.get("/kelola/audit/").status_code == 403
    log_in_staff(client, auditor)
    assert client.get("/kelola/audit/").status_code == 200


def test_rows_name_people_and_can_be_narrowed(client, auditor, budi, now):
    audit_log.record("case.claim", actor=f"user:{budi.pk}", subject="case:1", at=now)
    audit_log.record("case.ask", actor=f"user:{budi.pk}", subject="case:2", at=now + dt.timedelta(days=2))
    log_in_staff(client, auditor)
    assert "Budi Santoso" in client.get("/kelola/audit/").text
    narrowed = client.get("/kelola/audit/", {"action": "case.cl*", "who": "BUDI@aduan.example"}).text
    assert "case.claim" in narrowed
    assert "case.ask" not in narrowed
    one_day = client.get("/kelola/audit/", {"until": now.date().isoformat()}).text
    assert "case.claim" in one_day
    assert "case.ask" not in one_day


@pytest.mark.parametrize("before", ["x", "-1", "9" * 30, "' OR 1=1"])
def test_a_broken_address_shows_the_first_page(client, auditor, before):
    log_in_staff(client, auditor)
    assert client.get("/kelola/audit/", {"before": before}).status_code == 200


def test_older_pages_follow_by_key_without_counting(client, auditor, now, django_assert_max_num_queries):
    for number in range(120):
        audit_log.record("case.claim", actor="user:1", subject=f"case:{number}", at=now)
    log_in_staff(client, auditor)
    first = client.get("/kelola/audit/")
    with django_assert_max_num_queries(6):
        second = client.get("/kelola/audit/", {"before": first.context["further"]})
    assert "case:69" in second.text
    assert "case:71<" not in second.text


def test_the_export_wants_a_fresh_proof_and_is_on_record(client, auditor, now):
    audit_log.record("case.claim", actor="user:1", subject="case:1", at=now)
    log_in_staff(client, auditor, proved_minutes_ago=20)
    assert client.post("/kelola/audit/unduh/")["Location"].startswith("/akun/reauthenticate/")
    log_in_staff(client, auditor)
    answer = client.post("/kelola/audit/unduh/")
    assert b"case.claim" in b"".join(answer.streaming_content)
    assert answer["Content-Disposition"].startswith("attachment")
    assert AuditLogEntry.objects.latest("seq").action == "export"
