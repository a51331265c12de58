"""Where we differ from `phonenumbers` is written down, and the page is still true."""

from __future__ import annotations

import random

import phonenumbers

from aduan.numbers.foreign_numbers import is_in_use, possible_lengths
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


def test_both_agree_on_which_ranges_are_in_use():
    """We read its ranges as one pattern for each region and length, since it tries up to ten of each."""
    maker = random.Random(20261128)
    for code, regions in phonenumbers.COUNTRY_CODE_TO_REGION_CODE.items():
        examples = [
            phonenumbers.example_number_for_type(region, kind) for region in regions for kind in range(11)
        ]
        examples += [phonenumbers.example_number_for_non_geo_entity(code)]
        for example in filter(None, examples):
            national = phonenumbers.national_significant_number(example)
            for _ in range(8):
                zeros = len(national) - len(national.lstrip("0"))
                number = phonenumbers.PhoneNumber(
                    code, int(national), italian_leading_zero=zeros > 0, number_of_leading_zeros=zeros or None
                )
                asked = phonenumbers.is_valid_number(number)
                assert is_in_use(str(code), national) == asked, (code, national)
                place = maker.randrange(len(national))
                changed = f"{national[:place]}{maker.randint(1, 9)}{national[place + maker.randint(0, 1) :]}"
                national = changed if len(changed) > 3 and changed[0] != "0" else national
