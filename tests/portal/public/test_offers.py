"""A screenshot is read while the form is filled in: what was read is offered, and only a tick takes it."""

from __future__ import annotations

import random
import re
import uuid
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from aduan.complaints.models import Complaint, Evidence
from aduan.complaints.services import read_waiting, staged_files
from aduan.core.models import Job
from sample import pictures
from tests.portal.public.forms import filled, receipt_of

TEXT = "Paket Anda tertahan. Bayar Rp 25.000 ke rekening BCA 1234567890 atau buka https://paket-ulang.com/77"


def shot(seed: int = 1) -> SimpleUploadedFile:
    data = pictures.chat("0812-3456-7890", TEXT, random.Random(seed), status="online")
    return SimpleUploadedFile("chat.jpg", data, content_type="image/jpeg")


def upload(client: Client) -> str:
    answer = client.post("/lapor/berkas/", {"file": shot()})
    assert answer.status_code == 201, answer.content
    token: str = answer.json()["token"]
    return token


def offers_of(client: Client, token: str) -> dict[str, Any]:
    answer = client.post("/lapor/baca/", {"staged": token})
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


@pytest.fixture
def read(db: None) -> Any:
    """Reads what waits, as the worker does; a job is leased outside of any transaction."""

    def read_all() -> None:
        for job in Job.objects.filter(kind=staged_files.READ):
            staged_files._read(uuid.UUID(hex=job.key), at=job.created_at)
            job.delete()

    return read_all


def test_offers_come_when_they_come_and_nothing_is_ticked(client: Client, read: Any) -> None:
    token = upload(client)
    assert offers_of(client, token)["waiting"] is True
    read()
    answer = offers_of(client, token)
    assert answer["waiting"] is False
    assert "number:+62 812-3456-7890" in answer["html"]
    assert "bank_account:BCA 1234567890" in answer["html"]
    assert "checked" not in answer["html"]


def test_a_cut_out_is_a_window_on_the_page_that_only_its_form_knows(client: Client, read: Any) -> None:
    token = upload(client)
    read()
    html = offers_of(client, token)["html"]
    source = re.search(r'href="(/lapor/gambar/[^"]+)"', html)
    assert source
    page = client.get(source[1])
    assert page["Content-Type"] == "image/jpeg"
    assert page.content.startswith(b"\xff\xd8")
    assert page["Cache-Control"] == "private, max-age=600"
    assert (
        client.get(source[1].replace(source[1][20], "x" if source[1][20] != "x" else "y")).status_code == 404
    )


def test_without_scripts_the_next_page_shows_the_offers_and_a_tick_fills_the_field(
    client: Client, read: Any
) -> None:
    form = filled(number="", channel="", category="", narrative="", action="read")
    page = client.post("/lapor/", {**form, "evidence": shot()}).content.decode()
    token = re.search(r'name="staged" value="([^"]+)"', page)
    assert token
    assert 'value="read"' in page  # look again
    assert 'class="error-summary"' not in page
    read()
    page = client.post("/lapor/", {**form, "staged": token[1]}).content.decode()
    assert 'value="number:+62 812-3456-7890"' in page
    assert not Complaint.objects.exists()
    taken = ["number:+62 812-3456-7890", "link:paket-ulang.com/77"]
    sent = {
        **form,
        "staged": token[1],
        "take": taken,
        "channel": "whatsapp",
        "category": "KURIR",
        "action": "send",
    }
    receipt_of(client.post("/lapor/", sent))
    complaint = Complaint.objects.get()
    assert (complaint.number.canonical, complaint.link) == ("+6281234567890", "paket-ulang.com/77")
    assert complaint.bank_account == ""  # offered, not ticked


def test_what_was_read_goes_with_its_picture_into_the_complaint(client: Client, read: Any) -> None:
    token = upload(client)
    read()
    client.post("/lapor/", filled(staged=token))
    assert "1234567890" in Evidence.objects.get().text_read


def test_a_picture_that_was_not_read_in_time_is_not_said_to_be_empty(client: Client) -> None:
    """Where readings are shed no one knows what stands on it; it is evidence all the same."""
    token = upload(client)
    Job.objects.all().delete()  # it waited too long and was let go
    page = client.post("/lapor/", filled(staged=token, action="read")).content.decode()
    offers = page.split('id="offers"')[1].split("</section>")[0]
    assert "tidak sempat kami baca" in offers.split(">", 1)[1]


def test_an_offer_never_replaces_what_was_typed(client: Client) -> None:
    client.post("/lapor/", filled(take=["number:+62 857-1111-2222", "narrative:other"]))
    first, also = Complaint.objects.order_by("pk")
    assert (first.number.canonical, also.number.canonical) == ("+6281234567890", "+6285711112222")
    assert "other" not in first.narrative


def test_a_tick_reaches_no_other_field(client: Client) -> None:
    client.post("/lapor/", filled(take=["website:robot", "key:0", "contact_email:a@b.example"]))
    assert Complaint.objects.get().email_index is None


def test_a_pasted_message_is_offered_too(client: Client) -> None:
    answer = client.post("/lapor/baca/", {"text": f"dari 0812-3456-7890: {TEXT}"}).json()
    assert "number:+62 812-3456-7890" in answer["html"]
    assert "loss:25000" in answer["html"]


