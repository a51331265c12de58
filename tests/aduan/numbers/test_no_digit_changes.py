"""Digits typed = digits stored, no text breaks the reader, and what is shown reads back as itself."""

from __future__ import annotations

import random
import re

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from aduan.numbers.kinds import NumberKind
from aduan.numbers.parsing import Parsed, Refused, confusables, format_number, normalise, numbers_in, parse
from aduan.numbers.parsing.figures import figures
from tests.aduan.numbers.strategies import PIECES, texts
from tests.bounds import proved

CARRIERS = [
    "001",
    "007",
    "008",
    "009",
    "01000",
    "01010",
    "01011",
    "01012",
    "01014",
    "01016",
    "01017",
    "01018",
    "01019",
]
LOOKALIKES = str.maketrans(confusables.CLEAR)
WAYS_TO_SAY_INDONESIA = {"", "0", "62", "620", "0062", "00620"} | {
    carrier + country for carrier in CARRIERS for country in ("62", "620")
}
# Texts in which digits stand that are not of the number: parameters of links, extensions.
OTHER_DIGITS = ("@", "%", ";", "?", "=", ".me", "ext", "pes", " x", "#")


def typed(text: str) -> str:
    return "".join(char for char in normalise.fold(text) if char in "0123456789")


def check(raw: str) -> None:
    answer = read_or_refuse(raw)
    if isinstance(answer, Parsed):
        assert parse(answer.display) == answer
        check_digits(raw, answer)
        return
    assert str(answer.message)
    assert answer.position is None or 0 <= answer.position <= len(raw)
    for suggestion in answer.suggestions:
        assert parse(format_number(suggestion)).canonical == suggestion


def read_or_refuse(raw: str) -> Parsed | Refused:
    try:
        return parse(raw)
    except Refused as refused:
        return refused


def check_digits(raw: str, parsed: Parsed) -> None:
    if parsed.e164 is None or parsed.kind == NumberKind.FOREIGN:
        return
    national = parsed.e164[3:]
    digits = typed(raw)
    if digits.endswith(national) and digits[: -len(national)] in WAYS_TO_SAY_INDONESIA:
        return
    assert national in digits, "every stored digit was typed, in this order and without a gap"
    folded = normalise.fold(raw)
    beside = figures(normalise.visible(folded))
    assert beside or any(mark in folded for mark in OTHER_DIGITS), "no digit was left out without a reason"


@settings(max_examples=1_000, deadline=None)
@given(texts)
def test_no_text_is_read_with_other_digits(raw):
    check(raw)


@settings(max_examples=300, deadline=None)
@given(texts)
@example("08120812O0812")
def test_no_text_breaks_the_search_for_numbers(raw):
    """In a text a letter that looks like one digit is offered as that digit; see test_messages."""
    for span in numbers_in(raw):
        assert raw[span.start : span.end] == span.text
        if span.parsed.kind == NumberKind.MOBILE:
            assert span.parsed.canonical[3:] in typed(span.text.translate(LOOKALIKES))


# "0812345678 8.30" is a number and a time: figures that are set apart and look like one are left out.
TIME_OR_DATE = re.compile(r"[ \u00a0]\d{1,4}(?: ?[.\-–] ?\d{1,4}){1,2}$")


@settings(max_examples=300, deadline=None)
@given(
    prefix=st.sampled_from(["0", "+62", "62", "0062", "+62 0", "+62 (0)", "001 62", "01017 62"]),
    network=st.sampled_from([f"8{second}{third}" for second in "1235679" for third in "0123456789"]),
    rest=st.text(alphabet="0123456789", min_size=6, max_size=9),
    marks=st.lists(
        st.sampled_from(["", " ", "-", ".", "\u00a0", "–", "\u200b", " - "]), min_size=9, max_size=9
    ),
)
@example(prefix="+62", network="810", rest="000000", marks=[" ", ".", "", "-", ".", "", "", "", ""])
@example(prefix="62", network="810", rest="000000", marks=[" ", ".", "", "-", ".", "", "", "", ""])
@example(prefix="+62", network="812", rest="08001700", marks=[" ", "", ".", "", "-", "", ".", "", ""])
def test_every_domestic_number_is_read_however_it_is_grouped(prefix, network, rest, marks):
    """Read, or asked about where a shorter number stands in it and the last digits are set apart.

    "0812345678 90" used to be read without a question.
    """
    spelled = prefix + " " + network + "".join(mark + digit for digit, mark in zip(rest, marks, strict=False))
    assume(not TIME_OR_DATE.search(spelled.replace("\u200b", "")))
    answer = read_or_refuse(spelled)
    if isinstance(answer, Parsed):
        assert answer.canonical == f"+62{network}{rest}"
    else:
        assert (answer.code, answer.suggestions[0]) == ("extra_digits", f"+62{network}{rest}")
        assert all(f"+62{network}{rest}".startswith(shorter) for shorter in answer.suggestions)


