"""Where we differ from `phonenumbers` is written down, and the page is still true."""

from __future__ import annotations

import phonenumbers

from aduan.numbers.foreign_numbers import possible_lengths
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


def test_both_agree_on_how_long_a_number_of_another_country_may_be():
    """We read the lengths from its table once, since asking costs more than all the rest of a parse."""
    possible = phonenumbers.ValidationResult.IS_POSSIBLE
    for code in phonenumbers.COUNTRY_CODE_TO_REGION_CODE:
        for length in range(2, 18):
            number = phonenumbers.PhoneNumber(country_code=code, national_number=int("2" * length))
            asked = phonenumbers.is_possible_number_with_reason(number) == possible
            assert (length in possible_lengths(str(code))) == asked, (code, length)
