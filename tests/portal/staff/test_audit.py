"""The audit page reads the audit log, for auditors only; its export is itself on record."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.utils import translation

from aduan.accounts.roles import Role
from aduan.cases.workflow import CaseAction
from aduan.core import audit_log
from aduan.core.audit_actions import AuditAction
from aduan.core.models import AuditLogEntry
from tests.factories.accounts import person
from tests.portal.staff.login import log_in_staff


@pytest.fixture
def auditor(db):
    return person("nadia@aduan.example", "Nadia Putri", Role.AUDITOR)


def acts_in(page):
    return [str(row["action"]) for row in page.context["rows"]]


def test_only_those_who_read_the_audit_log_get_in(client, budi, auditor):
    log_in_staff(client, budi)
    assert client.get("/kelola/audit/").status_code == 403
    log_in_staff(client, auditor)
    assert client.get("/kelola/audit/").status_code == 200


def test_rows_name_people_and_can_be_narrowed(client, auditor, budi, now):
    audit_log.record(AuditAction.CASE_CLAIM, actor=f"user:{budi.pk}", subject="case:1", at=now)
    audit_log.record(
        AuditAction.CASE_ASK, actor=f"user:{budi.pk}", subject="case:2", at=now + dt.timedelta(days=2)
    )
    log_in_staff(client, auditor)
    assert "Budi Santoso" in client.get("/kelola/audit/").text
    narrowed = client.get("/kelola/audit/", {"action": "case.cl*", "who": "BUDI@aduan.example"})
    assert acts_in(narrowed) == [AuditAction.CASE_CLAIM.label]
    one_day = client.get("/kelola/audit/", {"until": now.date().isoformat()})
    assert acts_in(one_day) == [AuditAction.CASE_CLAIM.label]


def test_rows_and_filter_show_labels_and_no_codes(client, auditor, now):
    audit_log.record(AuditAction.CASE_DISMISS, actor="user:1", subject="case:1", at=now)
    log_in_staff(client, auditor)
    page = client.get("/kelola/audit/")
    assert "<td>perkara ditutup tanpa tindak lanjut</td>" in page.text
    assert '<option value="case.dismiss">perkara ditutup tanpa tindak lanjut</option>' in page.text
    assert page.text.count("case.dismiss") == 1  # the value of the option


def test_every_act_has_a_code_of_noun_and_verb_and_a_label_in_both_languages():
    for action in AuditAction:
        assert re.fullmatch(r"[a-z_]+\.[a-z_]+", action.value)
        with translation.override("en"):
            english = str(action.label)
        with translation.override("id"):
            assert str(action.label) not in (english, action.value)


def test_every_step_of_a_case_has_an_act():
    assert {f"case.{step.value}" for step in CaseAction} <= set(AuditAction.values)


def test_the_last_day_there_is_bounds_nothing(client, auditor):
    """On 66bf22ea the day after it could not be counted: 500."""
    assert log_in_staff(client, auditor).get("/kelola/audit/", {"until": "9999-12-31"}).status_code == 200


@pytest.mark.parametrize("before", ["x", "-1", "9" * 30, "' OR 1=1"])
def test_a_broken_address_shows_the_first_page(client, auditor, before):
    log_in_staff(client, auditor)
    assert client.get("/kelola/audit/", {"before": before}).status_code == 200


def test_older_pages_follow_by_key_without_counting(client, auditor, now, django_assert_max_num_queries):
    for number in range(120):
        audit_log.record(AuditAction.CASE_CLAIM, actor="user:1", subject=f"case:{number}", at=now)
    log_in_staff(client, auditor)
    first = client.get("/kelola/audit/")
    with django_assert_max_num_queries(7):  # one for the account policy (not in production)
        second = client.get("/kelola/audit/", {"before": first.context["further"]})
    assert "K-00000069" in second.text
    assert "K-00000071" not in second.text


def test_the_export_wants_a_fresh_proof_and_is_on_record(client, auditor, now):
    audit_log.record(AuditAction.CASE_CLAIM, actor="user:1", subject="case:1", at=now)
    log_in_staff(client, auditor, proved_minutes_ago=20)
    assert client.post("/kelola/audit/unduh/")["Location"].startswith("/akun/2fa/reauthenticate/")
    log_in_staff(client, auditor)
    answer = client.post("/kelola/audit/unduh/")
    assert b"case.claim" in b"".join(answer.streaming_content)
    assert answer["Content-Disposition"].startswith("attachment")
    assert AuditLogEntry.objects.latest("seq").action == AuditAction.TABLE_EXPORT
