"""Codes with digits beside them: an emergency number never turns into another code, and is offered.

On the code before, "110 3" was the code 1103, unprotected, and "1500 888 2" was refused
without a word about the bank that is meant.
"""

from __future__ import annotations

import random

import pytest

from aduan.numbers.parsing import Refused, parse
from aduan.numbers.parsing.parser import offered_by

EMERGENCY = ["110", "112", "113", "115", "118", "119", "129", "188", "177", "911"]
LONG = {
    "1500888": "service:1500888",
    "14000": "service:14000",
    "150264": "short:150264",
    "177264": "short:177264",
}
BESIDE = [
    "{} 3", "{}-3", "{}.3", "{} +1", "{} (+1)", "{} 12/05", "{} 5G", "{}²", "{} ③", "{}x2", "{} x3", "{} (2)",
    "{} 2 kali", "{} 10:30", "3 {}", "(3) {}", "1. {}", "1) {}", "{}, {}", "{} dan {}", "{} 2025", "{}/2",
    "+62 {} 3", "+62{} 3", "+62-{}-3", "62{}", "62 {}", "021 {} 3", "tel:{} 3", "0{}", "0 {}",
]  # fmt: skip


def canonical(text: str) -> str:
    try:
        return parse(text).canonical
    except Refused as refused:
        return " or ".join(number.canonical for number in offered_by(refused))


@pytest.mark.parametrize("form", BESIDE)
@pytest.mark.parametrize("code", EMERGENCY)
def test_a_code_with_a_figure_beside_it_is_read_or_asked_about(code, form):
    if code == "911":
        # 62911 may be a code, 0911 is Ambon, and behind an area code stand only codes that begin with 1
        form = {"62{}": "62 {}", "0{}": "0 {} 3", "021 {} 3": "{} 3"}.get(form, form)
    text = form.format(code, code)
    meant = {f"short:{code}", f"short:021{code}"} if "021" in form else {f"short:{code}"}
    assert meant & set(canonical(text).split(" or ")), (text, canonical(text))


@pytest.mark.parametrize("form", ["{} 3", "{}-3", "{} (2)", "{} x3", "{} 5G", "{}²", "{} +1", "{} 12/05"])
@pytest.mark.parametrize("code", LONG)
def test_a_long_code_with_a_figure_beside_it_is_read_or_offered(code, form):
    assert LONG[code] in canonical(form.format(code)).split(" or ")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1500 888", "service:1500888"),
        ("1500-888", "service:1500888"),
        ("150 0888", "service:1500888"),
        ("1 5 0 0 8 8 8", "service:1500888"),
        ("14 000", "service:14000"),
        ("140 17", "service:14017"),
        ("177 264", "short:177264"),
        ("1 1 0", "short:110"),
        ("3 6 3 6", "short:3636"),
        ("021 110", "short:021110"),
        ("+62 185", "short:185"),
        ("021-14000", "+622114000"),
    ],
)
def test_the_usual_groupings_of_codes_are_read_without_a_question(text, expected):
    assert parse(text).canonical == expected


@pytest.mark.parametrize(
    ("text", "offered"),
    [
        ("1500 888 2", ["service:1500888"]),
        ("1500 88 8", ["service:1500888", "service:150088"]),
        ("110/112", ["short:110", "short:112"]),
        ("110-112", ["short:110", "short:112"]),
        ("110 atau 112", ["short:110", "short:112"]),
        ("1.500.888", ["service:1500888"]),
        ("0804 1 500327 2", ["+628041500327"]),
        ("1 1 0 3", ["short:1103", "short:110"]),
        ("8849\n872 / 0812", []),
        ("081234 110", []),
    ],
)
def test_a_refused_code_offers_what_is_meant(text, offered):
    with pytest.raises(Refused) as caught:
        parse(text)
    assert list(caught.value.suggestions) == offered


def test_ten_thousand_digits_beside_emergency_numbers_never_take_their_protection():
    maker = random.Random(12)
    marks = [" ", "-", ".", " - ", "  ", " (", "/", ", ", " +"]
    for _ in range(10_000):
        code, figure = maker.choice(EMERGENCY), str(maker.randrange(1, 100))
        text = (
            code + maker.choice(marks) + figure
            if maker.random() < 0.7
            else figure + maker.choice(marks) + code
        )
        if text.endswith("." + code):
            continue  # "88.118" is an amount, too
        assert f"short:{code}" in canonical(text).split(" or "), text
