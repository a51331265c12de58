"""Where we differ from `phonenumbers` is written down, and the page is still true."""

from __future__ import annotations

import phonenumbers

from aduan.numbers.parsing import parse
from scripts.numbering import PAGE, acceptance, page


def test_the_page_of_disagreements_says_what_the_code_does():
    assert PAGE.read_text("utf-8") == page(), "run `python -m scripts.numbering` and look at what changed"


def test_both_agree_on_every_mobile_number():
    assert {row.prefix[:4] for row in acceptance()} == {"0807"}


def test_both_agree_on_numbers_of_other_countries():
    for region in phonenumbers.SUPPORTED_REGIONS - {"ID"}:
        example = phonenumbers.example_number(region)
        assert example is not None
        text = phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.E164)
        assert parse(text).canonical == text
        spelled = phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
        assert parse(spelled).canonical == text
