"""No person is found by arithmetic: everything public, as one integer program, fixes no count below ten.

An attacker adds and subtracts what all snapshots say. Each crafted world has rare kinds of fraud on quiet
days; every unknown is a count of one day and one combination, every published line an equation over them.
A count from one to nine is found when its least and its greatest possible value are the same. Asked for are
the cells, each day, each value of each column, and each of these on each day.
"""

from __future__ import annotations

import datetime as dt
import random
import re
from collections import defaultdict
from itertools import product

import pytest

from aduan.statistics.datasets import ANY, DATASETS, OTHER, THRESHOLD, Dataset, Folding
from aduan.statistics.models import DayCount, ReleasedRow, ReleasedSpan
from aduan.statistics.services.releasing import release
from tests.aduan.statistics.integer_program import certain_counts
from tests.factories.statistics import counted

pytestmark = pytest.mark.django_db

FIRST = dt.date(2026, 9, 19)
DAYS = 12  # to the end of the month, whose combinations are then released
Key = tuple[str, ...]
# Of each dataset a stratum, and keys that differ where folding has to decide; the rest has one value.
_KINDS = (("money", "PINJOL"), ("money", "INVEST"), ("link", "KURIR"), ("spam", "IKLAN"))
_TIMES = (("kept", "4-6"), ("kept", "18-24"), ("missed", "24-36"), ("missed", "48-72"))
WORLDS: dict[str, tuple[str, list[Key]]] = {
    "complaints": (
        "received",
        [(*kind, channel, "mobile", "none") for kind, channel in product(_KINDS, ("sms", "call"))],
    ),
    "decisions": (
        "dismiss",
        [
            (reason, "money", "PINJOL", operator, "mobile", *times)
            for reason, operator, times in product(("r1", "r2"), ("tri", "smart"), _TIMES[1:])
        ],
    ),
    "answers": (
        "telkomsel",
        [
            (*answer, listed)
            for answer, listed in product(
                [
                    *((promise, "blocked", hours) for promise, hours in _TIMES[1:3]),
                    *(
                        ("kept", "refused", "4-6"),
                        ("missed", "refused", "24-36"),
                        ("missed", "silent", "none"),
                    ),
                ],
                ("8-12", "240-360"),
            )
        ],
    ),
    "referrals": (
        "whatsapp",
        [*product(("suspended", "limited", "no_violation"), ("4-6", "72-120")), ("silent", "none")],
    ),
}
WORLDS["objections"] = (
    "proven",
    [
        *product(("kept",), ("upheld", "rejected"), ("12-18", "24-36")),
        *(("missed", "rejected", "120-168"), ("missed", "silent", "none")),
    ],
)
WORLDS["holds"] = ("placed", [(*kind, operator) for kind, operator in product(_KINDS, ("tri", "smart"))])
WORLDS["wrong_blocks"] = (
    "block",
    [(hours,) for hours in ("4-6", "6-8", "12-18", "72-120", "120-168", "1440-")],
)
Cell = tuple[dt.date, Key]


@pytest.mark.parametrize(("dataset", "seed"), [*((name, 0) for name in WORLDS), ("complaints", 1)])
def test_no_count_below_ten_follows_from_what_is_public(dataset: str, seed: int) -> None:
    assert found_in_world(dataset, seed) == []


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2, 1002))
def test_no_count_below_ten_follows_from_what_is_public_in_a_thousand_worlds(seed: int) -> None:
    assert found_in_world(list(WORLDS)[seed % len(WORLDS)], seed) == []


def test_the_attack_finds_what_was_published_too_finely() -> None:
    """The program is one that can succeed: a span of nine rows, past the rules, is found."""
    cells: list[Cell] = [(FIRST, key) for key in WORLDS["complaints"][1][:2]]
    asked = {cell: [place] for place, cell in enumerate(cells)}
    assert certain_counts(asked, [9, 3], [([0, 1], 12), ([0], 9)]) == cells


