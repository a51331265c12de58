"""Folding leaves no combination below ten and no row out, whatever the rows are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import combinations_with_replacement, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aduan.statistics.datasets import ANY, OTHER, THRESHOLD, Dimension, hour_classes
from aduan.statistics.figures import _percentile, upper_bound
from aduan.statistics.fold import fold

DIMENSIONS = (Dimension("a"), Dimension("b"), Dimension("hours", ("0-1", "1-2", "2-4", "4-")))
KEYS = st.tuples(
    st.sampled_from("pqrs"), st.sampled_from("xyz"), st.sampled_from(("0-1", "1-2", "2-4", "4-"))
)


@given(st.dictionaries(KEYS, st.integers(0, 40), min_size=1))
def test_every_combination_has_ten_rows_and_none_is_lost(counts: dict[tuple[str, ...], int]) -> None:
    total = sum(counts.values())
    rows = [(key, count, count * 3) for key, count in counts.items()]
    if total < 10:
        with pytest.raises(ValueError, match="too few"):
            fold(rows, DIMENSIONS)
        return
    folded = fold(rows, DIMENSIONS)
    assert min(count for _key, count, _amount in folded) >= 10
    assert sum(count for _key, count, _amount in folded) == total
    assert sum(amount for _key, _count, amount in folded) == total * 3
    assert len({key for key, _count, _amount in folded}) == len(folded)


def split(**counts: int) -> dict[str, int]:
    """What is published of one dimension."""
    rows = [((name,), count, 0) for name, count in counts.items()]
    return {key[0]: count for key, count, _amount in fold(rows, (Dimension("a"),))}


def test_frequent_values_stand_by_themselves() -> None:
    assert split(p=10, q=300) == {"p": 10, "q": 300}


def test_rare_values_go_together() -> None:
    assert split(p=4, q=8, r=300) == {OTHER: 12, "r": 300}


def test_a_single_rare_value_takes_the_smallest_frequent_one_along() -> None:
    assert split(p=4, q=20, r=300) == {OTHER: 24, "r": 300}


def test_rare_values_that_could_only_be_nine_each_are_not_alone() -> None:
    assert split(p=9, q=9, r=40, s=300) == {OTHER: 58, "s": 300}


def test_two_values_of_which_one_is_rare_are_not_split() -> None:
    assert split(p=3, q=97) == {ANY: 100}


@pytest.mark.parametrize("total", [10, 18, 19, 28, 29, 33, 38])
def test_who_knows_the_rule_of_folding_finds_no_rare_count(total: int) -> None:
    """All counts of four values with the same outcome: none that is rare is the same in all of them."""
    assert same_in_all(total, Dimension("a"), "pqrs") == []


@pytest.mark.slow
@pytest.mark.parametrize("total", range(10, 70))
def test_who_knows_the_rule_of_folding_finds_no_rare_count_of_any_total(total: int) -> None:
    order = ("0-1", "1-2", "2-4", "4-")
    assert same_in_all(total, Dimension("a"), "pqrs") == []
    assert same_in_all(total, Dimension("hours", order), order) == []


def same_in_all(total: int, dimension: Dimension, names: Sequence[str]) -> list[tuple[object, str]]:
    """Outcomes and names of which a count below ten is known for certain."""
    worlds: dict[object, list[tuple[int, ...]]] = defaultdict(list)
    for cuts in combinations_with_replacement(range(total + 1), len(names) - 1):
        ends = (0, *cuts, total)
        counts = tuple(high - low for low, high in pairwise(ends))
        rows = [((name,), count, 0) for name, count in zip(names, counts, strict=True)]
        worlds[tuple(fold(rows, [dimension]))].append(counts)
    return [
        (outcome, name)
        for outcome, some in worlds.items()
        for place, name in enumerate(names)
        if len({counts[place] for counts in some}) == 1 and 0 < some[0][place] < THRESHOLD
    ]


def test_neighbouring_classes_of_hours_go_together() -> None:
    rows = [(("0-1",), 4, 0), (("1-2",), 7, 0), (("2-4",), 20, 0), (("4-",), 2, 0)]
    hours = (Dimension("hours", ("0-1", "1-2", "2-4", "4-")),)
    assert [(key[0], count) for key, count, _amount in fold(rows, hours)] == [("0-2", 11), ("2-", 22)]


def test_classes_that_all_go_together_say_that_nothing_is_known_of_the_hours() -> None:
    rows = [(("1-2",), 4, 0), (("48-72",), 8, 0)]
    assert fold(rows, [Dimension("hours", hour_classes())]) == [(("*",), 12, 0)]


def test_a_single_class_of_hours_stands_by_itself() -> None:
    rows = [(("24-36",), 40, 0)]
    assert fold(rows, [Dimension("hours", hour_classes())]) == [(("24-36",), 40, 0)]


def test_rows_without_hours_stand_apart_from_those_with() -> None:
    rows = [(("none",), 40, 0), (("1-2",), 12, 0), (("4-6",), 30, 0)]
    hours = [Dimension("hours", hour_classes())]
    assert fold(rows, hours) == [(("1-2",), 12, 0), (("4-6",), 30, 0), (("none",), 40, 0)]
    assert fold([(("none",), 3, 0), (("1-2",), 12, 0)], hours) == [(("*",), 15, 0)]


def test_an_open_class_that_begins_low_is_no_upper_bound() -> None:
    """`24-` was read as 24,000 hours, and `0-` as none."""
    assert upper_bound("24-") > upper_bound("720-1440")
    assert _percentile([(upper_bound("0-24"), 10), (upper_bound("24-"), 30)], 95) == ">24"
