"""AZ14, AZ16: every act of the desk wants the page's own token, every grave one a fresh proof of who acts."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.test import Client
from django.urls import resolve, reverse
from django.utils import timezone

from aduan.accounts.roles import Role
from aduan.cases.models import Case
from aduan.complaints.models import Complaint, ContactAccess
from aduan.core.models import AuditLogEntry
from portal.staff.site import site
from tests.factories import cases as factory
from tests.factories import complaints
from tests.factories.accounts import person
from tests.portal.second_factor import code_now
from tests.portal.staff.login import log_in_staff
from tests.portal.test_access_matrix import MINISTRYS, SAMPLES, concrete

EVERYTHING = [role for role in Role if role != Role.OPERATOR_PERSON]
KEYS = SAMPLES | {"key": "1", "complaint": "1", "step": "claim", "part": "clean", "code": "telkomsel"}
OWN = [f"kelola/{page.route}" for page in site.pages.values()]
FOREIGN = [
    {},
    {"origin": "https://jahat.example", "sec-fetch-site": "cross-site"},
    {"referer": "https://jahat.example/halaman"},
    {"origin": "null"},
]
# Acts that want a proof not older than a quarter of an hour.
GRAVE = {
    "sign_proposal", "campaign_sign", "reveal", "audit_export", "dashboard_export", "resume_list",
    "reject_list", "lift_stop", "invite", "person", "confirm_possession", "change_request", "protected",
    "second_possession", "hold_action", "hold_rules", "settle_recycled", "warning_action",
}  # fmt: skip


@pytest.fixture
def everybody(db):
    return person("semua@aduan.example", "Semua Peran", *EVERYTHING)


@pytest.mark.parametrize("headers", FOREIGN, ids=["no token", "foreign origin", "foreign referer", "null"])
def test_no_address_of_the_desk_acts_without_its_token(everybody, headers: dict[str, str]):
    careful = Client(enforce_csrf_checks=True)
    log_in_staff(careful, everybody)
    before = AuditLogEntry.objects.count()
    for address in {*OWN, *MINISTRYS}:
        answer = careful.post(concrete(address, KEYS), {"reason": "x"}, headers=headers)
        harmless = answer.status_code == 405 or "login" in address or "logout" in address
        assert answer.status_code == 403 or harmless, (address, answer.status_code)
    assert AuditLogEntry.objects.count() == before


def test_no_request_of_another_kind_acts_either(everybody):
    client = log_in_staff(Client(), everybody)
    for address in OWN:
        for method in ("put", "patch", "delete"):
            answer = getattr(client, method)(concrete(address, KEYS))
            assert answer.status_code in {403, 404, 405}, (method, address)


def test_every_grave_act_asks_again_after_a_quarter_of_an_hour(everybody):
    """Whatever else is missing, the question who is there comes first; a fresh proof comes through."""
    stale, fresh = Client(), Client()
    log_in_staff(stale, everybody, proved_minutes_ago=20)
    log_in_staff(fresh, everybody, proved_minutes_ago=14)
    known = {page.name: f"kelola/{page.route}" for page in site.pages.values()}
    assert known.keys() >= GRAVE
    for name in GRAVE:
        address = concrete(known[name], KEYS | {"step": "confirm"})
        asked = stale.post(address, {"reason": "x"})
        assert asked.status_code == 302, (name, asked.status_code)
        assert resolve(asked["Location"].partition("?")[0]).url_name == "mfa_reauthenticate", name
        passed = fresh.post(address, {"reason": "x"})
        assert "reauthenticate" not in passed.headers.get("Location", ""), name


def test_twenty_minutes_later_nothing_is_shown_and_after_the_proof_it_is(budi, telkomsel):
    client = Client()
    with time_machine.travel(dt.datetime(2026, 11, 18, 2, 0, tzinfo=dt.UTC), tick=False) as clock:
        reported: Complaint = complaints.complaint(timezone.now(), contact_email="sari@warga.example")
        log_in_staff(client, budi, proved_minutes_ago=0)
        address = reverse("staff:reveal", args=[reported.case_id, reported.pk])
        clock.shift(dt.timedelta(minutes=20))
        asked = client.post(address, {"reason": "Menelepon balik pelapor"})
        assert asked["Location"].startswith("/akun/2fa/reauthenticate/")
        assert not ContactAccess.objects.exists()
        done = client.post(asked["Location"], {"code": code_now()}, follow=True)
        assert "sari@warga.example" in done.text
        assert ContactAccess.objects.count() == 1


def test_a_signature_that_had_to_wait_for_the_proof_counts_once(budi, citra, telkomsel):
    client = Client()
    with time_machine.travel(dt.datetime(2026, 11, 18, 2, 0, tzinfo=dt.UTC), tick=False) as clock:
        case: Case = factory.make_case(telkomsel, at=timezone.now(), evidence_count=0)
        factory.proposed(case, by=budi, at=timezone.now(), evidence_ids=[])
        log_in_staff(client, citra, proved_minutes_ago=0)
        clock.shift(dt.timedelta(minutes=20))
        case.refresh_from_db()
        sent = {"agrees": "yes", "compared": "on", "seen": case.contents_digest}
        asked = client.post(reverse("staff:sign_proposal", args=[case.pk]), sent)
        case.refresh_from_db()
        assert case.status == "proposed"
        client.post(asked["Location"], {"code": code_now()}, follow=True)
        case.refresh_from_db()
        assert case.status == "confirmed"
        assert case.proposals.get().second_by == citra
