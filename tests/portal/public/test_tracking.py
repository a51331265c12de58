"""Following a complaint: only with both keys, and only as far as the domain lets."""

import re

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from aduan.accounts.models import User
from aduan.cases.models import Case, CaseNotice
from aduan.complaints.models import Complaint, Evidence
from aduan.notifications.models import OutboxMessage
from aduan.operators.models import Operator
from aduan.teamwork.models import InboxItem
from portal.public import rate_limits
from portal.public.forms import code_in
from tests.database import as_administrator
from tests.factories.cases import proposed, signed
from tests.factories.files import chat, png
from tests.portal.public.forms import opened, progress_address, receipt_of, screenshot, send

assert mail  # the outbox posts nothing by itself: jobs do


def page_of(client: Client, **changes: object) -> str:
    return progress_address(client, send(client, **changes))


def without_tokens(text: bytes) -> bytes:
    return re.sub(rb'name="csrfmiddlewaretoken" value="[^"]+"', b"", text)


def test_ticket_and_secret_lead_to_the_page(client: Client) -> None:
    ticket, secret = receipt_of(send(client))
    answer = client.post("/lacak/", {"ticket": ticket.lower(), "secret": f" {secret} "})
    assert answer["Location"] == f"/lacak/{ticket}/"
    page = client.get(answer["Location"]).content.decode()
    assert ticket in page
    assert "+62 812-3456-7890" in page


def test_a_wrong_ticket_and_a_wrong_secret_are_the_same_answer(client: Client) -> None:
    ticket, secret = receipt_of(send(client))
    wrong_secret = client.post("/lacak/", {"ticket": ticket, "secret": secret[::-1]})
    wrong_ticket = client.post("/lacak/", {"ticket": "AN-23467-ACDEF", "secret": secret})
    assert wrong_secret.status_code == wrong_ticket.status_code == 404
    assert without_tokens(wrong_secret.content) == without_tokens(wrong_ticket.content)
    link = client.get(f"/lacak/{ticket}/{secret[::-1]}/"), client.get(f"/lacak/AN-23467-ACDEF/{secret}/")
    assert link[0].status_code == link[1].status_code == 404


def test_the_whole_receipt_or_link_may_be_pasted_into_either_field(client: Client) -> None:
    ticket, secret = receipt_of(send(client))
    receipt = f"Nomor tiket {ticket} Kode rahasia {secret.replace('-', ' ')}"
    link = f"Tautan pribadi: https://aduan.example/lacak/{ticket}/{secret}/"
    for typed in (
        {"ticket": receipt},
        {"ticket": link},
        {"ticket": "", "secret": link},
        {"ticket": f"tiket saya {ticket.lower()} ya", "secret": f"kodenya {secret.upper()}"},
    ):
        answer = Client().post("/lacak/", typed)
        assert answer.headers.get("Location") == f"/lacak/{ticket}/", typed


def test_what_is_missing_is_asked_for_at_its_field(client: Client) -> None:
    ticket, secret = receipt_of(send(client))
    page = client.post("/lacak/", {"ticket": ticket, "secret": ""})
    assert page.status_code == 400
    assert "Isi kode rahasia dari tanda terima Anda." in page.content.decode()
    page = client.post("/lacak/", {"ticket": "", "secret": secret})
    assert "Isi nomor tiket dari tanda terima Anda." in page.content.decode()


@pytest.mark.parametrize(
    "typed",
    ["842143", "842 143", "842-143", "Aduan Nomor: kode Anda 842143 untuk konfirmasi, berlaku 15 menit."],
)
def test_a_code_may_be_pasted_with_its_message(typed: str) -> None:
    assert code_in(typed) == "842143"


@pytest.mark.parametrize(
    "typed", ["74960687", "7496 0687", "Aduan Nomor: kode 74960687 untuk keberatan, berlaku 24 jam. Ketik …"]
)
def test_so_may_the_longer_code_of_an_objection(typed: str) -> None:
    assert code_in(typed) == "74960687"


def test_guessing_is_slowed_and_the_right_link_still_opens(client: Client) -> None:
    page = page_of(client)
    answers = {client.get(f"/lacak/AN-23467-ACDEF/guess{turn}/").status_code for turn in range(70)}
    assert answers == {404, 429}
    assert rate_limits.LOOKUP.count == 60
    assert client.get(page).status_code == 200


def test_what_is_missing_can_be_added(client: Client) -> None:
    page = page_of(client)
    answer = client.post(
        page, {"action": "complete", "text": "Mereka menelepon lagi.", "evidence": screenshot()}
    )
    assert answer.status_code == 302
    assert Evidence.objects.count() == 1
    assert Complaint.objects.get().updates.get().text == "Mereka menelepon lagi."
    again = client.post(page, {"action": "complete", "text": ""})
    assert again.status_code == 400


def test_several_files_are_added_at_once(client: Client) -> None:
    page = page_of(client)
    files = [SimpleUploadedFile(f"{turn}.png", png(chat(turn))) for turn in range(2)]
    client.post(page, {"action": "complete", "text": "dua", "evidence": files})
    assert Evidence.objects.count() == 2


def test_a_complaint_is_withdrawn_once(client: Client) -> None:
    page = page_of(client)
    assert client.post(page, {"action": "withdraw"}).status_code == 302
    assert Complaint.objects.get().withdrawn_at is not None
    assert client.post(page, {"action": "withdraw"}).status_code == 409


