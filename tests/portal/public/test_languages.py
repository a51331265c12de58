"""Another language for a form that is half filled in keeps what was typed, without scripts too."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template.defaultfilters import filesizeformat
from django.test import Client
from django.utils.translation import override

from aduan.appeals.models import Objection
from aduan.complaints.models import Complaint
from tests.factories.files import jpeg
from tests.portal.public.forms import filled, opened

pytestmark = pytest.mark.django_db


def test_the_complaint_form_comes_back_with_everything_and_without_complaints(client: Client) -> None:
    typed = filled(number="0812 halo", narrative="Katanya menang undian", loss="2 jutaan", category="")
    picture = SimpleUploadedFile("layar.jpg", jpeg(), "image/jpeg")
    answer = client.post("/lapor/", {**typed, "language": "en", "evidence": picture})
    page = answer.content.decode()
    assert answer.status_code == 200
    for kept in (
        'value="0812 halo"',
        "Katanya menang undian",
        'value="2 jutaan"',
        "layar.jpg",
        'name="staged"',
    ):
        assert kept in page
    assert '<html lang="en">' in page
    assert 'id="error-summary"' not in page
    assert client.cookies["django_language"].value == "en"
    assert not Complaint.objects.exists()


def test_its_buttons_belong_to_the_form(client: Client) -> None:
    page = client.get("/lapor/").content.decode()
    assert page.count('<button type="submit" form="report" name="language"') == 2
    assert 'form="' not in client.get("/bantuan/").content.decode().split("<main")[0]


def test_a_language_that_we_do_not_speak_is_no_switch(client: Client) -> None:
    answer = client.post("/lapor/", filled(category="", language="xx"))
    assert 'id="error-summary"' in answer.content.decode()
    assert "django_language" not in client.cookies


def test_an_objection_and_an_addition_keep_their_words(client: Client) -> None:
    page = client.post("/keberatan/", {"number": "0812", "statement": "Nomor saya sendiri", "language": "en"})
    assert "Nomor saya sendiri" in page.content.decode()
    assert page.status_code == 200
    assert not Objection.objects.exists()
    address = opened(client, client.post("/lapor/", filled())["Location"]).removesuffix("tanda-terima/")
    page = client.post(address, {"text": "Tadi menelepon lagi", "action": "complete", "language": "en"})
    assert "Tadi menelepon lagi" in page.content.decode()
    assert '<html lang="en">' in page.content.decode()
    assert "Tadi menelepon lagi" not in Complaint.objects.get().narrative


def test_a_few_bytes_are_called_what_people_call_them() -> None:
    """Django's own catalogue says “bita”."""
    with override("id"):
        assert filesizeformat(126).replace("\xa0", " ") == "126 byte"
