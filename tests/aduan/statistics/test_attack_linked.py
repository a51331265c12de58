"""No count below ten follows from two datasets together in which the same rows stand.

What was referred is what platforms were asked, and an objection that was found right ends a block. The
attacker of these worlds knows that no row got lost on the way: more than anybody can know.
"""

from __future__ import annotations

import datetime as dt
import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from itertools import product

import pytest

from aduan.statistics.datasets import ANY, DATASETS, OTHER, Dataset, Dimension
from aduan.statistics.fold import fold
from aduan.statistics.services.releasing import Period, calendar_months, months_between, spans_of
from tests.aduan.statistics.integer_program import Equation, certain_counts

UNTIL = dt.date(2026, 10, 31)
DAYS = [dt.date(2026, 8, 4) + dt.timedelta(days=number) for number in range(0, 86, 11)]
Places = dict[int, tuple[dt.date, str, str]]  # of a count: day, stratum and value in a dataset


@pytest.mark.parametrize("seed", range(6))
def test_nothing_follows_from_referrals_and_what_was_referred(seed: int) -> None:
    assert found_in_referrals(seed) == []


@pytest.mark.parametrize("seed", range(6))
def test_nothing_follows_from_objections_and_wrong_blocks(seed: int) -> None:
    assert found_in_objections(seed) == []


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(6, 506))
def test_nothing_follows_in_a_thousand_linked_worlds(seed: int) -> None:
    assert found_in_referrals(seed) == []
    assert found_in_objections(seed) == []


def test_the_attack_succeeds_where_months_do_not_end_together() -> None:
    """The same worlds with months by the calendar."""
    assert any(found_in_referrals(seed, by_calendar=True) for seed in range(10))


def test_the_attack_succeeds_where_receivers_are_not_pooled() -> None:
    assert any(found_in_referrals(seed, pooled=False) for seed in range(10))


def found_in_referrals(seed: int, *, by_calendar: bool = False, pooled: bool = True) -> list[object]:
    dice = random.Random(seed)
    most = {"whatsapp": 40, "telegram": dice.choice((9, 25)), "instagram": dice.choice((1, 2))}
    rows = list(product(DAYS, most, ("suspended", "silent")))
    counts = [dice.randint(0, most[name]) if dice.random() < 0.7 else 0 for _day, name, _answer in rows]
    referred: Places = {place: (day, "refer", "") for place, (day, _name, _answer) in enumerate(rows)}
    decided = DATASETS["decisions"]
    ends = {last.replace(day=1): last for _refer, _first, last, _n in _spans(decided, [], referred, counts)}
    periods = calendar_months(DAYS, UNTIL) if by_calendar else months_between(ends.values(), DAYS[0])
    asked = dict(enumerate(rows))
    public = [
        *_published(decided, [], referred, counts),
        *_published(replace(DATASETS["referrals"], pooled=pooled), periods, asked, counts),
    ]
    return certain_counts(_questions(referred, asked), counts, public)


def found_in_objections(seed: int) -> list[object]:
    """Some end a block on the day of the proof, some nine days later: no one knows how many."""
    dice = random.Random(seed)
    kinds = (("upheld", 0, 6), ("upheld", 9, 3), ("rejected", 0, 8), ("error", 0, 3))
    rows = [(day, kind, later, most) for day, (kind, later, most) in product(DAYS, kinds)]
    counts = [dice.randint(0, most) if dice.random() < 0.7 else 0 for *_row, most in rows]
    proven: Places = {}
    ended: Places = {}
    for place, (day, kind, later, _most) in enumerate(rows):
        if kind != "error":
            proven[place] = (day, "proven", kind)
        if kind != "rejected":
            ended[place] = (day + dt.timedelta(days=later), "block", "")
    months = calendar_months([*DAYS, UNTIL], UNTIL)
    public = [
        *_published(DATASETS["objections"], months, proven, counts),
        *_published(DATASETS["wrong_blocks"], months, ended, counts),
    ]
    return certain_counts(_questions(proven, ended), counts, public)


def _spans(
    dataset: Dataset, periods: list[Period], places: Places, counts: list[int]
) -> Iterator[tuple[str, dt.date, dt.date, int]]:
    waiting: dict[str, dict[dt.date, int]] = defaultdict(lambda: defaultdict(int))
    for place, (day, stratum, _value) in places.items():
        if counts[place]:
            waiting[stratum][day] += counts[place]
    return spans_of(dataset, dict(waiting), periods)


def _published(
    dataset: Dataset, periods: list[Period], places: Places, counts: list[int]
) -> Iterator[Equation]:
    """Each span, and each value of the rows in it after folding."""
    for stratum, first, last, total in _spans(dataset, periods, places, counts):
        values = {
            place: value
            for place, (day, of, value) in places.items()
            if of == stratum and first <= day <= last
        }
        yield list(values), total
        folded = fold([((value,), counts[place], 0) for place, value in values.items()], [Dimension("value")])
        names = {key[0] for key, _count, _amount in folded}
        for (name,), count, _amount in folded:
            rest = name == ANY, name == OTHER
            yield (
                [
                    place
                    for place, value in values.items()
                    if value == name or rest[0] or (rest[1] and value not in names)
                ],
                count,
            )


def _questions(*tables: Places) -> dict[object, list[int]]:
    asked: dict[object, list[int]] = defaultdict(list)
    for table, places in enumerate(tables):
        for place, (day, stratum, value) in places.items():
            asked[place] = [place]
            for when in (day, day.month, None):
                asked[table, when, stratum].append(place)
                asked[table, when, stratum, value].append(place)
    return asked
