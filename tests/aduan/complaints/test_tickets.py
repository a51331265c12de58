"""A ticket survives a telephone call; a slip is noticed; the secret opens it and nothing else does."""

from __future__ import annotations

import hashlib
import math
import random
import re
import uuid

import pytest

from aduan.complaints import tickets


def test_a_ticket_is_read_however_it_is_written():
    ticket = tickets.new_ticket()
    shown = tickets.show(ticket)
    for text in (shown, shown.lower(), ticket, f" {shown} ", shown.replace("-", " "), shown.replace("-", "")):
        assert tickets.read(text) == ticket


@pytest.mark.parametrize(
    "around",
    ["Nomor tiket Anda {}.", "tiket: {} (simpan)", "http://x.test/lacak/{}/bado-kife/", "{}\nDiterima"],
)
def test_a_ticket_is_found_in_what_was_pasted_around_it(around: str):
    ticket = tickets.new_ticket()
    for shown in (tickets.show(ticket), tickets.show(ticket).lower(), tickets.show(ticket).replace("-", " ")):
        assert tickets.read(around.format(shown)) == ticket


def test_a_zero_or_an_o_is_the_d_that_it_was_read_for():
    body = "2D4679ACD"
    ticket = body + tickets.check_character(body)
    for wrong in ("0", "O", "o", "Q"):
        assert tickets.read(f"AN-{ticket.replace('D', wrong)}") == ticket
    assert tickets.read(ticket.replace("2", "Z")) == ticket


@pytest.mark.parametrize(
    "around", ["Kode rahasia: {}", "kode {} jangan hilang", "Kode rahasia\n{}\nHuruf besar", "{}."]
)
def test_a_code_is_found_in_what_was_pasted_around_it(around: str):
    secret = tickets.secret_of(uuid.uuid4())
    for shown in (secret, secret.upper(), secret.replace("-", "\n"), secret.replace("-", "  ")):
        assert tickets.read_secret(around.format(shown)) == secret


def test_no_letter_looks_like_another():
    assert not set("01IL O5S8B2ZUVQ".replace("2", "")) & set(tickets.ALPHABET)
    assert len(tickets.ALPHABET) == len(set(tickets.ALPHABET)) == 23


def test_every_wrong_character_and_every_swap_is_noticed():
    dice = random.Random(7)
    for _round in range(200):
        body = "".join(dice.choices(tickets.ALPHABET, k=9))
        ticket = body + tickets.check_character(body)
        for place in range(10):
            for letter in tickets.ALPHABET:
                slip = ticket[:place] + letter + ticket[place + 1 :]
                assert slip == ticket or tickets.read(slip) is None
        for one in range(10):
            for other in range(one):
                swapped = list(ticket)
                swapped[one], swapped[other] = swapped[other], swapped[one]
                assert "".join(swapped) == ticket or tickets.read("".join(swapped)) is None


@pytest.mark.parametrize(
    "text", ["", "AN", "AN-00000-00000", "x" * 10_000, "ＡＮ-２３４６７-ＡＣＤＥＦ", "AN-23467-ACDE\u0301F"]
)
def test_what_is_no_ticket_is_none(text):
    assert tickets.read(text) is None


def test_the_secret_is_made_again_from_the_form_and_only_its_digest_is_kept():
    form = uuid.uuid4()
    secret = tickets.secret_of(form)
    assert secret == tickets.secret_of(form)
    assert re.fullmatch(r"([bdfgjkmnprst][aeiou]){2}(-([bdfgjkmnprst][aeiou]){2}){7}", secret)
    digest = tickets.digest_of(secret)
    assert tickets.opens(secret, digest)
    assert not tickets.opens(tickets.secret_of(uuid.uuid4()), digest)
    assert not tickets.opens(secret, None)
    assert not tickets.opens("no such ticket", None)


def test_the_code_is_read_in_any_case_with_blanks_and_with_figures_for_letters():
    secret = tickets.secret_of(uuid.uuid4())
    digest = tickets.digest_of(secret)
    for typed in (
        secret.upper(),
        secret.replace("-", " "),
        secret.replace("-", ""),
        f"  {secret.replace('-', ' - ')}\n",
        secret.replace("o", "0").replace("i", "1"),
    ):
        assert tickets.opens(typed, digest), typed
    slip = secret[:-1] + ("a" if secret[-1] != "a" else "e")
    assert not tickets.opens(slip, digest)
    assert 16 * math.log2(12 * 5) > 80


def test_a_secret_of_an_early_complaint_still_opens_it_and_is_the_one_in_letters():
    form = uuid.uuid4()
    early = tickets._early_secret_of(form)
    assert len(early) == 22
    digest = hashlib.sha256(early.encode()).digest()
    assert tickets.opens(early, digest)
    assert tickets.opens(f" {early} ", digest)
    assert early == early.swapcase() or not tickets.opens(early.swapcase(), digest)
    assert tickets.secret_for(form, digest) == early
    assert tickets.secret_for(form, tickets.digest_of(tickets.secret_of(form))) == tickets.secret_of(form)
