"""No digit is ever added to a number: figures beside it are left out, or asked about.

On the code before, of 1,500 numbers with " (2)" behind them none was read right, and most were read as the
number of another subscriber.
"""

from __future__ import annotations

import random
from collections import Counter

import pytest

from aduan.numbers.parsing import Refused, parse
from tests.aduan.numbers.decorated import BEFORE, BEHIND, UNCLEAR, Decorated, decorated, mobile
from tests.bounds import proved

FEWEST_READ = 0.95


def outcome(made: Decorated) -> str:
    """How the text was read. Accepting another number than the one that is meant fails at once."""
    try:
        answer = parse(made.text)
    except Refused as refused:
        return "asked" if made.number in refused.suggestions else "refused"
    assert answer.canonical == made.number, made
    return "read"


def outcomes(seed: int, count: int) -> Counter[str]:
    maker = random.Random(seed)
    return Counter(outcome(decorated(maker)) for _ in range(count))


def test_three_thousand_decorated_numbers_are_read_right():
    counted = outcomes(20261127, 3_000)
    assert counted["read"] >= FEWEST_READ * 3_000, counted
    assert counted["refused"] == 0, "what is not read is asked about, with the number among the offers"


@pytest.mark.slow
def test_a_million_decorated_numbers_are_never_read_as_another():
    counted = outcomes(1_000_000, 1_000_000)
    assert counted["read"] >= FEWEST_READ * 1_000_000, counted
    share = counted["asked"] / 1_000_000
    proved(1_000_000, f"numbers with figures around them, none read as another ({share:.2%} asked about)")


@pytest.mark.parametrize("kind", [*BEHIND, *BEFORE])
def test_each_kind_of_figure_is_read_without_a_question(kind):
    maker = random.Random(kind)
    made = []
    for _ in range(60):
        spelled, number = mobile(maker)
        text = spelled + BEHIND[kind](maker) if kind in BEHIND else BEFORE[kind](maker) + spelled
        made.append(Decorated(kind, text, number))
    counted = Counter(map(outcome, made))
    assert counted["read"] >= 0.9 * 60, counted
    assert counted["refused"] == 0, counted


@pytest.mark.parametrize("kind", UNCLEAR)
def test_digits_that_nothing_explains_are_asked_about(kind):
    maker = random.Random(kind)
    for _ in range(60):
        spelled, number = mobile(maker)
        if len(number) == 12 and {" ", "-"} & set(spelled[4:]):
            continue  # ten digits in groups of three, which two more would continue evenly: "0811 150 099 12"
        text = spelled + UNCLEAR[kind](maker)
        with pytest.raises(Refused) as caught:
            pytest.fail(f"{text} was read as {parse(text).canonical}")
        assert number in caught.value.suggestions, text


def test_a_call_count_in_brackets_is_no_part_of_any_of_1500_numbers():
    maker = random.Random(1_500)
    for _ in range(1_500):
        spelled, number = mobile(maker)
        assert parse(f"{spelled} (2)").canonical == number


@pytest.mark.parametrize(
    ("text", "suggestions"),
    [
        ("081234567890 2", ["+62812345678902", "+6281234567890"]),
        ("0895 3233 6134 2", ["+62895323361342", "+6289532336134"]),
        ("0812-3456-789 0", ["+6281234567890", "+628123456789"]),
        ("0812 345 678 90 kali", ["+62812345678", "+6281234567890"]),
        ("0812 3456 10.15", ["+6281234561015", "+62812345610"]),
        ("081234567890 2025", ["+6281234567890"]),
        ("1 081234567890", ["+6281234567890"]),
    ],
)
def test_where_two_readings_remain_both_are_offered(text, suggestions):
    with pytest.raises(Refused) as caught:
        parse(text)
    assert (caught.value.code, list(caught.value.suggestions)) == ("extra_digits", suggestions)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("pada 08-12-2025 10.15 saya ditelepon", "date"),
        ("tgl 08-12-2025", "date"),
        ("08.00-16.00", "date"),
        ("08.00 - 16.00 WIB", "date"),
        ("500 ribu rupiah", "amount"),
        ("8849\n872 / 0812", "several_numbers"),
    ],
)
def test_digits_that_are_all_something_else_give_no_number(text, code):
    with pytest.raises(Refused) as caught:
        parse(text)
    assert (caught.value.code, caught.value.suggestions) == (code, ())


@pytest.mark.parametrize("text", ["{0} {0}", "{0} / {0}", "{0} / {1}", "{0}\n{1}", "HP {0}, WA {1}"])
def test_the_same_number_twice_is_one_number(text):
    assert parse(text.format("0812-3456-7890", "+62 812 3456 7890")).canonical == "+6281234567890"
