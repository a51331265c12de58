"""A form that is not taken costs no text: session end, a stale token, a fault, a refusal."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from aduan.cases.models import Case, DecisionDraft
from aduan.core.periods import local_date
from portal.staff.site import UNSENT
from tests.factories import cases as factory
from tests.factories.accounts import PASSWORD
from tests.portal.staff.login import log_in_staff

TEXT = "Sudah ditelusuri: dua pelapor menyebut rekening yang sama"
MORNING = dt.datetime(2026, 11, 18, 2, 0, tzinfo=dt.UTC)


def page(client: Client, case: Case) -> str:
    return client.get(f"/kelola/perkara/{case.pk}/").text


@pytest.mark.parametrize(
    ("path", "given"),
    [
        ("catatan/", {"note": TEXT}),
        ("tanya-operator/", {"question": TEXT}),
        ("draf/", {"step": "dismiss", "note": TEXT}),
        ("tahan/decline/", {"reason": TEXT}),
        ("nomor-lain/", {"reason": TEXT, "kind": "merge", "number": "0812 3456 7809"}),
    ],
)
def test_whatever_form_of_a_case_comes_after_the_session_ended_its_text_is_there_again(
    client, budi, telkomsel, path, given
):
    with time_machine.travel(MORNING, tick=False) as clock:
        factory.reasons()
        case = factory.make_case(telkomsel, at=timezone.now(), evidence_count=0)
        log_in_staff(client, budi)
        client.get("/kelola/antrean/")
        clock.shift(dt.timedelta(minutes=31))
        assert client.post(f"/kelola/perkara/{case.pk}/{path}", given).status_code == 302
        log_in_staff(client, budi)
        assert TEXT in page(client, case)


def test_a_form_of_no_case_that_came_too_late_is_shown_to_its_author_until_it_was_copied(client, budi, citra):
    with time_machine.travel(MORNING, tick=False) as clock:
        client.force_login(budi)
        client.get("/kelola/antrean/")
        clock.shift(dt.timedelta(minutes=31))
        log_in = client.post("/kelola/antrean/bersama/", {"note": TEXT, "step": "dismiss"})["Location"]
        left = client.session[UNSENT]
        client.post(log_in, {"login": budi.email, "password": PASSWORD})
        assert TEXT in client.get("/kelola/antrean/").text
        assert TEXT in client.get("/kelola/kotak/").text
        client.post("/kelola/ketikan/")
        assert TEXT not in client.get("/kelola/antrean/").text
        session = log_in_staff(client, citra).session
        session[UNSENT] = left
        session.save()
        assert TEXT not in client.get("/kelola/antrean/").text


def test_a_stale_token_shows_what_was_typed_and_promises_nothing(budi, case):
    careful = log_in_staff(Client(enforce_csrf_checks=True), budi)
    answer = careful.post("/kelola/antrean/bersama/", {"note": TEXT})
    assert answer.status_code == 403
    assert TEXT in answer.text
    assert "disimpan di perangkat ini" not in answer.text
    assert "kata sandi saya" not in careful.post("/akun/login/", {"password": "kata sandi saya"}).text


@pytest.mark.parametrize("note", ["abc\x00def lagi", "kata " * 20_000])
@pytest.mark.parametrize("path", ["langkah/dismiss/", "catatan/"])
def test_a_text_that_cannot_be_kept_is_refused_on_the_form_that_still_holds_it(
    client, budi, case, note, path
):
    log_in_staff(client, budi)
    given = {"note": note, "reason_code": "test-dismiss", "seen": case.contents_digest}
    answer = client.post(f"/kelola/perkara/{case.pk}/{path}", given)
    assert answer.status_code == 400
    assert note.strip()[-40:] in answer.text


def test_a_draft_that_is_too_large_is_said_to_be_lost(client, budi, case):
    log_in_staff(client, budi)
    given = {"step": "dismiss", "note": "kata " * 20_000}
    assert client.post(f"/kelola/perkara/{case.pk}/draf/", given).status_code == 400
    assert client.post(f"/kelola/perkara/{case.pk}/draf/", {**given, "note": "a\x00b"}).status_code == 204


def test_a_decision_deletes_no_note_that_was_not_sent(client, budi, case):
    log_in_staff(client, budi)
    client.post(f"/kelola/perkara/{case.pk}/draf/", {"step": "note", "note": TEXT})
    client.post(f"/kelola/perkara/{case.pk}/draf/", {"step": "ask", "note": "batal"})
    given = {"note": "", "reason_code": "test-dismiss", "seen": Case.objects.get().contents_digest}
    assert client.post(f"/kelola/perkara/{case.pk}/langkah/dismiss/", given).status_code == 302
    assert [draft.step for draft in DecisionDraft.objects.all()] == ["note"]
    assert TEXT in page(client, case)


def test_who_is_marked_away_is_given_no_case_and_takes_none(client, budi, case):
    log_in_staff(client, budi)
    day = local_date(timezone.now()) + dt.timedelta(days=2)
    client.post(f"/kelola/tim/{budi.pk}/pergi/", {"until": day.isoformat()})
    assert client.post("/kelola/berikutnya/")["Location"] == "/kelola/antrean/"
    assert client.post(f"/kelola/perkara/{case.pk}/langkah/claim/").status_code == 400
    case.refresh_from_db()
    assert case.held_by is None


def test_a_note_quotes_the_account_of_a_fraudster(client, budi, case):
    log_in_staff(client, budi)
    address = f"/kelola/perkara/{case.pk}/catatan/"
    refused = client.post(address, {"note": "Pelaku memakai @cs_bri_resmi"})
    assert "“@cs_bri_resmi”" in refused.text
    assert client.post(address, {"note": "Pelaku memakai “@cs_bri_resmi”"}).status_code == 302
