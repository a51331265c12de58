"""Notes, inbox, handing over and absences as people meet them on the pages."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from aduan.accounts.roles import Role
from aduan.cases import services as cases
from aduan.cases.models import Case, DecisionDraft
from aduan.core.periods import local_date
from aduan.teamwork import services
from aduan.teamwork.models import CaseNote
from tests.factories import cases as factory
from tests.factories.accounts import person
from tests.portal.staff.login import log_in_staff


@pytest.fixture
def lead(db):
    return person("lea@aduan.example", "Lea Lead", Role.LEAD)


def at(case: Case, path: str = "") -> str:
    return f"/kelola/perkara/{case.pk}/{path}"


def test_a_note_with_a_mention_reaches_the_inbox_and_opening_the_case_reads_it(client, budi, citra, case):
    log_in_staff(client, budi)
    answer = client.post(at(case, "catatan/"), {"note": "@citra rekening ini pernah muncul"})
    assert answer.status_code == 302
    other = log_in_staff(Client(), citra)
    inbox = other.get("/kelola/kotak/").text
    assert case.reference in inbox
    assert "Menyebut Anda" in inbox
    assert "rekening ini pernah muncul" not in inbox  # the text stays on the case
    assert '<span class="count">1</span>' in inbox
    assert "rekening ini pernah muncul" in other.get(at(case)).text
    assert '<span class="count">1</span>' not in other.get("/kelola/kotak/").text


def test_a_mention_of_a_colleague_who_is_away_says_so(client, budi, citra, lead, case):
    now = timezone.now()
    until = local_date(now) + dt.timedelta(days=2)
    services.mark_away(citra, by=citra, at=now, until=until)
    log_in_staff(client, budi)
    page = client.post(at(case, "catatan/"), {"note": "@citra @lea tolong lihat"}, follow=True).text
    assert f"{citra.name} tidak di tempat sampai {until.day} " in page
    assert f"{lead.name} tidak di tempat" not in page
    page = client.post(at(case, "catatan/"), {"note": "sudah jelas"}, follow=True).text
    assert "tidak di tempat sampai" not in page


def test_a_wrong_mention_loses_no_text(client, budi, case):
    log_in_staff(client, budi)
    answer = client.post(at(case, "catatan/"), {"note": "@tidakada lihat ini"})
    assert answer.status_code == 400
    assert "@tidakada lihat ini" in answer.text
    assert "tidakada" in answer.text
    assert not CaseNote.objects.exists()
    assert "@tidakada lihat ini" in client.get(at(case)).text  # kept, and offered again
    client.post(at(case, "catatan/"), {"note": "lihat ini"})
    assert not DecisionDraft.objects.exists()


def test_who_still_has_to_sign_reads_no_notes(client, budi, citra, case):
    factory.proposed(case, by=budi, at=timezone.now())
    services.write_note(case, by=budi, at=timezone.now(), text="menurut saya jelas")
    page = log_in_staff(client, citra).get(at(case)).text
    assert "menurut saya jelas" not in page
    assert "1 catatan" in page
    assert "menurut saya jelas" in log_in_staff(Client(), budi).get(at(case)).text
    client.post(at(case, "catatan/"), {"note": "saya tanya bank dulu"})
    page = client.get(at(case)).text  # what one just wrote oneself does not vanish
    assert "saya tanya bank dulu" in page
    assert "menurut saya jelas" not in page


def test_no_note_leaves_the_staff_site(client, budi, case):
    services.write_note(case, by=budi, at=timezone.now(), text="HANYA-PETUGAS")
    for address in ("/", "/pantau/", f"/api/v1/lists/{case.pk}"):
        assert "HANYA-PETUGAS" not in client.get(address).text


def test_watching_begins_and_ends_by_one_key(client, budi, case):
    log_in_staff(client, budi)
    assert 'data-key="v"' in client.get(at(case)).text
    client.post(at(case, "pantau/"), {"on": "1"})
    assert 'name="on" value="0"' in client.get(at(case)).text
    client.post(at(case, "pantau/"), {"on": "0"})
    assert 'name="on" value="1"' in client.get(at(case)).text


def test_a_reviewer_hands_over_and_the_colleague_sees_it_first(client, budi, citra, case):
    log_in_staff(client, budi)
    page = client.get(at(case, "serahkan/"))
    assert page.status_code == 200
    assert "Citra Lestari" in page.text
    assert "Budi Santoso</option>" not in page.text
    assert client.post(at(case, "serahkan/"), {"to": citra.pk}).status_code == 302
    case.refresh_from_db()
    assert case.held_by == citra
    given = log_in_staff(Client(), citra).post("/kelola/berikutnya/")
    assert given.headers["location"] == at(case)


def test_a_lead_assigns_marked_cases_to_one_person(client, budi, lead, telkomsel, case):
    other = factory.make_case(telkomsel, at=timezone.now())
    cases.claim(case, by=budi, at=timezone.now())
    log_in_staff(client, lead)
    queue = client.get("/kelola/antrean/").text
    assert 'data-key="A"' in queue
    assert 'name="cases"' in queue
    assert 'name="step" value="dismiss"' not in queue  # a lead decides nothing here
    marked = {"cases": [case.pk, other.pk]}
    first = client.post("/kelola/antrean/tugaskan/", marked)
    assert "Budi Santoso" in first.text
    client.post("/kelola/antrean/tugaskan/", {**marked, "to": budi.pk, "confirmed": "1"})
    assert set(Case.objects.filter(held_by=budi)) == {case, other}


def test_a_reviewer_assigns_no_one(client, budi, case):
    log_in_staff(client, budi)
    assert client.post("/kelola/antrean/tugaskan/", {"cases": [case.pk]}).status_code == 403
    assert 'data-key="A"' not in client.get("/kelola/antrean/").text


def test_who_is_away_is_reminded_and_takes_nothing_by_opening(client, budi, citra, lead, case):
    log_in_staff(client, budi)
    day = local_date(timezone.now()) + dt.timedelta(days=2)
    client.post(f"/kelola/tim/{budi.pk}/pergi/", {"until": day.isoformat()})
    client.get(at(case))
    case.refresh_from_db()
    assert case.held_by is None
    assert "Anda ditandai tidak di tempat" in client.get("/kelola/antrean/").text
    refused = log_in_staff(Client(), citra).post(at(case, "serahkan/"), {"to": budi.pk})
    assert refused.status_code == 400
    log_in_staff(client, lead)
    assert f"/kelola/tim/{budi.pk}/pergi/" in client.get("/kelola/tim/").text
    client.post(f"/kelola/tim/{budi.pk}/pergi/", {"back": "1"})
    log_in_staff(client, budi)
    assert "Anda ditandai tidak di tempat" not in client.get("/kelola/antrean/").text


def test_a_reviewer_marks_no_one_else_away(client, budi, citra):
    log_in_staff(client, budi)
    day = local_date(timezone.now()).isoformat()
    answer = client.post(f"/kelola/tim/{citra.pk}/pergi/", {"until": day}, follow=True)
    assert "Anda tidak memiliki izin" in answer.text
    assert "Tandai pergi" not in client.get("/kelola/tim/").text


def test_inbox_and_team_take_few_statements(client, budi, citra, case, django_assert_max_num_queries):
    for turn in range(8):
        services.write_note(case, by=citra, at=timezone.now(), text=f"@budi {turn}")
        person(f"orang{turn}@aduan.example", f"Orang {turn}", Role.REVIEWER)
    log_in_staff(client, budi)
    for address in ("/kelola/kotak/", "/kelola/tim/"):
        client.get(address)
        with django_assert_max_num_queries(9):
            client.get(address)
