"""Leads and auditors read who opened which contact, and why."""

from __future__ import annotations

import pytest
from django.utils import timezone

from aduan.accounts.roles import Role
from aduan.complaints import services
from tests.factories import complaints as factory
from tests.factories.accounts import person
from tests.portal.staff.login import log_in_staff

WHY = "Menelepon balik <b>tentang</b> bukti"


@pytest.mark.parametrize("role", [Role.LEAD, Role.AUDITOR])
def test_the_reasons_are_read_by_leads_and_auditors(client, budi, telkomsel, role):
    reported = factory.complaint(timezone.now(), contact_email="sari@warga.example")
    services.reveal_contact(reported, by=budi, reason=WHY, at=timezone.now())
    page = log_in_staff(client, person("lia@aduan.example", "Lia", role)).get("/kelola/kontak/").text
    assert "Menelepon balik &lt;b&gt;tentang&lt;/b&gt; bukti" in page
    assert budi.name in page
    assert "sari@warga.example" not in page


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.APPROVER, Role.LIST_MANAGER, Role.ADMINISTRATOR])
def test_no_one_else_reads_them(client, db, role):
    log_in_staff(client, person("lia@aduan.example", "Lia", role))
    assert client.get("/kelola/kontak/").status_code == 403


def test_older_accesses_follow_by_key_in_a_fixed_number_of_queries(
    client, budi, telkomsel, monkeypatch, django_assert_max_num_queries
):
    monkeypatch.setattr("portal.staff.contact_access.PAGE_SIZE", 3)
    reported = factory.complaint(timezone.now(), contact_email="sari@warga.example")
    for turn in range(5):
        services.reveal_contact(reported, by=budi, reason=f"Alasan nomor ke-{turn}", at=timezone.now())
    log_in_staff(client, person("lia@aduan.example", "Lia", Role.AUDITOR))
    first = client.get("/kelola/kontak/")
    with django_assert_max_num_queries(6):  # one for the account policy (not in production)
        second = client.get("/kelola/kontak/", {"before": first.context["further"]})
    assert [row.reason[-1] for row in second.context["rows"]] == ["1", "0"]
    assert second.context["further"] is None
