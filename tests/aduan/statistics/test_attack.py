"""No person is found by arithmetic: everything public, as one integer program, fixes no count below ten.

An attacker adds and subtracts what all snapshots say. Each crafted world has rare kinds of fraud on quiet
days; every unknown is a count of one day and one combination, every published line an equation over them.
A count from one to nine is found when its least and its greatest possible value are the same.
"""

from __future__ import annotations

import datetime as dt
import random
from itertools import product

import numpy as np
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp

from aduan.statistics.datasets import ANY, DATASETS, OTHER, THRESHOLD
from aduan.statistics.models import DayCount, ReleasedRow, ReleasedSpan
from aduan.statistics.services.releasing import release

pytestmark = pytest.mark.django_db

COMPLAINTS = DATASETS["complaints"]
FIRST = dt.date(2026, 9, 19)
DAYS = 12  # to the end of the month, whose combinations are then released
# Group and category, and the channel; the other dimensions have one value here.
KINDS = (("money", "PINJOL"), ("money", "INVEST"), ("link", "KURIR"), ("spam", "IKLAN"))
KEYS = [(*kind, channel, "mobile", "none") for kind, channel in product(KINDS, ("sms", "call"))]
Cell = tuple[dt.date, tuple[str, ...]]


@pytest.mark.parametrize("seed", range(2))
def test_no_count_below_ten_follows_from_what_is_public(seed: int) -> None:
    assert found_in_world(seed) == []


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2, 1002))
def test_no_count_below_ten_follows_from_what_is_public_in_a_thousand_worlds(seed: int) -> None:
    assert found_in_world(seed) == []


def test_the_attack_finds_what_was_published_too_finely() -> None:
    """The program is one that can succeed: a span of nine rows, past the rules, is found."""
    cells: list[Cell] = [(FIRST, KEYS[0]), (FIRST, KEYS[1])]
    equations = [([0, 1], 12), ([0], 9)]
    assert _found(cells, {cells[0]: 9, cells[1]: 3}, equations) == [*cells]


def found_in_world(seed: int) -> list[Cell]:
    """The cells that an attacker finds in the world of this seed, read after every one of its days."""
    counts = crafted_world(random.Random(seed))
    DayCount.objects.bulk_create(
        DayCount(dataset=COMPLAINTS.name, stratum="received", day=day, key=list(key), count=count)
        for (day, key), count in counts.items()
        if count
    )
    for number in range(DAYS):
        day = FIRST + dt.timedelta(days=number)
        release(COMPLAINTS, until=day, day=day)
    cells = list(counts)
    return _found(cells, counts, [*_spans(cells), *_rows(cells)])


def crafted_world(dice: random.Random) -> dict[Cell, int]:
    """Quiet and busy days, one kind of fraud that is always rare, one that nine people met in all."""
    rare, nine = dice.sample(KEYS, 2)
    counts: dict[Cell, int] = {}
    for number, key in product(range(DAYS), KEYS):
        day = FIRST + dt.timedelta(days=number)
        quiet = number % 5 in (0, 3)
        most = 1 if key == rare else (2 if quiet else 12)
        counts[day, key] = 0 if key == nine else dice.randint(0, most)
    for number in dice.sample(range(DAYS), THRESHOLD - 1):
        counts[FIRST + dt.timedelta(days=number), nine] = 1
    return counts


def _spans(cells: list[Cell]) -> list[tuple[list[int], int]]:
    spans = ReleasedSpan.objects.filter(dataset=COMPLAINTS.name)
    assert spans.exists()
    return [
        ([i for i, (day, _key) in enumerate(cells) if one.first_day <= day <= one.last_day], one.count)
        for one in spans
    ]


def _rows(cells: list[Cell]) -> list[tuple[list[int], int]]:
    """Each published combination over the days that its month's spans cover."""
    rows = list(ReleasedRow.objects.filter(dataset=COMPLAINTS.name))
    assert rows
    last = max(ReleasedSpan.objects.values_list("last_day", flat=True))
    keys = [tuple(row.key) for row in rows]
    return [
        ([i for i, (day, raw) in enumerate(cells) if day <= last and _stands_for(key, raw, keys)], row.count)
        for key, row in zip(keys, rows, strict=True)
    ]


def _stands_for(key: tuple[str, ...], raw: tuple[str, ...], keys: list[tuple[str, ...]]) -> bool:
    for place, (shown, value) in enumerate(zip(key, raw, strict=True)):
        named = {one[place] for one in keys if one[:place] == key[:place]}
        if shown in (ANY, value) or (shown == OTHER and value not in named):
            continue
        return False
    return True


def _found(cells: list[Cell], counts: dict[Cell, int], equations: list[tuple[list[int], int]]) -> list[Cell]:
    matrix = np.zeros((len(equations), len(cells)))
    for line, (places, _sum) in enumerate(equations):
        matrix[line, places] = 1
    sums = np.array([sum_ for _places, sum_ in equations], dtype=float)
    assert np.allclose(matrix @ np.array([counts[cell] for cell in cells], dtype=float), sums)
    found = []
    for place, cell in enumerate(cells):
        if not 0 < counts[cell] < THRESHOLD:
            continue
        least, most = (_extreme(matrix, sums, place, sign) for sign in (1, -1))
        if least == most:
            found.append(cell)
    return found


def _extreme(matrix: np.ndarray, sums: np.ndarray, place: int, sign: int) -> int:
    """The least (sign 1) or greatest (sign -1) value that the cell can have."""
    goal = np.zeros(matrix.shape[1])
    goal[place] = sign
    solved = milp(
        goal,
        constraints=LinearConstraint(matrix, sums, sums),
        integrality=np.ones(matrix.shape[1]),
        bounds=Bounds(0, np.inf),
    )
    assert solved.success, solved.message
    return round(float(sign * solved.fun))