def found_in_world(name: str, seed: int) -> list[tuple[object, ...]]:
    """The counts that an attacker finds in the world of this seed, read after every one of its days."""
    dataset, (stratum, keys) = DATASETS[name], WORLDS[name]
    counts = crafted_world(random.Random(seed), keys)
    DayCount.objects.bulk_create(
        DayCount(dataset=name, stratum=stratum, day=day, key=list(key), count=count)
        for (day, key), count in counts.items()
        if count
    )
    if dataset.follows:  # the same rows stand there
        name, follows = dataset.follows
        for day in {day for day, _key in counts}:
            n = sum(count for (on, _key), count in counts.items() if on == day)
            counted(name, follows, day, n)
    for number in range(DAYS):
        day = FIRST + dt.timedelta(days=number)
        for one in (*([DATASETS[dataset.follows[0]]] if dataset.follows else []), dataset):
            release(one, until=day, day=day)
    cells = list(counts)
    rows = [line for folding in dataset.foldings for line in _rows(dataset, folding, cells)]
    return certain_counts(asked_of(cells), list(counts.values()), [*_spans(cells), *rows])


def asked_of(cells: list[Cell]) -> dict[tuple[object, ...], list[int]]:
    asked: dict[tuple[object, ...], list[int]] = defaultdict(list)
    for place, (day, key) in enumerate(cells):
        asked[day, key].append(place)
        asked[day,].append(place)
        for column, value in enumerate(key):
            asked[column, value].append(place)
            asked[day, column, value].append(place)
    return asked


def crafted_world(dice: random.Random, keys: list[Key]) -> dict[Cell, int]:
    """Quiet and busy days, one kind of row that is always rare, one that stands for nine people in all."""
    rare, nine = dice.sample(keys, 2)
    counts: dict[Cell, int] = {}
    for number, key in product(range(DAYS), keys):
        day = FIRST + dt.timedelta(days=number)
        quiet = number % 5 in (0, 3)
        most = 1 if key == rare else (2 if quiet else 12)
        counts[day, key] = 0 if key == nine else dice.randint(0, most)
    for number in dice.sample(range(DAYS), THRESHOLD - 1):
        counts[FIRST + dt.timedelta(days=number), nine] = 1
    return counts


def _spans(cells: list[Cell]) -> list[tuple[list[int], int]]:
    spans = list(ReleasedSpan.objects.all())
    assert spans
    return [
        ([i for i, (day, _key) in enumerate(cells) if one.first_day <= day <= one.last_day], one.count)
        for one in spans
    ]


def _rows(dataset: Dataset, folding: Folding, cells: list[Cell]) -> list[tuple[list[int], int]]:
    """Each published combination of a folding over the days that its month's spans cover."""
    rows = list(ReleasedRow.objects.filter(dataset=folding.name))
    assert rows
    last = max(ReleasedSpan.objects.values_list("last_day", flat=True))
    shown = [tuple(row.key) for row in rows]
    own = [tuple(key[place] for place in dataset.places_of(folding)) for _day, key in cells]
    return [
        (
            [i for i, (day, _key) in enumerate(cells) if day <= last and _stands_for(key, own[i], shown)],
            row.count,
        )
        for key, row in zip(shown, rows, strict=True)
    ]


def _stands_for(key: Key, raw: Key, keys: list[Key]) -> bool:
    for place, (shown, value) in enumerate(zip(key, raw, strict=True)):
        named = {one[place] for one in keys if one[:place] == key[:place]}
        if shown in (ANY, value) or (shown == OTHER and value not in named) or _spans_hours(shown, value):
            continue
        return False
    return True


def _spans_hours(shown: str, value: str) -> bool:
    """`4-8` stands for `6-8`, `24-` for all from there on."""
    ends = [re.fullmatch(r"(\d+)-(\d*)", one) for one in (shown, value)]
    if None in ends:
        return False
    (low, high), (own_low, own_high) = ((int(end[1]), int(end[2] or 10**6)) for end in ends if end)
    return low <= own_low and own_high <= high
