"""A link ends at a space, and digits that nothing explains never join a number.

Most texts here were accepted as the number of another subscriber, or of Indonesia instead of abroad.
"""

from __future__ import annotations

import pytest

from aduan.numbers.parsing import Refused, parse

WHATSAPP_LINKS = [
    "wa.me/628571234567",
    "https://wa.me/+628571234567",
    "https://api.whatsapp.com/send?phone=628571234567",
    "whatsapp://send?phone=628571234567",
]


@pytest.mark.parametrize("link", WHATSAPP_LINKS)
@pytest.mark.parametrize(
    "behind", [" (2)", " (89)", " 2 kali", " 12/05/25", " 12.30", " 2x", " 24 jam", " RT 05"]
)
def test_a_figure_behind_a_link_is_left_out(link, behind):
    assert parse(link + behind).canonical == "+628571234567"


@pytest.mark.parametrize("link", WHATSAPP_LINKS)
@pytest.mark.parametrize("behind", [" 5", " 89", " -2", " .2"])
def test_unexplained_digits_behind_a_link_are_asked_about(link, behind):
    with pytest.raises(Refused) as caught:
        parse(link + behind)
    assert "+628571234567" in caught.value.suggestions


@pytest.mark.parametrize("link", ["wa.me/62 857-1234-567", "wa.me/62 857 1234 567", "wa.me/62 (857) 1234567"])
def test_a_link_with_spaces_within_its_number_is_read_as_a_whole(link):
    assert parse(link).canonical == "+628571234567"


@pytest.mark.parametrize("number", ["tel:+85512345678", "wa.me/85512345678", "+855 12 345 678"])
@pytest.mark.parametrize("behind", [" (2)", " 2 kali", " 2x", " 24 jam", " 8 menit"])
def test_a_figure_behind_a_foreign_number_is_left_out(number, behind):
    assert parse(number + behind).canonical == "+85512345678"


@pytest.mark.parametrize("number", ["tel:+85512345678", "wa.me/85512345678", "+855 12 345 678"])
@pytest.mark.parametrize("behind", [" 5", " 89"])
def test_unexplained_digits_behind_a_foreign_number_are_asked_about(number, behind):
    with pytest.raises(Refused) as caught:
        parse(number + behind)
    assert "+85512345678" in caught.value.suggestions


@pytest.mark.parametrize(
    "link",
    [
        "wa[.]me/85512345678", "hxxps://wa[.]me/85512345678", "wa(.)me/85512345678", "wa . me / 85512345678",
        "wa,me/85512345678", "wa.me /85512345678", "wa.me\\85512345678", "wa.me:443/85512345678",
        "https://wa.me/call/85512345678", "viber://chat?number=85512345678", "viber://chat?number=%2B85512345678",
        "https://t.me/%2B85512345678", "tg://resolve?phone=%2B85512345678", "https://signal.me/#p/+85512345678",
    ],
)  # fmt: skip
def test_a_link_that_cannot_be_followed_is_international_all_the_same(link):
    assert parse(link).canonical == "+85512345678"


@pytest.mark.parametrize(
    "text", ["0857 1234 567²", "08571234567¹", "08571234567①", "08571234567₂", "08571234567⑵"]
)
def test_a_raised_or_circled_digit_beside_plain_ones_is_no_digit_of_the_number(text):
    with pytest.raises(Refused) as caught:
        parse(text)
    assert caught.value.code == "unreadable_character"


@pytest.mark.parametrize("text", ["⁰⁸⁵⁷¹²³⁴⁵⁶⁷", "⓪⑧⑤⑦①②③④⑤⑥⑦"])
def test_a_number_in_raised_or_circled_digits_alone_is_read(text):
    assert parse(text).canonical == "+628571234567"


@pytest.mark.parametrize("text", ["+2 08571234567", "+3 0857 1234 567", "+7 08571234567", "+2 628571234567"])
def test_a_plus_with_a_count_in_front_is_no_country(text):
    with pytest.raises(Refused) as caught:
        parse(text)
    assert caught.value.suggestions == ("+628571234567",)


@pytest.mark.parametrize("behind", ["kali", "menit", "rb"])
def test_three_digits_that_go_on_evenly_may_belong(behind):
    with pytest.raises(Refused) as caught:
        parse(f"0857 123 456 789 {behind}")
    assert caught.value.suggestions == ("+62857123456", "+62857123456789")


@pytest.mark.parametrize("typed", ["+39 312 345 678 5", "+39 312 345 678 89"])
def test_where_a_country_has_numbers_of_any_length_an_odd_tail_asks(typed: str) -> None:
    """Read as a longer Italian number before."""
    with pytest.raises(Refused) as refusal:
        parse(typed)
    assert "+39312345678" in refusal.value.suggestions
