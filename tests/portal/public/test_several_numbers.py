"""A chat names several numbers: all are offered, the ticked ones go into one complaint with one receipt."""

from __future__ import annotations

import pytest
from django.test import Client

from aduan.cases.models import Campaign, Case
from aduan.complaints.models import Complaint
from portal.public import rate_limits
from tests.portal.public.forms import filled, progress_address, receipt_of

pytestmark = pytest.mark.django_db

NUMBERS = (
    "+62 812-3456-7890",
    "+62 857-1111-2222",
    "+62 878-2222-3333",
    "+62 895-3333-4444",
    "+62 821-4444-5555",
)
CHAT = "Selamat, Anda menang undian. " + " ".join(
    f"Hubungi admin {turn} di {number}." for turn, number in enumerate(NUMBERS, 1)
)
MANY = "\n".join(f"0812-5555-{turn:04}" for turn in range(1000, 1012))


def takes(*numbers: str) -> list[str]:
    return [f"number:{number}" for number in numbers]


def test_a_chat_with_five_numbers_offers_all_and_ticking_all_files_five_cases_on_one_receipt(
    client: Client,
) -> None:
    answer = client.post("/lapor/baca/", {"text": CHAT}).json()
    for take in takes(*NUMBERS):
        assert f'value="{take}"' in answer["html"]
    page = client.post("/lapor/", filled(number="", take=takes(*NUMBERS), action="check")).content.decode()
    for number in NUMBERS:
        assert number in page
    assert not Complaint.objects.exists()
    sent = client.post("/lapor/", filled(number="", take=takes(*NUMBERS)))
    receipt_of(sent)
    assert Case.objects.count() == 5
    assert Campaign.objects.get().size == 5
    assert Complaint.objects.order_by("pk").values("number").distinct().count() == 5


def test_the_receipt_leads_to_every_ticket_and_names_no_number(client: Client) -> None:
    sent = client.post("/lapor/", filled(other_numbers="\n".join(NUMBERS[1:])))
    receipt = client.get(progress_address(client, sent, page="tanda-terima/")).content.decode()
    for complaint in Complaint.objects.all():
        assert f"AN-{complaint.ticket[:5]}-{complaint.ticket[5:]}" in receipt
    assert not any(number in receipt for number in NUMBERS)
    progress = client.get(progress_address(client, sent)).content.decode()
    assert all(number in progress for number in NUMBERS)


def test_a_chat_with_twelve_numbers_says_how_many_it_left_out(client: Client) -> None:
    answer = client.post("/lapor/baca/", {"text": f"Nomor penipu:\n{MANY}"}).json()
    assert answer["html"].count('data-for="number"') == 10
    assert "2 nomor lain" in answer["html"]


def test_numbers_beyond_ten_are_named_before_sending(client: Client) -> None:
    page = client.post("/lapor/", filled(other_numbers=MANY, action="check")).content.decode()
    assert "3 nomor tidak ikut" in page
    client.post("/lapor/", filled(other_numbers=MANY))
    assert Complaint.objects.count() == 10


def test_a_line_that_cannot_be_read_is_named_and_nothing_is_sent(client: Client) -> None:
    answer = client.post("/lapor/", filled(other_numbers="0857-1111-2222\n12-??"))
    assert answer.status_code == 400
    assert "“12-??”" in answer.content.decode()
    assert not Complaint.objects.exists()


def test_ones_own_number_among_the_others_is_named(client: Client) -> None:
    answer = client.post("/lapor/", filled(other_numbers=NUMBERS[1], contact_phone="0857-1111-2222"))
    assert answer.status_code == 400
    assert not Complaint.objects.exists()


def test_ten_numbers_cost_what_ten_complaints_cost(client: Client) -> None:
    client.get("/lapor/")  # from here on the device is known
    rounds = rate_limits.SEND_DEVICE.count // 10
    for _turn in range(rounds):
        receipt_of(client.post("/lapor/", filled(other_numbers=MANY)))
    assert client.post("/lapor/", filled()).status_code == 429


def test_a_ticked_number_joins_the_typed_one_and_neither_is_lost(client: Client) -> None:
    receipt_of(client.post("/lapor/", filled(number="0812 3456 7890", take=takes(*NUMBERS[:2]))))
    reported = set(Complaint.objects.values_list("number__canonical", flat=True))
    assert reported == {"+6281234567890", "+6285711112222"}