@settings(max_examples=300, deadline=None)
@given(
    prefix=st.sampled_from(["0", "+62 ", "62", "0062 ", "+62 0", "+62 (0)"]),
    national=st.text(alphabet="0123456789", min_size=7, max_size=10).map(lambda rest: "81" + rest),
    mark=st.sampled_from([" ", "-", ".", "\u00a0", "–"]),
    size=st.integers(2, 3),
)
def test_a_number_in_even_groups_is_read_without_a_question(prefix, national, mark, size):
    national = national[: 3 + size * ((len(national) - 3) // size)]
    groups = [national[:3], *(national[i : i + size] for i in range(3, len(national), size))]
    answer = read_or_refuse(prefix + mark.join(groups))
    assert (answer.canonical if isinstance(answer, Parsed) else answer.code) == (
        f"+62{national}" if len(national) > 8 else "too_short"
    )


@pytest.mark.parametrize(
    "raw",
    [
        "0008121500888",
        "0002741500888",
        "00027400+62a/n ",
        "\ufeff#007-02741234",
        "00056(1500888'_7890",
        "0002740274٠٨@c.us",
        "|0101702746201017-1",
        "ORp|00\ufeff0274007007O",
        "(a/n 00O+621500888.*;phone-context=",
        "001 062 812 3456 7890",
        "001E+10E+10²",
        "001E+100274",
        "xx(1",
        "xx(9",
    ],
)
def test_what_once_read_back_as_something_else(raw):
    check(raw)


@pytest.mark.parametrize(
    "raw", ["+62-812-ABCD-EFG", "+62 812 ABCD", "812 ABCD EFG", "1-800-FLOWERS", "3636-ABC"]
)
def test_the_beginning_of_a_number_with_a_rest_in_letters_is_no_short_code(raw):
    with pytest.raises(Refused) as caught:
        parse(raw)
    assert caught.value.code == "letters"


def _made(maker: random.Random) -> str:
    kind = maker.random()
    if kind < 0.5:
        return "".join(maker.choice(PIECES) for _ in range(maker.randint(1, 9)))
    if kind < 0.8:
        return "".join(maker.choice("0123456789 -./()+x*#OlI") for _ in range(maker.randint(1, 20)))
    highest = maker.choice((0x7E, 0x3FF, 0x10FFFF))
    return "".join(chr(maker.randint(32, highest)) for _ in range(maker.randint(1, 15)))


def test_twenty_thousand_made_up_texts_keep_their_digits():
    maker = random.Random(20261123)
    for _ in range(20_000):
        check(_made(maker))


@pytest.mark.slow
def test_a_million_made_up_texts_keep_their_digits():
    maker = random.Random(1_000_000)
    for _ in range(1_000_000):
        check(_made(maker))
    proved(1_000_000, "made-up texts, no digit changed")


@pytest.mark.parametrize("raw", ["+62+62110", "+62 62110", "0062 62123"])
def test_a_country_code_typed_twice_is_no_part_of_a_short_code(raw):
    """ "+62 62110" was read as the short code 62110."""
    with pytest.raises(Refused) as caught:
        parse(raw)
    assert (caught.value.code, caught.value.suggestions) == ("doubled_country_code", (f"short:{raw[-3:]}",))


@pytest.mark.parametrize("raw", ["00081208120812", "001 0812 0812 0812"])
def test_no_country_code_begins_with_zero(raw):
    """A random text once became a number of Japan, whose display was then read as a mobile number at home."""
    with pytest.raises(Refused):
        parse(raw)
