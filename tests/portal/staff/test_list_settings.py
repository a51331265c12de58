"""The list manager's settings, and what operators say held against their lists, as pages."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client

from aduan.accounts.models import User
from aduan.accounts.roles import Role
from aduan.blocklists import queries
from aduan.blocklists.models import Canary
from aduan.blocklists.services import AnswerRow, report_outcomes
from aduan.operators.models import Operator
from tests.factories.accounts import person
from tests.factories.blocklists import a_block, published
from tests.portal.staff.login import log_in_staff

pytestmark = pytest.mark.django_db
PAGE = "/kelola/daftar/pengaturan/"
RULES = {
    "cooling_off_hours": 6, "additions_floor": 300, "additions_factor": 3, "additions_ceiling": 10_000,
    "removals_floor": 20, "removals_percent": 2, "prefix_block_limit": 100, "freed_limit": 20,
    "urgent_delay_seconds": 120, "reason": "gelombang baru",
}  # fmt: skip


def test_two_list_managers_change_the_rules(lina: User, client: Client) -> None:
    log_in_staff(client, lina)
    assert client.post(f"{PAGE}usulkan/", RULES | {"removals_percent": 90}).status_code == 400
    assert client.post(f"{PAGE}usulkan/", RULES).status_code == 302
    rules = queries.rules_proposed()
    assert rules is not None
    assert "gelombang baru" in client.get(PAGE).content.decode()
    client.post(f"{PAGE}{rules.pk}/setujui/")
    assert queries.rules_in_force().row is None, "not the same person"
    log_in_staff(client, person("mira@aduan.example", "Mira", Role.LIST_MANAGER))
    client.post(f"{PAGE}{rules.pk}/setujui/")
    assert queries.rules_in_force().thresholds.additions_floor == 300


def test_filter_and_canaries_take_two_list_managers(telkomsel: Operator, lina: User, client: Client) -> None:
    mira = person("mira@aduan.example", "Mira", Role.LIST_MANAGER)
    log_in_staff(client, lina)
    inbound = client.post("/kelola/daftar/penyaring/telkomsel/", {"on": "1", "note": "surat 12/2026"})[
        "Location"
    ]
    assert "surat 12/2026" not in client.get(PAGE).text
    canary = {"operator": telkomsel.pk, "number": "084000000001", "category": "HADIAH", "reason": "uji"}
    assert client.post("/kelola/daftar/kenari/", canary | {"number": "081200000001"}).status_code == 400
    added = client.post("/kelola/daftar/kenari/", canary)["Location"]
    for page in (inbound, added):
        assert 'value="approve"' not in client.get(page).text
        assert client.post(page, {"step": "approve", "read": "on"}).status_code == 403
    assert not Canary.objects.exists()

    log_in_staff(client, mira)
    waiting = client.get("/kelola/orang-kedua/").text
    assert inbound in waiting
    assert added in waiting
    assert "6284000000001" in client.get(added).text
    for page in (inbound, added):
        assert client.post(page, {"step": "approve", "read": "on"}).status_code == 302
    row = Canary.objects.get()
    assert str(row.digits) in client.get(PAGE).text
    assert "surat 12/2026" in client.get(PAGE).text
    ended = client.post(f"/kelola/daftar/kenari/{row.pk}/akhiri/", {"note": "selesai"})["Location"]
    assert client.post(ended, {"step": "decline", "reason": "salah"}).status_code == 302

    log_in_staff(client, person("tono@aduan.example", "Tono", Role.AUDITOR))
    seen = client.get(PAGE).text
    assert str(row.digits) not in seen, "a canary that many know is none"
    assert '<button class="btn btn-outline-danger' not in seen
    assert client.get(added).status_code == 404
    assert client.get(inbound).status_code == 200
    assert client.post(inbound, {"step": "approve", "read": "on"}).status_code == 403
    for address in (f"kenari/{row.pk}/akhiri/", "penyaring/telkomsel/", "pengaturan/usulkan/", "kenari/"):
        assert client.post(f"/kelola/daftar/{address}", {"on": "0"}).status_code == 403


def test_a_grave_setting_asks_for_a_fresh_proof(telkomsel: Operator, lina: User, client: Client) -> None:
    log_in_staff(client, lina, proved_minutes_ago=60)
    answer = client.post(f"{PAGE}usulkan/", RULES)
    assert answer.status_code == 302
    assert "reauthenticate" in answer["Location"]
    assert queries.rules_proposed() is None


def test_what_an_operator_says_is_held_against_its_list(
    telkomsel: Operator, budi: User, citra: User, lina: User, now: dt.datetime, client: Client
) -> None:
    for digits in (6281200000001, 6281200000002, 6281200000003):
        a_block(telkomsel, by=(budi, citra), at=now, digits=digits)
    block_list = published(telkomsel, at=now)
    rows = [
        AnswerRow(1, "6281200000001", "blocked", "", ""),
        AnswerRow(2, "6281200000002", "not_ours", "", ""),
    ]
    report_outcomes(block_list, rows, list_digest=block_list.digest, at=now)
    log_in_staff(client, lina)
    assert client.get("/kelola/daftar/selisih/").status_code == 200
    page = client.get("/kelola/daftar/selisih/?operator=telkomsel&selisih=declined").content.decode()
    assert "6281200000002" in page
    assert "6281200000001" not in page
    assert client.get("/kelola/daftar/selisih/?operator=nobody&selisih=x").status_code == 200
