"""Reviewers see who objects, say whose number it is, and answer on the case page."""

from __future__ import annotations

import pytest

from aduan.appeals import services
from aduan.appeals.models import Objection
from aduan.blocklists.queries import published_block
from aduan.cases.models import ChangeRequest
from aduan.numbers.parsing import parse
from tests.factories.blocklists import a_block, published
from tests.factories.cases import dina
from tests.portal.staff.login import log_in_staff

pytestmark = pytest.mark.django_db
HIS_WORD = "Nomor ini saya pakai sejak 2019 untuk warung saya."


@pytest.fixture
def objection(telkomsel, budi, citra, now) -> Objection:
    a_block(telkomsel, by=(budi, citra), at=now, digits=6281270001234)
    return services.file_objection(
        parse("0812 7000 1234"), statement=HIS_WORD, holder_since=None, email="", language="id", at=now
    )


def test_possession_is_confirmed_with_a_note_and_then_answered_on_the_case_page(objection, agus, client):
    log_in_staff(client, agus)
    assert HIS_WORD in client.get("/kelola/keberatan/").text
    client.post(f"/kelola/keberatan/{objection.pk}/pemilik/", {"note": "Surat operator"})
    objection.refresh_from_db()
    assert objection.state == "open"
    page = client.get(f"/kelola/perkara/{objection.case_id}/").text
    assert HIS_WORD in page
    assert "Surat operator" in page
    objection.case.refresh_from_db()
    seen = objection.case.contents_digest
    address = f"/kelola/perkara/{objection.case_id}/langkah/settle_objection/"
    sent = {"upheld": "yes", "reason": "Pemilik sah.", "then": "stay"}
    assert client.post(address, {**sent, "seen": "x"}).status_code == 409
    answer = client.post(address, {**sent, "seen": seen})
    assert answer.status_code == 302, answer.text
    objection.refresh_from_db()
    assert objection.state == "open"
    asked = ChangeRequest.objects.get()
    log_in_staff(client, dina())
    assert f"/kelola/orang-kedua/{asked.pk}/" in client.get(f"/kelola/perkara/{objection.case_id}/").text
    client.post(f"/kelola/orang-kedua/{asked.pk}/", {"step": "confirm", "compared": "on", "seen": seen})
    objection.refresh_from_db()
    assert (objection.state, objection.answer) == ("upheld", "Pemilik sah.")


def test_the_page_says_what_an_objection_does_to_a_number_on_a_list(objection, telkomsel, agus, now, client):
    """It said that no list has the number; the one that is published keeps it until it is lifted."""
    published(telkomsel, at=now)
    services.confirm_possession(objection, by=agus, note="Surat operator", at=now)
    assert published_block(objection.number.digits, now.date()) is not None
    log_in_staff(client, agus)
    page = " ".join(client.get("/kelola/keberatan/").text.split())
    assert "Nomor yang sudah ada di daftar tetap di sana" in page
    assert "tidak ada daftar yang memuat" not in page


def test_possession_needs_a_fresh_proof_of_who_asks(objection, agus, client):
    log_in_staff(client, agus, proved_minutes_ago=60)
    client.post(f"/kelola/keberatan/{objection.pk}/pemilik/", {"note": "Surat operator"})
    objection.refresh_from_db()
    assert objection.state == "unproven"


def test_a_lead_reads_and_does_not_confirm(objection, client):
    from aduan.accounts.roles import Role
    from tests.factories.accounts import person

    log_in_staff(client, person("sita@aduan.example", "Sita", Role.LEAD))
    page = client.get("/kelola/keberatan/").text
    assert HIS_WORD in page
    assert 'name="note"' not in page
    assert client.post(f"/kelola/keberatan/{objection.pk}/pemilik/", {"note": "x"}).status_code == 403


def test_the_objection_that_a_letter_quotes_is_found_behind_those_of_strangers(objection, agus, now, client):
    """The newest hundred are shown: a hundred of a stranger hid the one of the letter on 673d926f."""
    for _turn in range(101):
        services.file_objection(
            parse("0812 7000 1234"), statement="Nomor saya juga.", holder_since=None, email="",
            language="id", at=now,
        )  # fmt: skip
    log_in_staff(client, agus)
    assert HIS_WORD not in client.get("/kelola/keberatan/").text
    for quoted in (
        objection.reference,
        objection.reference.lower(),
        str(objection.pk),
        f" KB {objection.pk} ",
    ):
        page = client.get("/kelola/keberatan/", {"kutipan": quoted}).text
        assert HIS_WORD in page, quoted
        assert "Nomor saya juga." not in page
    assert "tidak ada" in client.get("/kelola/keberatan/", {"kutipan": "KB-<b>"}).text.lower()
