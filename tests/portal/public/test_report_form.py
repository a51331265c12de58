"""One page, checked on the server and sent: the way that works in every browser."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from aduan.complaints.models import Complaint, Evidence
from tests.factories.files import png
from tests.portal.public.forms import STORY, filled, opened, receipt_of, screenshot, send


def test_the_form_asks_at_most_six_things(client: Client) -> None:
    page = client.get("/lapor/").content.decode()
    assert page.count("data-needed=") <= 6
    assert "KTP" in page  # and only to say that it is not asked
    assert 'type="password"' not in page


def test_checking_says_what_was_understood_and_what_is_weak_and_sends_nothing(client: Client) -> None:
    page = send(client, action="check").content.decode()
    assert "+62 812-3456-7890" in page
    assert "Telkomsel" in page
    assert 'href="#id_evidence"' in page
    assert 'value="send"' in page
    assert not Complaint.objects.exists()


def test_a_sent_form_leads_to_a_receipt_that_does_not_name_the_number(client: Client) -> None:
    answer = send(client)
    ticket, secret = receipt_of(answer)
    page = client.get(opened(client, answer["Location"])).content.decode()
    assert ticket in page
    assert secret in page
    assert "3456" not in page
    assert Complaint.objects.get().narrative == STORY


def test_the_same_form_twice_is_one_complaint_and_one_receipt(client: Client) -> None:
    form = filled()
    first, second = client.post("/lapor/", form), client.post("/lapor/", form)
    assert receipt_of(first) == receipt_of(second)
    assert Complaint.objects.count() == 1


def test_a_used_form_with_other_content_is_refused_and_keeps_what_was_typed(client: Client) -> None:
    form = filled()
    client.post("/lapor/", form)
    answer = client.post("/lapor/", {**form, "number": "0815 1234 567"})
    assert answer.status_code == 409
    assert "0815 1234 567" in answer.content.decode()
    assert Complaint.objects.count() == 1


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("0812 3456 789O", "O"),  # the letter
        ("0812345xxxx", "angka"),
        ("\u202e0987654321280", "mengetik"),
        ("12", ""),
        ("", ""),
    ],
)
def test_a_number_that_cannot_be_read_comes_back_with_the_reason(
    client: Client, number: str, said: str
) -> None:
    answer = send(client, number=number)
    page = answer.content.decode()
    assert answer.status_code == 400
    assert STORY in page
    assert 'id="error-summary"' in page
    assert 'href="#id_number"' in page
    assert not Complaint.objects.exists()


def test_digits_in_other_scripts_are_stored_as_they_are_seen(client: Client) -> None:
    send(client, number="０８１２ ３４５６ ７８９０")
    assert Complaint.objects.get().number.canonical == "+6281234567890"


SPELLINGS = [
    "081234567890", "0812-3456-7890", "0812 3456 7890", "+62 812-3456-7890", "+6281234567890",
    "6281234567890", "62 812 3456 7890", "(0812) 3456 7890", "0812.3456.7890", "wa.me/6281234567890",
    "０８１２３４５６７８９０", "tel:+6281234567890",
]  # fmt: skip


def test_twelve_spellings_are_one_number_and_one_case(client: Client) -> None:
    for spelling in SPELLINGS:
        receipt_of(send(client, number=spelling, narrative=f"{STORY} {spelling}"))
    assert Complaint.objects.values("number").distinct().count() == 1
    assert Complaint.objects.values("case").distinct().count() == 1


@pytest.mark.parametrize(
    "number", ["112", "+1 202 555 0143", "BANK-INFO", "private number", "3636", "1500888"]
)
def test_what_cannot_be_blocked_is_taken_with_a_word_on_what_happens_instead(
    client: Client, number: str
) -> None:
    page = send(client, number=number, channel="sms", action="check").content.decode()
    assert 'value="send"' in page, page
    receipt_of(send(client, number=number, channel="sms"))


def test_numbers_in_the_story_are_offered_when_the_field_is_empty(client: Client) -> None:
    page = send(client, number="", narrative="Hubungi WA 0813-1111-2222 segera").content.decode()
    assert 'name="chosen"' in page
    assert "+62 813-1111-2222" in page
    answer = send(client, number="", narrative="Hubungi WA 0813-1111-2222", chosen="+62 813-1111-2222")
    receipt_of(answer)


def test_files_survive_the_check_and_arrive_with_the_complaint(client: Client) -> None:
    page = send(client, action="check", evidence=screenshot()).content.decode()
    token = re.search(r'name="staged" value="([^"]+)"', page)
    assert token is not None
    assert "chat.jpg" in page
    receipt_of(send(client, staged=token[1]))
    assert Evidence.objects.get().name == "chat.jpg"


def test_files_survive_an_error_in_another_field(client: Client) -> None:
    page = send(client, number="0812345xxxx", evidence=screenshot()).content.decode()
    assert re.search(r'name="staged" value="([^"]+)"', page)


def test_a_kept_file_can_be_taken_away_again(client: Client) -> None:
    page = send(client, action="check", evidence=screenshot()).content.decode()
    token = re.findall(r'name="staged" value="([^"]+)"', page)[0]
    receipt_of(send(client, staged=token, drop=token))
    assert not Evidence.objects.exists()


def test_a_forged_file_token_is_no_ones_file(client: Client) -> None:
    receipt_of(send(client, staged="eyJhbGciOi.forged:token"))
    assert not Evidence.objects.exists()


def test_a_file_of_another_kind_is_refused_in_words_and_the_form_is_kept(client: Client) -> None:
    answer = send(client, evidence=SimpleUploadedFile("bukti.pdf", b"%PDF-1.7 text"))
    assert answer.status_code == 400
    assert "PDF" in answer.content.decode()
    assert STORY in answer.content.decode()


def test_six_files_are_one_too_many(client: Client) -> None:
    files = [SimpleUploadedFile(f"{turn}.png", png()) for turn in range(6)]
    answer = client.post("/lapor/", {**filled(), "evidence": files})
    assert answer.status_code == 400
    assert not Complaint.objects.exists()


def test_a_robot_in_the_trap_is_reported_and_a_person_can_mend_it(client: Client) -> None:
    answer = send(client, website="http://spam.example")
    assert answer.status_code == 400
    assert 'value="http://spam.example"' in answer.content.decode()


def test_scripts_get_the_same_answers_as_data(client: Client) -> None:
    headers = {"Accept": "application/json"}
    checked = client.post("/lapor/", filled(action="check"), headers=headers).json()
    assert "+62 812-3456-7890" in checked["html"]
    wrong = client.post("/lapor/", filled(number="0812345xxxx", category=""), headers=headers)
    assert wrong.status_code == 400
    assert set(wrong.json()["errors"]) == {"number", "category"}
    sent = client.post("/lapor/", filled(), headers=headers)
    assert sent.status_code == 201
    assert client.get(sent.json()["location"], follow=True).status_code == 200


def test_a_page_without_token_or_from_elsewhere_is_refused() -> None:
    careful = Client(enforce_csrf_checks=True)
    assert careful.post("/lapor/", filled()).status_code == 403
    headers = {"Sec-Fetch-Site": "cross-site"}
    assert careful.post("/lapor/berkas/", {"file": screenshot()}, headers=headers).status_code == 403
    assert careful.post("/cek/", {"number": "0812"}, headers=headers).status_code == 403


def test_the_form_can_be_found_again_with_back_and_personal_pages_are_never_stored(client: Client) -> None:
    assert "no-store" not in client.get("/lapor/")["Cache-Control"]
    answer = send(client)
    assert "no-store" in client.get(answer["Location"])["Cache-Control"]


@pytest.mark.parametrize(
    ("written", "amount", "text"),
    [("3 jt 500 rb", 3_500_000, ""), ("Rp 1,5", None, "Rp 1,5"), ("semua tabungan", None, "semua tabungan")],
)
def test_money_as_people_write_it_is_read_and_shown_or_kept_as_text_and_never_in_the_way(
    client: Client, written: str, amount: int | None, text: str
) -> None:
    """On 9f931d8 each of these refused the whole form."""
    page = send(client, action="check", loss=written).content.decode()
    assert ("Rp\u00a03.500.000" if amount else text) in page
    receipt_of(send(client, loss=written))
    stored = Complaint.objects.get()
    assert (stored.loss, stored.loss_text) == (amount, text)


def test_every_step_after_the_first_leads_back(client: Client) -> None:
    steps = client.get("/lapor/").content.decode().split('<section class="part')[1:]
    assert ['data-step="-1"' in step for step in steps] == [False, True, True, True, True, True]
