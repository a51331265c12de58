"""The check reveals published blocks and nothing else (AZ11)."""

from __future__ import annotations

import re
from urllib.parse import quote

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.formats import date_format

from aduan.numbers.parsing import parse
from tests.factories.blocklists import a_block, published
from tests.factories.numbers import a_protected_number
from tests.portal.public.forms import receipt_of, send

UNKNOWN, REPORTED = "0812-3456-7890", "0813-9999-0000"


def without_echo(answer, number: str) -> str:
    """The page without the number that was asked for, however it is written."""
    page: str = answer.text
    for written in (quote(number, safe=""), parse(number).display, number):
        page = page.replace(written, "…")
    return page


def test_unknown_and_under_review_are_the_same_bytes(client: Client) -> None:
    receipt_of(send(client, number=REPORTED))
    unknown = client.post("/cek/", {"number": UNKNOWN})
    reported = client.post("/cek/", {"number": REPORTED})
    assert unknown.status_code == reported.status_code == 200
    assert without_echo(unknown, UNKNOWN) == without_echo(reported, REPORTED)
    own = ("X-Request-ID", "Expires")  # of one request: its name and its second
    heads = [
        {name: value for name, value in answer.items() if name not in own} for answer in (unknown, reported)
    ]
    assert heads[0] == heads[1]


def test_an_unlisted_number_is_said_to_be_unlisted(client: Client) -> None:
    page = client.post("/cek/", {"number": UNKNOWN}).text
    assert "Tidak ada di daftar blokir" in page
    assert "Dua petugas memutuskan" not in page


def test_a_listed_number_is_said_to_be_listed_since_when_and_until_when(client, telkomsel, budi, citra):
    now = timezone.now()
    a_block(telkomsel, by=(budi, citra), at=now, digits=6281234567890)
    published(telkomsel, at=now)
    page = client.post("/cek/", {"number": UNKNOWN}).text
    assert "Dua petugas memutuskan" in page
    assert f"sejak {date_format(timezone.localdate(), 'j F Y')}" in page


def test_every_kind_of_unlisted_number_gets_these_bytes(client: Client) -> None:
    answers = {
        without_echo(client.post("/cek/", {"number": number}), number)
        for number in (UNKNOWN, "+1 202 555 0143", "99123")
    }
    assert len(answers) == 1


def test_the_answer_names_the_number_as_typed_and_as_read_and_carries_it_on(client: Client) -> None:
    """On 9f931d8 the answer named no number, emptied the field and led to an empty form."""
    page = client.post("/cek/", {"number": " 0812 3456  7890 "}).text
    assert "Anda mengetik 0812 3456 7890" in page
    assert "<b>+62 812-3456-7890</b>" in page
    assert 'value=" 0812 3456  7890 "' in page or 'value="0812 3456  7890"' in page
    assert 'href="/lapor/?nomor=0812%203456%207890"' in page
    form = client.get("/lapor/?nomor=0812%203456%207890").text
    assert 'value="0812 3456 7890"' in form
    assert "<script>alert" not in client.get("/lapor/?nomor=<script>alert(1)</script>").text


def test_an_official_number_is_named_also_when_nothing_is_known(client: Client) -> None:
    a_protected_number("+6281157157157", owner="Otoritas Jasa Keuangan", kind="official")
    page = client.post("/cek/", {"number": "081157157157"}).content.decode()
    assert "Otoritas Jasa Keuangan" in page


@pytest.mark.parametrize("number", ["", "abc def ghi jkl", "0812345xxxx", "\x00", "\u202e0812"])
def test_what_is_no_number_is_explained(client: Client, number: str) -> None:
    answer = client.post("/cek/", {"number": number})
    assert answer.status_code == 400
    assert 'id="error-summary"' in answer.content.decode()


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("+62 62 812-3456-7890", ["+62 812-3456-7890"]),
        ("081234567890 2", ["+62 812-3456-78902", "+62 812-3456-7890"]),
        ("081234567890 atau 085712345678", ["+62 812-3456-7890", "+62 857-1234-5678"]),
        ("081234567890 \U0001f534 2", ["+62 812-3456-7890"]),
    ],
)
def test_a_refused_spelling_offers_what_is_meant_by_one_tap_without_scripts(
    client: Client, typed: str, offered: list[str]
) -> None:
    """Before, the page said what was wrong, and the person had to type it all again."""
    answer = client.post("/cek/", {"number": typed})
    assert answer.status_code == 400
    assert re.findall(r'<button[^>]* name="chosen" value="([^"]+)"', answer.text) == offered
    assert f'value="{typed}"' in answer.text
    chosen = client.post("/cek/", {"number": typed, "chosen": offered[-1]})
    assert chosen.status_code == 200
    assert f"<b>{offered[-1]}</b>" in chosen.text


def test_what_is_no_number_offers_none(client: Client) -> None:
    assert 'id="offered"' not in client.post("/cek/", {"number": "0812345xxxx"}).text
    assert 'id="offered"' not in client.get("/cek/").text


def test_the_form_of_an_objection_offers_too_and_keeps_what_was_written(client: Client) -> None:
    typed = {"number": "+62 62 812-3456-7890", "statement": "Nomor saya sejak 2019."}
    page = client.post("/keberatan/", typed).text
    assert re.findall(r'<input type="radio" name="chosen" value="([^"]+)"', page) == ["+62 812-3456-7890"]
    assert typed["statement"] in page
    again = client.post("/keberatan/", {**typed, "chosen": "+62 812-3456-7890"}).text
    assert 'value="+62 812-3456-7890"' in again
    assert 'id="offered"' not in again


def test_the_answer_sets_no_cookie_and_is_not_kept(client: Client) -> None:
    answer = client.post("/cek/", {"number": UNKNOWN})
    assert not answer.cookies
    assert "no-store" in answer["Cache-Control"]


def test_the_first_page_has_the_field_itself(client: Client) -> None:
    page = client.get("/").text
    assert 'action="/cek/" method="post"' in page
    assert 'name="number"' in page
