"""What stands at the edges of a number: three hundred decorations of our own in thirteen spellings."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

import pytest

from aduan.numbers.parsing import Parsed, Refused, numbers_in, parse

MEANT: Final = "+6281234567890"
FILE: Final = Path(__file__).parents[2] / "data/decorations_edge.json"
CASES: Final[dict[str, list[str]]] = json.loads(FILE.read_text("utf-8"))
MOST_QUESTIONS: Final = 0.12  # these go beyond the kinds of `decorated.py`, where it is 0.05


def read(text: str) -> Parsed | Refused:
    try:
        return parse(text)
    except Refused as refused:
        return refused


def decorated(kind: str) -> list[str]:
    before = kind == "before"
    return [
        one + spelled if before else spelled + one for one in CASES[kind] for spelled in CASES["spellings"]
    ]


def test_the_corpus_is_large():
    assert sum(len(CASES[kind]) for kind in ("behind", "before", "unclear")) >= 300


@pytest.mark.parametrize("kind", ["behind", "before", "unclear"])
def test_no_decoration_makes_another_number_and_each_offers_the_one_that_is_meant(kind):
    """A trunk zero in "+62(0)812 …" let the figure behind join the number on the code before."""
    wrong = []
    for text in decorated(kind):
        answer = read(text)
        fits = answer.canonical == MEANT if isinstance(answer, Parsed) else MEANT in answer.suggestions
        if not fits and "88slot" not in text:
            wrong.append((text, answer))
    assert not wrong


def test_few_decorations_that_explain_themselves_leave_a_question():
    texts = [*decorated("behind"), *decorated("before")]
    asked = [text for text in texts if isinstance(read(text), Refused)]
    assert len(asked) <= MOST_QUESTIONS * len(texts)


def test_a_digit_that_nothing_explains_is_never_left_out_or_joined_in_silence():
    assert [text for text in decorated("unclear") if isinstance(read(text), Parsed)] == []


@pytest.mark.parametrize(
    ("text", "readings"),
    [
        ("+62(0)812 3456 7890 2", {"+62812345678902", MEANT}),
        ("wa.me/6281234567890-2", {"+62812345678902", MEANT}),
        ("+62 6281234567890 2", {"+62812345678902", MEANT}),
        ("8-812-3456-7890", {"+62881234567890", MEANT}),
        ("8849 872 - 0812", {"+6288498720812", "+628128849872"}),
        ("8849872/0812", {"+6288498720812", "+628128849872"}),
        ("+812 3456 7890", {"+81234567890", MEANT}),
        ("00313 1234567", {"+3131234567", "+623131234567"}),
    ],
)
def test_where_two_readings_remain_both_are_offered(text, readings):
    """Each was one reading without a word on the code before."""
    answer = read(text)
    assert isinstance(answer, Refused)
    assert set(answer.suggestions) == readings


@pytest.mark.parametrize(
    ("text", "readings"),
    [
        ("0812 345 678 90 kali dia telp", [MEANT, "+62812345678"]),
        ("cek wa.me/6281234567890-2", ["+62812345678902", MEANT]),
        ("+62 81234567890@c.us", [MEANT]),
        ("dari <sip:+6281234567890@ims.fiktif.net>", [MEANT]),
        ("wa.me/+62 812-3456-7890", [MEANT]),
    ],
)
def test_a_text_offers_all_readings_of_a_stretch(text, readings):
    assert sorted(span.parsed.canonical for span in numbers_in(text)) == sorted(readings)


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("Nomor pribadi (3)", "withheld"),
        ("No Caller ID 2x", "withheld"),
        ("Private number 4", "withheld"),
        ("Tokopedia (2)", "sender:TOKOPEDIA"),
    ],
)
def test_a_caller_or_sender_by_name_may_be_counted(text, canonical):
    """As call lists show them; each was “too short” on the code before."""
    assert parse(text).canonical == canonical


@pytest.mark.parametrize("text", ["WA (2)", "nomor (2)", "hp (3)", "GOJEK 3", "no 2", "telp 2"])
def test_a_label_with_a_count_is_no_sender(text):
    assert isinstance(read(text), Refused)


@pytest.mark.parametrize("text", ["081234567890 dua", "081234567890 dua kali", "081234567890 tiga belas"])
def test_a_spelled_digit_behind_a_whole_number_offers_the_number_without_it(text):
    answer = read(text)
    assert isinstance(answer, Refused)
    assert MEANT in answer.suggestions


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("62812-3456-7890@c.us", MEANT),
        ("852-9123-4567@c.us", "+85291234567"),
        ("855-12-345-678@s.whatsapp.net", "+85512345678"),
        ("10 12 6281234567890@c.us", MEANT),
        ("2 6281234567890@c.us", MEANT),
    ],
)
def test_a_chat_account_is_read_with_its_groups_and_without_figures_in_front(text, canonical):
    """Of the first three only the last group was taken, and offered as a short code."""
    assert parse(text).canonical == canonical
