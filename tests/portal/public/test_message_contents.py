"""A pasted message is answered with its numbers, links and payment accounts, each for its field."""

from __future__ import annotations

import json

import pytest
from django.test import Client

from tests.aduan.numbers.test_messages import FAULTS

pytestmark = pytest.mark.django_db
TEXT_FAULTS = [
    row for row in map(json.loads, FAULTS.read_text("utf-8").splitlines()) if row["area"] == "number.text"
]


def contents_of(client: Client, text: str) -> dict[str, list]:
    answer = client.post("/lapor/nomor/", {"text": text})
    assert answer.status_code == 200
    found: dict[str, list] = answer.json()
    return found


def test_each_thing_is_offered_for_its_field(client: Client) -> None:
    """The answer held the numbers only, and of these neither the account of Telegram nor the bold one."""
    answer = contents_of(
        client,
        "Depo ke *BRI 0012-01-000123-53-9* a.n. Fiktif, daftar hxxps://WWW.slot-fiktif[.]com/Daftar/ "
        "CS *0812-0000-7001* atau Telegram @cs_fiktif_slot",
    )
    assert [one["number"] for one in answer["found"]] == ["+62 812-0000-7001", "Telegram @cs_fiktif_slot"]
    assert answer["links"] == ["slot-fiktif.com/Daftar"]
    assert answer["payment_accounts"] == ["BRI 001201000123539"]


def test_a_message_that_holds_nothing_says_so(client: Client) -> None:
    assert contents_of(client, "Terima kasih ya") == {"found": [], "links": [], "payment_accounts": []}


@pytest.mark.parametrize("row", TEXT_FAULTS, ids=lambda row: row["id"])
def test_a_reported_fault_of_a_text_is_mended_for_the_form(client: Client, row: dict[str, str]) -> None:
    expected = [value for value in row["expected"].strip("[]").split(",") if value]
    numbers = [one["number"] for one in contents_of(client, row["input"])["found"]]
    plain = [number.replace(" ", "").replace("-", "") for number in numbers]
    assert plain == [value.replace("telegram:", "Telegram") for value in expected]


def test_the_end_of_a_long_chat_is_read_too(client: Client) -> None:
    """After 10,000 characters nothing was found."""
    chat = "18/11/25 08.02 - Saya: belum ada kabar ya\n" * 1_500
    assert [one["number"] for one in contents_of(client, chat + "dia 0870-7654-0001")["found"]] == [
        "+62 870-7654-0001"
    ]
