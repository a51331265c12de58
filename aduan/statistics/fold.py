"""Folding: rows are put together until every combination of values stands for ten rows or more. Pure.

From the first dimension to the last, a group of rows is split where that leaves no part below ten. Rare
values go together under `other`; where only they would not reach ten, or would be known to be nine each, the
smallest frequent values join them, so that no value's own count follows from the sum. Ordered values (hours)
join their neighbours. A dimension that cannot be split so is `*`. The sum over all combinations is the number
of rows: nothing is left out, and a total needs no suppression of its own.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from aduan.statistics.datasets import ANY, OTHER, THRESHOLD

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from aduan.statistics.datasets import Dimension

Row = tuple[tuple[str, ...], int, int]  # values in the order of the dimensions, rows, amount


def fold(rows: Iterable[Row], dimensions: Sequence[Dimension]) -> list[Row]:
    """Combinations that hold THRESHOLD rows or more each, sorted. Raises ValueError for fewer rows in all."""
    given = [row for row in rows if row[1]]
    if sum(row[1] for row in given) < THRESHOLD:
        raise ValueError("too few rows to publish any")
    return sorted(_fold(given, dimensions, ()))


def _fold(rows: list[Row], dimensions: Sequence[Dimension], before: tuple[str, ...]) -> list[Row]:
    if len(before) == len(dimensions):
        return [(before, sum(row[1] for row in rows), sum(row[2] for row in rows))]
    place = len(before)
    parts: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        parts[row[0][place]].append(row)
    counts = {value: sum(row[1] for row in part) for value, part in parts.items()}
    names = _together(counts, dimensions[place])
    folded: dict[str, list[Row]] = defaultdict(list)
    for value, part in parts.items():
        folded[names[value]].extend(part)
    return [one for name, part in folded.items() for one in _fold(part, dimensions, (*before, name))]


def _together(counts: Mapping[str, int], dimension: Dimension) -> dict[str, str]:
    """Under which name each value is published."""
    if dimension.ordered:
        return _neighbours(counts, dimension.ordered)
    pool = pool_of(counts)
    if len(pool) == len(counts) > 1:
        return dict.fromkeys(counts, ANY)
    return {value: OTHER if value in pool else value for value in counts}


def pool_of(counts: Mapping[str, int]) -> set[str]:
    """The values that only appear together: all rare ones, and the smallest frequent till nothing follows."""
    rare = [value for value, count in counts.items() if count < THRESHOLD]
    if not rare:
        return set()
    frequent = sorted((value for value in counts if value not in rare), key=lambda one: (counts[one], one))
    joined: list[str] = []
    while frequent and not _hides(
        [counts[one] for one in rare], [counts[one] for one in joined + frequent[:1]]
    ):
        joined.append(frequent.pop(0))
    return {*rare, *joined}


def _hides(rare: Sequence[int], frequent: Sequence[int]) -> bool:
    """Whether nothing follows from the sum of rare counts and of the frequent ones that joined them.

    The last of `frequent` is the smallest that did not join. Who knows this rule knows why others joined and
    that they are smaller: other counts with the same outcome have to exist on either side of a limit.
    tests/aduan/statistics/test_fold.py tries all counts.
    """
    total, highest = sum(rare), THRESHOLD - 1
    *joined, apart = frequent
    if not joined:
        return len(rare) > 1 and THRESHOLD <= total < len(rare) * highest - 1
    at_limit = total == len(rare) * highest or (joined[-1] == THRESHOLD and total >= highest - 2)
    return apart - joined[-1] >= (3 if at_limit else 2)


def _neighbours(counts: Mapping[str, int], order: Sequence[str]) -> dict[str, str]:
    """Neighbouring classes together until each union has enough rows; the rest joins the last."""
    unclassed = {value: value for value in counts if value not in order}  # some rows have no class
    classed = {value: count for value, count in counts.items() if value in order}
    if unclassed and classed:
        apart = (sum(counts[value] for value in unclassed), sum(classed.values()))
        if min(apart) < THRESHOLD:
            return dict.fromkeys(counts, ANY)
    spans: list[list[str]] = [[]]
    total = 0
    for value in order:
        if total >= THRESHOLD:
            spans.append([])
            total = 0
        spans[-1].append(value)
        total += classed.get(value, 0)
    if total < THRESHOLD and len(spans) > 1:
        spans[-2:] = [spans[-2] + spans[-1]]
    joined = {value: _joined(span, order, classed) for span in spans for value in span if value in classed}
    return unclassed | joined


def _joined(span: Sequence[str], order: Sequence[str], counts: Mapping[str, int]) -> str:
    """`4-6`, `6-8` → `4-8`. Classes without a row at either end stay in: leaving them out would tell."""
    known = [value for value in span if value in counts]
    if len(known) == 1 and counts[known[0]] >= THRESHOLD:
        return known[0]
    if len(span) == len(order):
        return ANY  # from nothing to without end tells nothing
    return f"{span[0].split('-')[0]}-{span[-1].split('-')[1]}"
