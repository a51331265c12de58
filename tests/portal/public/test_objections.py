"""The page on which the holder of a blocked number objects."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from aduan.appeals.models import Objection
from aduan.notifications.models import OutboxMessage
from tests.factories.blocklists import a_block, published
from tests.portal.public.forms import opened, receipt_of, screenshot, send

RAKA = "0812 7000 1234"
HIS_WORD = "Nomor ini saya pakai sejak 2019 untuk warung saya."


@pytest.fixture
def listed(telkomsel, budi, citra) -> None:
    now = timezone.now()
    a_block(telkomsel, by=(budi, citra), at=now, digits=6281270001234)
    published(telkomsel, at=now)


def objected(client: Client, number: str = RAKA, **more: object):
    return client.post("/keberatan/", {"number": number, "statement": HIS_WORD, **more})


def test_a_listed_number_leads_to_a_private_page_and_a_code(client, listed):
    page = objected(client)["Location"]
    assert "KB-" in client.get(page).text
    client.post(page, {"action": "send_code"})
    assert OutboxMessage.objects.filter(kind="objection_code").count() == 1
    wrong = client.post(page, {"action": "prove", "code": "abc"}, follow=True)
    assert "salah" in wrong.text
    assert Objection.objects.get().state == "unproven"


def test_unlisted_and_reported_numbers_get_the_same_answer(client, listed):
    receipt_of(send(client, number="0813-9999-0000"))
    unknown, reported = objected(client, "0812-3456-7890"), objected(client, "0813-9999-0000")
    assert unknown.status_code == reported.status_code == 409
    without = [answer.text.split("csrfmiddlewaretoken")[0] for answer in (unknown, reported)]
    assert without[0] == without[1]
    assert not Objection.objects.exists()


def test_what_cannot_be_read_stays_in_the_form(client, listed):
    answer = objected(client, holder_since="minggu lalu")
    assert answer.status_code == 400
    assert HIS_WORD in answer.text


def test_a_wrong_secret_opens_nothing(client, listed):
    page = objected(client)["Location"]
    assert client.get(f"{page}{'x' * 22}/").status_code == 404
    assert Client().get(page).status_code == 403


def test_the_link_of_a_letter_opens_the_page_at_an_address_without_the_secret(client, listed):
    page = objected(client)["Location"]
    secret = client.cookies["secret"].value
    assert secret not in page
    device = Client()
    assert opened(device, f"{page}{secret}/") == page
    assert "KB-" in device.get(page).text
    assert f"{page}{secret}/" in device.get(page).text  # the link to keep


def test_the_number_check_shows_the_way(client, listed):
    def answer(number):  # the foot of every page has the way too
        return client.post("/cek/", {"number": number}).text.partition("<footer")[0]

    assert "/keberatan/" in answer(RAKA)
    assert "/keberatan/" not in answer("0812-3456-7890")


def test_files_of_a_form_that_is_shown_again_are_asked_for_again(client, listed):
    answer = client.post(
        "/keberatan/", {"number": "0812", "statement": "Nomor saya.", "evidence": screenshot()}
    )
    assert answer.status_code == 400
    assert "Pilih lagi berkas-berkasnya." in answer.content.decode()
    assert "Pilih lagi berkas-berkasnya." not in client.get("/keberatan/").content.decode()
