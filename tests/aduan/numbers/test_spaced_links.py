"""Links that no machine follows, with spaces, words or brackets for their dots, are found all the same."""

from __future__ import annotations

import pytest

from aduan.numbers.parsing import numbers_in, read_text

CAMBODIA = [
    "wa . me / 85512345678",
    "wa .me/85512345678",
    "wa. me/85512345678",
    "WA . ME / 85512345678",
    "wa,me/85512345678",
    "wa[dot]me/85512345678",
    "wa(dot)me/85512345678",
    "wa (titik) me / 85512345678",
    "wa dot me slash 85512345678",
    "wa titik me garing 85512345678",
    "wa.me\\85512345678",
    "wa . me / +855 12 345 678",
    "https://wa.me /85512345678",
    "https : // wa.me / 85512345678",
    "api . whatsapp . com / send?phone=85512345678",
    "viber://chat?number=%2B85512345678",
    "viber://add?number=85512345678",
    "intent://send/85512345678#Intent;scheme=smsto",
    "https://signal.me/#p/+85512345678",
    "85512345678 @ s.whatsapp.net",
    "85512345678 @ c.us",
    "t . me / +85512345678",
]
INDONESIA = [
    "wa . me / 6281234567890",
    "wa . me / 62 812-3456-7890",
    "wa . me / 081234567890",
    "t [dot] me / +6281234567890",
    "viber://chat?number=%2B6281234567890",
    "6281234567890 @ s . whatsapp . net",
]
NAMES = ["t . me / penipu_id", "t [dot] me / penipu_id", "telegram . me / @penipu_id", "t.me\\penipu_id"]
SITES = {
    "klik toko-palsu . com / login ya": "toko-palsu.com/login",
    "buka bit .ly/3abcd sekarang": "bit.ly/3abcd",
    "cek bca-promo . co . id / form": "bca-promo.co.id/form",
}
NOTHING = [
    "terima kasih. Me / kami tunggu 3 hari",
    "nama. ID / NIK harap dikirim",
    "beli di tokonya . ok / tidak ya",
    "harga 5.000. Me/you",
    "bayar via ovo, dana, gopay, dll / cod",
    "klik toko - palsu . com / login",
]


def found(text: str) -> list[str]:
    return [span.parsed.canonical for span in numbers_in(text)]


@pytest.mark.parametrize("link", CAMBODIA)
@pytest.mark.parametrize("around", ["{}", "Hubungi admin {} untuk cairkan dana.", "klik\n{}\nbatas 2 jam"])
def test_a_spaced_link_to_a_foreign_number_is_that_number(link, around):
    text = around.format(link)
    assert found(text) == ["+85512345678"]
    assert read_text(text).links == ()


@pytest.mark.parametrize("link", INDONESIA)
def test_a_spaced_link_to_an_indonesian_number_is_that_number(link):
    assert found(f"Hubungi {link}") == ["+6281234567890"]


@pytest.mark.parametrize("link", NAMES)
def test_a_spaced_link_to_an_account_is_that_account(link):
    assert found(f"Hubungi {link} ya") == ["telegram:@penipu_id"]


@pytest.mark.parametrize("text", SITES)
def test_a_spaced_link_to_a_site_is_offered_as_a_link(text):
    assert read_text(text).links == (SITES[text],)


@pytest.mark.parametrize("text", NOTHING)
def test_the_end_of_a_sentence_is_no_link(text):
    contents = read_text(text)
    assert (contents.numbers, contents.links) == ((), ())


def test_a_span_of_a_spaced_link_says_where_it_stands():
    text = "Hub wa . me / 85512345678, terima kasih"
    (span,) = numbers_in(text)
    assert text[span.start : span.end] == span.text == "wa . me / 85512345678"


def test_digits_behind_a_spaced_link_do_not_join_it():
    assert found("wa . me / 6281234567890 2 jam") == ["+6281234567890"]
    assert found("wa . me / 85512345678 50 juta") == ["+85512345678"]