def test_where_the_sides_of_a_chat_are_unknown_the_form_says_whose_number_to_take(client: Client) -> None:
    chat = "26/11/26 08.00 - +62 813-1111-2222: siapa?\n26/11/26 08.02 - +62 857-1122-9087: kurir"
    answer = client.post("/lapor/baca/", {"text": chat}).json()
    assert "number:+62 813-1111-2222" in answer["html"]
    assert "bukan nomor Anda sendiri" in answer["html"]
    assert "lawan bicara" not in answer["html"]
    alone = client.post("/lapor/baca/", {"text": "26/11/26 08.02 - +62 857-1122-9087: kurir"}).json()
    assert "bukan nomor Anda sendiri" not in alone["html"]


def test_a_day_that_can_be_read_in_two_ways_says_which_is_which(client: Client) -> None:
    html = client.post("/lapor/baca/", {"text": "5/6/26, 9:15 PM - Rina: 0857-1122-9087"}).json()["html"]
    cards = html.split("<li>")
    assert [card for card in cards if "occurred_on:2026-06-05" in card and "tanggal ditulis sebelum" in card]
    assert [card for card in cards if "occurred_on:2026-05-06" in card and "bulan ditulis sebelum" in card]


def test_a_message_without_a_number_is_not_said_to_show_a_contact(client: Client) -> None:
    html = client.post("/lapor/baca/", {"text": "Bayar Rp 25.000 ke BCA 1234567890"}).json()["html"]
    assert "tidak menemukan nomor pihak lain" in html
    assert "nama kontak" not in html


def test_of_two_days_that_were_both_ticked_none_is_taken(client: Client) -> None:
    ticked = ["occurred_on:2026-06-05", "occurred_on:2026-05-06"]
    page = client.post("/lapor/", filled(occurred_on="", take=ticked, action="read")).content.decode()
    assert not re.search(r'<input[^>]+name="occurred_on"[^>]+value="20', page)
    one = client.post("/lapor/", filled(occurred_on="", take=ticked[:1], action="read")).content.decode()
    assert re.search(
        r'<input[^>]+name="occurred_on"[^>]+value="2026-06-05"|value="2026-06-05"[^>]+name="occurred_on"', one
    )


def test_when_many_wait_a_reading_is_shed_and_the_form_goes_on(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(staged_files, "MOST_WAITING", 0)
    token = upload(client)
    assert offers_of(client, token) == {**offers_of(client, token), "waiting": False, "count": 0}
    receipt_of(client.post("/lapor/", filled(staged=token)))


@pytest.mark.django_db(transaction=True)
def test_the_worker_reads_each_picture_once_and_lets_old_ones_go(client: Client) -> None:
    token = upload(client)
    assert read_waiting() == 1
    assert read_waiting() == 0
    assert offers_of(client, token)["count"] > 0
    old = upload(client)
    Job.objects.filter(state="waiting").update(payload={"asked": 0})
    assert read_waiting() == 0
    assert offers_of(client, old) == {**offers_of(client, old), "waiting": False, "count": 0}


def test_a_token_of_another_form_reads_nothing(client: Client) -> None:
    assert offers_of(client, "forged")["count"] == 0
    assert client.get("/lapor/gambar/forged/0/").status_code == 404


def test_the_channel_that_a_numbers_card_names_is_taken_with_it(client: Client, read: Any) -> None:
    """Without scripts. On cb4a477 the channel was asked although the screen says it."""
    token = upload(client)
    read()
    html = offers_of(client, token)["html"]
    assert "Nomor lawan bicara, di WhatsApp" in html
    along = re.findall(r'name="along" value="([^"]+)"', html)
    number = "number:+62 812-3456-7890"
    assert along == [f"{number}|channel:whatsapp"]
    for more, chosen in (
        ({"take": number}, "whatsapp"),
        ({"take": number, "channel": "sms"}, "sms"),
        ({}, ""),
    ):
        sent = {"action": "read", "staged": token, "along": along, **more}
        page = client.post("/lapor/", sent).text
        checked = re.findall(r'name="channel" value="(\w+)"[^>]* checked', page)
        assert checked == ([chosen] if chosen else []), more


def form_without_scripts(client: Client, **changes: Any) -> str:
    return client.post("/lapor/", filled(number="", channel="", **changes)).content.decode()


def test_offers_stay_on_a_page_with_errors_but_for_those_that_were_taken(client: Client, read: Any) -> None:
    token = upload(client)
    read()
    page = form_without_scripts(client, staged=token, take="number:+62 812-3456-7890", action="check")
    assert 'value="link:paket-ulang.com/77"' in page
    assert 'value="number:+62 812-3456-7890"' not in page
    assert "+62 812-3456-7890" in page


def test_a_picture_that_was_read_too_late_is_read_when_it_is_asked_for_again(
    client: Client, read: Any
) -> None:
    token = upload(client)
    Job.objects.filter(kind=staged_files.READ).update(
        created_at=timezone.now() - 2 * staged_files.LONGEST_WAIT
    )
    assert offers_of(client, token)["waiting"] is False
    page = form_without_scripts(client, staged=token, action="read")
    again = re.search(r'name="action" value="(read_again)"', page)
    assert again
    assert "Gambar masih dibaca" in form_without_scripts(client, staged=token, action=again[1])
    assert offers_of(client, token)["waiting"] is True
    read()
    page = form_without_scripts(client, staged=token, action="read")
    assert "number:+62 812-3456-7890" in page
    assert 'value="read_again"' not in page
