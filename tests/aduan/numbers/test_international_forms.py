"""A plus, a chat link and a chat id carry the country code: foreign numbers never become Indonesian ones."""

from __future__ import annotations

from collections import Counter

import phonenumbers
import pytest
from phonenumbers import PhoneNumberFormat, PhoneNumberType

from aduan.numbers.kinds import NumberKind
from aduan.numbers.parsing import Refused, parse

LINKS = (
    "wa.me/{}",
    "https://wa.me/+{}?text=halo",
    "{}@s.whatsapp.net",
    "t.me/+{}",
    "tel:+{}",
    "https://api.whatsapp.com/send?phone={}&text=hai",
)
TYPES = (
    PhoneNumberType.MOBILE,
    PhoneNumberType.FIXED_LINE,
    PhoneNumberType.TOLL_FREE,
    PhoneNumberType.PREMIUM_RATE,
    PhoneNumberType.SHARED_COST,
    PhoneNumberType.VOIP,
    PhoneNumberType.UAN,
)


def examples() -> set[str]:
    """The example numbers of every region but Indonesia, in E.164."""
    found = set()
    for region in phonenumbers.SUPPORTED_REGIONS - {"ID"}:
        for kind in TYPES:
            number = phonenumbers.example_number_for_type(region, kind)
            if number is not None:
                found.add(phonenumbers.format_number(number, PhoneNumberFormat.E164))
    return found


@pytest.mark.parametrize("link", LINKS)
def test_every_countrys_example_numbers_are_foreign_in_a_link(link):
    """On the code before, Hong Kong, Cambodia, Macau, Korea and Japan became Indonesian subscribers."""
    counted: Counter[str] = Counter()
    numbers = examples()
    for number in numbers:
        try:
            answer = parse(link.format(number[1:]))
        except Refused as refused:
            counted["asked" if number in refused.suggestions else "refused"] += 1
            continue
        assert not answer.canonical.startswith("+62"), number
        counted["read" if answer.canonical == number else "another"] += 1
    assert len(numbers) > 700
    assert counted["another"] == 0
    assert counted["read"] >= 0.97 * len(numbers), counted


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("wa.me/+85512345678", "+85512345678"),
        ("wa.me/886912345678", "+886912345678"),
        ("wa.me/819012345678", "+819012345678"),
        ("wa.me/85366123456", "+85366123456"),
        ("https://wa.me/821012345678", "+821012345678"),
        ("85291234567@s.whatsapp.net", "+85291234567"),
        ("t.me/+85512345678", "+85512345678"),
        ("t.me/85512345678", "+85512345678"),
        ("tel:+855-12-345-678", "+85512345678"),
        ("tel:60123456789", "+60123456789"),
    ],
)
def test_a_link_is_read_as_its_application_reads_it(text, canonical):
    answer = parse(text)
    assert (answer.canonical, answer.kind) == (canonical, NumberKind.FOREIGN)


@pytest.mark.parametrize(
    ("text", "code", "suggestions"),
    [
        ("wa.me/081234567890", "national_in_link", ["+6281234567890"]),
        ("https://t.me/+081234567890", "national_in_link", ["+6281234567890"]),
        ("wa.me/087012345678", "national_in_link", ["+6287012345678"]),
        ("wa.me/87012345678", "national_in_link", ["+6287012345678"]),
        ("+081234567890", "plus_before_zero", ["+6281234567890"]),
        ("852 9123 4567", "ambiguous_prefix", ["+6285291234567", "+85291234567"]),
        ("855 12 345 678", "ambiguous_prefix", ["+6285512345678", "+85512345678"]),
        ("tel:85512345678", "ambiguous_prefix", ["+6285512345678", "+85512345678"]),
        ("+62 62811 1234 567", "doubled_country_code", ["+628111234567"]),
        ("+62 6281234567890", "doubled_country_code", ["+6281234567890"]),
        ("+62 62 0812 3456 7890", "doubled_country_code", ["+6281234567890"]),
        ("62 6281234567890", "doubled_country_code", ["+6281234567890"]),
        ("0062 62 812 3456 7890", "doubled_country_code", ["+6281234567890"]),
        ("0 62 812 3456 7890", "doubled_country_code", ["+6281234567890"]),
        ("+62 62 21 5551234", "doubled_country_code", ["+62215551234"]),
        ("(0)0810 1234 5678", "doubled_zero", ["+6281012345678"]),
        ("(0)031 5551234", "doubled_zero", ["+62315551234"]),
        ("008123456789", "doubled_zero", ["+628123456789"]),
    ],
)
def test_a_mistyped_prefix_is_offered_and_never_corrected(text, code, suggestions):
    """Read as another country or as a landline on the code before."""
    with pytest.raises(Refused) as caught:
        parse(text)
    assert (caught.value.code, list(caught.value.suggestions)) == (code, suggestions)


@pytest.mark.parametrize("text", ["0622 412345", "+62 622 412345", "0628 20123", "(0622) 7412345"])
def test_the_area_codes_that_begin_with_62_are_still_read(text):
    assert parse(text).kind is NumberKind.LANDLINE


@pytest.mark.parametrize("text", ["081234567890", "0812 3456 7890", "+62 852 9123 4567", "085291234567"])
def test_indonesian_numbers_are_no_foreign_ones(text):
    assert parse(text).kind is NumberKind.MOBILE


@pytest.mark.parametrize(
    ("text", "position", "found"),
    [
        ("tel:082.304 1.o17_097", 14, "o"),
        ("tel:+62%20812-3456-78S0", 21, "S"),
        ("WA: 0812 3456 78b0", 16, "b"),
        ("hp 0812-3456-789O", 16, "O"),
        ("081234567890Budi", 12, "B"),
    ],
)
def test_a_question_names_the_character_that_it_is_about(text, position, found):
    """The character was counted from the number's start in a link: “4” was called a letter."""
    with pytest.raises(Refused) as caught:
        parse(text)
    assert caught.value.position == position
    assert text[position] == found
    assert f"“{found}" in str(caught.value.message)
