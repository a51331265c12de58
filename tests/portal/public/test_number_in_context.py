"""The number field knows the channel and the complainant's own number, and offers what it asks about."""

from __future__ import annotations

import pytest
from django.test import Client

from aduan.complaints.models import Complaint
from tests.portal.public.forms import filled, receipt_of, send


def read(client: Client, number: str, channel: str = "") -> dict[str, object]:
    answer = client.post("/lapor/nomor/", {"number": number, "channel": channel})
    assert answer.status_code == 200
    found: dict[str, object] = answer.json()
    return found


def test_the_own_number_is_asked_about_and_can_be_confirmed(client: Client) -> None:
    """Filed without a question on the code before."""
    form = filled(number="0812 0000 4321", contact_phone="+62 812-0000-4321")
    asked = client.post("/lapor/", form)
    assert asked.status_code == 400
    page = asked.content.decode()
    assert "nomor Anda sendiri" in page
    assert 'name="own_number"' in page
    assert not Complaint.objects.exists()
    receipt_of(client.post("/lapor/", {**form, "own_number": "on"}))
    assert Complaint.objects.get().number.canonical == "+6281200004321"


def test_scripts_get_the_question_under_its_own_field(client: Client) -> None:
    form = filled(number="0812 0000 4321", contact_phone="0812 0000 4321", action="check")
    answer = client.post("/lapor/", form, headers={"Accept": "application/json"})
    assert list(answer.json()["errors"]) == ["own_number"]


def test_the_number_of_another_person_is_not_asked_about(client: Client) -> None:
    receipt_of(send(client, contact_phone="0812 0000 4321"))


def test_a_call_shows_no_sender_name(client: Client) -> None:
    """Accepted on the code before, although no telephone call shows one."""
    answer = read(client, "BANK-BCA", "call")
    assert answer["code"] == "sender_on_call"
    assert "Panggilan" in str(answer["error"])
    assert read(client, "BANK-BCA", "sms")["number"] == "BANK-BCA"
    assert send(client, number="BANK-BCA", channel="call").status_code == 400


@pytest.mark.parametrize(
    ("channel", "number"), [("telegram", "Telegram @budi_99"), ("whatsapp", "WhatsApp @budi_99")]
)
def test_an_account_belongs_to_the_platform_of_the_channel(client: Client, channel: str, number: str) -> None:
    assert read(client, "@budi_99", channel)["number"] == number


@pytest.mark.parametrize("channel", ["sms", "call", "other"])
def test_an_account_without_a_platform_is_asked_about(client: Client, channel: str) -> None:
    """Taken for an account on Telegram on the code before."""
    answer = read(client, "@budi_99", channel)
    assert answer["code"] == "platform_unclear"
    offered = [one["number"] for one in answer["found"]]  # type: ignore[attr-defined]
    assert offered[:3] == ["Telegram @budi_99", "WhatsApp @budi_99", "Instagram @budi_99"]
    assert read(client, offered[2], channel)["number"] == "Instagram @budi_99"


def test_a_named_platform_needs_no_channel(client: Client) -> None:
    assert read(client, "IG @budi_99", "whatsapp")["number"] == "Instagram @budi_99"
    assert read(client, "https://t.me/budi_99", "sms")["number"] == "Telegram @budi_99"


@pytest.mark.parametrize(
    ("text", "offered"),
    [
        ("081234567890 2", ["+62 812-3456-78902", "+62 812-3456-7890"]),
        ("852 9123 4567", ["+62 852-9123-4567", "+85291234567"]),
        ("+62 6281234567890", ["+62 812-3456-7890"]),
        ("wa.me/081234567890", ["+62 812-3456-7890"]),
        ("0812 3456 789O", ["+62 812-3456-7890"]),
    ],
)
def test_a_question_offers_its_readings_in_the_form_and_to_scripts(client: Client, text, offered) -> None:
    """Only numbers found in the text were offered on the code before, not the readings of the question."""
    answer = read(client, text, "whatsapp")
    assert [one["number"] for one in answer["found"]] == offered  # type: ignore[attr-defined]
    page = send(client, number=text).content.decode()
    assert all(f'value="{one}"' in page for one in offered)
    receipt_of(send(client, number=text, chosen=offered[0]))
