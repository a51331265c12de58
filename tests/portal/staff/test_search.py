"""Search as people search: an account, a pasted link, the beginning of a word, a complainant's e-mail."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from aduan.accounts.models import User
from aduan.blocklists.services import AnswerRow, report_outcomes
from aduan.complaints.models import Complaint
from aduan.complaints.services import reindex_cases
from aduan.core.periods import last_ended
from aduan.operators.models import Operator
from tests.factories.blocklists import a_block, published
from tests.factories.complaints import complaint
from tests.factories.referrals import platform, referred
from tests.portal.staff.login import log_in_staff

pytestmark = pytest.mark.django_db
FILE_NUMBER = "Tiket kami INC-2026/0042: pelanggan korporat"
QUEUE, COMPLAINANT = "/kelola/antrean/", "/kelola/antrean/pengadu/"


@pytest.fixture
def desk(budi: User) -> Client:
    return log_in_staff(Client(headers={"accept-language": "en"}), budi)


@pytest.fixture
def mine() -> Complaint:
    now = timezone.now() - dt.timedelta(hours=1)
    complaint(now, "0813-2222-3333", category="HADIAH", narrative="kurir membawa paket kosong ke rumah saya")
    mine = complaint(
        now,
        "0812-3456-7890",
        category="PETUGAS_BANK",
        narrative="Mereka menawarkan penghapusan tunggakan lewat telepon, saya transfer.",
        bank_account="BCA 604 555 1234 a.n. Contoh",
        link="https://hadiah-undian.example/klaim?x=1",
        contact_email="sari@contoh.id",
    )
    reindex_cases(at=timezone.now())
    return mine


@pytest.mark.parametrize(
    ("text", "by"),
    [
        ("6045551234", "account"),
        ("604-555-1234", "account"),
        ("６０４５５５１２３４", "account"),
        ("\u202a604 555 1234\u202c", "account"),
        ("604555", "account"),  # the beginning, as a picture shows it
        ("BCA 604-555-1234 atas nama Tidak Tercatat", "account"),
        ("https://hadiah-undian.example/klaim?x=1", "link"),
        ("pengha", "beginnings"),
        ("menawarkan tungg", "beginnings"),
    ],
)
def test_what_people_paste_is_found(desk: Client, mine: Complaint, text: str, by: str) -> None:
    page = desk.get(QUEUE, {"q": text})
    assert page.context["found"] == by
    assert [entry["row"].case_id for entry in page.context["shown"]] == [mine.case_id]


def test_an_amount_of_a_story_is_found(desk: Client) -> None:
    named = complaint(
        timezone.now(), "0813-2222-3344", narrative="diminta mentransfer Rp 2.750.000 malam itu juga"
    )
    reindex_cases(at=timezone.now())
    shown = desk.get(QUEUE, {"q": "2.750.000"}).context["shown"]
    assert [entry["row"].case_id for entry in shown] == [named.case_id]


@pytest.mark.parametrize(
    "around", ["https://{}", "http://127.0.0.1:8000/{}", "{}?sort=due#notes-title", "/{}"]
)
def test_the_pasted_page_of_a_case_is_found(desk: Client, mine: Complaint, around: str) -> None:
    page = f"aduan.example/kelola/perkara/{mine.case_id}/"
    text = around.format(page if around.startswith(("https", "{")) else page.partition("/")[2])
    assert [entry["row"].case_id for entry in desk.get(QUEUE, {"q": text}).context["shown"]] == [mine.case_id]


def test_what_is_not_found_is_not_said_to_be_there(desk: Client, mine: Complaint) -> None:
    """Under a filter nothing is said of complaints that the filter leaves out."""
    page = desk.get(QUEUE, {"q": "tunggakan", "category": "HADIAH"})
    assert page.context["shown"] == []
    assert "Looked for only within the filters above." in page.text
    assert "very words" not in page.text
    assert "Nothing matches." not in desk.get(QUEUE, {"q": "sari@contoh.id"}).text


def test_an_address_in_a_story_is_found_beside_the_complainants(desk: Client) -> None:
    named = complaint(
        timezone.now(), "0813-2222-3355", narrative="Uang diminta lewat cs@bank-palsu.example saja."
    )
    reindex_cases(at=timezone.now())
    page = desk.post(COMPLAINANT, {"email": "cs@bank-palsu.example"})
    assert page.context["shown"] == []
    assert [entry["row"].case_id for entry in page.context["named"]] == [named.case_id]


def test_filters_apply_together_with_words(desk: Client, mine: Complaint) -> None:
    assert len(desk.get(QUEUE, {"q": "saya"}).context["shown"]) == 2
    narrowed = desk.get(QUEUE, {"q": "saya", "category": "PETUGAS_BANK"})
    assert [entry["row"].case_id for entry in narrowed.context["shown"]] == [mine.case_id]


def test_a_complainants_cases_are_found_by_the_whole_address_only(desk: Client, mine: Complaint) -> None:
    """And never by an address in the address: the ordinary search leads to the page for it."""
    page = desk.get(QUEUE, {"q": "sari@contoh.id"})
    assert (page.context["found"], page.context["shown"]) == ("e-mail", [])
    assert f'{COMPLAINANT}" data-key="E"' in page.text
    found = desk.post(COMPLAINANT, {"email": "Sari@Contoh.id"})
    assert [entry["row"].case_id for entry in found.context["shown"]] == [mine.case_id]
    assert desk.post(COMPLAINANT, {"email": "sar@contoh.id"}).context["shown"] == []
    assert desk.post(COMPLAINANT, {"email": "sari"}).status_code == 400


def test_who_may_not_see_contacts_finds_no_complainant(lina: User, mine: Complaint) -> None:
    assert log_in_staff(Client(), lina).post(COMPLAINANT, {"email": "sari@contoh.id"}).status_code == 403


def test_an_operators_own_file_number_is_found_where_it_was_written(
    desk: Client, telkomsel: Operator, budi: User, citra: User, dewi: User
) -> None:
    now = timezone.now()
    block = a_block(telkomsel, by=(budi, citra), at=now - dt.timedelta(days=40))
    listed = published(telkomsel, at=now, period=last_ended(now))
    said = AnswerRow(1, str(block.digits), "refused", now.isoformat(), FILE_NUMBER)
    report_outcomes(listed, [said], list_digest=listed.digest, at=now, by=dewi)
    page = desk.get(QUEUE, {"q": "INC-2026/0042"})
    assert [entry["row"].case_id for entry in page.context["shown"]] == [block.case_id]
    assert page.context["found"] == "answer"


def test_a_referral_is_found_by_what_the_platform_quotes(desk: Client, budi: User, citra: User) -> None:
    now = timezone.now()
    platform()
    made = referred("0812-7777-0001", at=now, by=budi, second=citra)
    for quoted in (made.reference, f"r-{made.pk}", str(made.uid)):
        page = desk.get(QUEUE, {"q": quoted})
        assert [entry["row"].case_id for entry in page.context["shown"]] == [made.case_id], quoted
        assert page.context["found"] == "referral"