def test_that_a_blocked_number_goes_on_reaches_those_who_signed(
    client: Client, telkomsel: Operator, budi: User, citra: User
) -> None:
    """Seen to fail before: “We ask the operator about it”, and no one heard of it."""
    address, case, now = page_of(client), Case.objects.get(), timezone.now()
    proposed(case, by=budi, at=now)
    signed(case, by=citra, at=now)
    with as_administrator():  # as the list that carries it does
        CaseNotice.objects.update(announced_at=now)
    assert client.post(address, {"action": "still_active"}).status_code == 302
    heard = InboxItem.objects.filter(kind="goes_on").values_list("person", flat=True)
    assert set(heard) == {budi.pk, citra.pk}


def test_a_number_is_not_still_active_before_it_was_blocked(client: Client) -> None:
    assert client.post(page_of(client), {"action": "still_active"}).status_code == 409


def test_a_contact_is_confirmed_by_its_code(client: Client) -> None:
    page = page_of(client, contact_email="sari@example.id")
    assert "s…i@example.id" in client.get(page).content.decode()
    client.post(page, {"action": "send_code", "way": "email"})
    assert OutboxMessage.objects.filter(kind="contact_code").count() == 1
    client.post(page, {"action": "confirm", "way": "email", "code": "000000"})
    assert Complaint.objects.get().email_confirmed_at is None


def test_nonsense_acts_are_refused(client: Client) -> None:
    page = page_of(client)
    for data in ({"action": "explode"}, {}, {"action": "send_code", "way": "pigeon"}):
        assert client.post(page, data).status_code == 400


def test_personal_pages_are_not_for_search_engines_and_leak_no_address(client: Client) -> None:
    answer = client.get(page_of(client))
    assert b'<meta name="robots" content="noindex">' in answer.content
    # not "no-referrer": a browser would then hide the origin of the page's own forms as well
    assert answer["Referrer-Policy"] == "same-origin"


def test_a_link_leads_to_an_address_without_the_secret_on_every_device(client: Client) -> None:
    """On 9f931d8 the page itself stood at the address with the secret."""
    ticket, secret = receipt_of(send(client))
    link = f"/lacak/{ticket}/{secret}/"
    for device in (client, Client(), Client()):
        for _turn in range(2):
            answer = device.get(link)
            assert (answer.status_code, answer["Location"]) == (302, f"/lacak/{ticket}/")
            cookie = answer.cookies["secret"]
            assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
            assert cookie["path"] == f"/lacak/{ticket}/"
        page = device.get(f"/lacak/{ticket}/")
        assert page.status_code == 200
        assert secret not in page.content.decode()
    assert Complaint.objects.values_list("still_active_at", "withdrawn_at").get() == (None, None)


def test_the_address_alone_opens_nothing_and_is_alike_for_every_ticket(client: Client) -> None:
    ticket, _secret = receipt_of(send(client))
    stranger = Client()
    answers = [stranger.get(f"/lacak/{name}/") for name in (ticket, "AN-23467-ACDEF")]
    assert [answer.status_code for answer in answers] == [403, 403]
    texts = [without_tokens(answer.content).replace(ticket.encode(), b"AN-23467-ACDEF") for answer in answers]
    assert texts[0] == texts[1]
    assert stranger.post(f"/lacak/{ticket}/", {"action": "withdraw"}).status_code == 403
    assert stranger.get(f"/lacak/{ticket}/tanda-terima/").status_code == 403


def test_a_page_of_an_earlier_version_still_sends_what_was_typed(client: Client) -> None:
    ticket, secret = receipt_of(send(client))
    answer = client.post(f"/lacak/{ticket}/{secret}/", {"action": "complete", "text": "Tambahan."})
    assert (answer.status_code, answer["Location"]) == (307, f"/lacak/{ticket}/")
    client.post(answer["Location"], {"action": "complete", "text": "Tambahan."})
    assert Complaint.objects.get().updates.get().text == "Tambahan."


def test_the_cookie_of_one_complaint_opens_no_other(client: Client) -> None:
    first, second = receipt_of(send(client)), receipt_of(send(client, number="0813-4444-5555"))
    opened(client, f"/lacak/{first[0]}/{first[1]}/")
    assert client.get(f"/lacak/{second[0]}/").status_code in {403, 404}


def test_the_promised_time_and_what_can_be_done_stand_beside_the_timeline(client: Client) -> None:
    page = client.get(page_of(client)).content.decode()
    moment = r"(\w+, \d+ \w+ 20\d\d, \d\d\.\d\d WIB)"
    promised = re.findall(rf'(?:<b>|class="promise-date">[^<]*<time[^>]*>){moment}', page)
    assert len(promised) == 2
    assert len(set(promised)) == 1
    assert page.index('class="promise') < page.index('class="timeline"') < page.index('class="todo-list"')
    for target in re.findall(r'<li><a href="#(\w+)"', page):
        assert f'id="{target}"' in page


def test_a_withdrawn_complaint_promises_no_time(client: Client) -> None:
    address = page_of(client)
    client.post(address, {"action": "withdraw"})
    page = client.get(address).content.decode()
    assert 'class="promise' not in page
    assert 'href="#complete"' not in page
