"""Every public figure, computed from the published tables alone. Pure.

A figure has a name such as `decisions.block.2026-10.total` and a value: a number, `<10` where fewer than ten
rows wait to be released, a bound of hours such as `24`, or `>1440`. contrib/recompute.py computes the same
from the files.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import TYPE_CHECKING, Final

from aduan.statistics.datasets import ANY, DATASETS, NO_HOURS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from aduan.statistics.published import Cell, Table

Figures = dict[str, int | str]
TOO_FEW: Final = "<10"
_OPEN: Final = 1_000_000  # hours, added to the lower bound of a class without an upper one
EVERY: Final = "all"  # all strata, or all months


def compute_figures(tables: Mapping[str, Table]) -> Figures:
    """All of them, sorted by name."""
    found: Figures = {}
    _totals(tables, found)
    for name in DATASETS:
        rows = tables[name].named()
        _splits(name, rows, found)
        _percentiles(name, rows, found)
    for row in tables["open_cases"].named():
        found[f"open_cases.{row['age']}"] = row["cases"] or TOO_FEW
    return dict(sorted(found.items()))


def _totals(tables: Mapping[str, Table], found: Figures) -> None:
    sums: dict[str, int] = defaultdict(int)
    months: dict[str, set[str]] = defaultdict(set)
    for row in tables["spans"].named():
        dataset, stratum, count = str(row["dataset"]), str(row["stratum"]), _number(row["count"])
        months[dataset].add(str(row["month"]))
        for month in (str(row["month"]), EVERY):
            sums[f"{dataset}.{stratum}.{month}.total"] += count
            sums[f"{dataset}.{EVERY}.{month}.total"] += count
        if DATASETS[dataset].daily:
            sums[f"{dataset}.{stratum}.{_week(str(row['last_day']))}.total"] += count
    for row in tables["corrections"].named():
        dataset, stratum, change = str(row["dataset"]), str(row["stratum"]), _number(row["change"])
        for month in (str(row["month"]), EVERY):
            sums[f"{dataset}.{stratum}.{month}.total"] += change
            sums[f"{dataset}.{EVERY}.{month}.total"] += change
    for row in tables["strata"].named():
        for month in (*months[str(row["dataset"])], EVERY):
            found[f"{row['dataset']}.{row['stratum']}.{month}.total"] = TOO_FEW
    found.update(sums)


def _splits(name: str, rows: Iterable[dict[str, Cell]], found: Figures) -> None:
    dataset = DATASETS[name]
    sums: dict[str, int] = defaultdict(int)
    for row in rows:
        for stratum in (row["stratum"], EVERY):
            before = f"{name}.{stratum}.{row['month']}"
            for column in dataset.columns:
                sums[f"{before}.{column}.{row[column]}"] += _number(row["count"])
            if dataset.amount:
                sums[f"{before}.{dataset.amount}"] += _number(row[dataset.amount])
    found.update(sums)


def _percentiles(name: str, rows: Iterable[dict[str, Cell]], found: Figures) -> None:
    if "hours" not in DATASETS[name].columns:
        return
    classes: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for row in rows:
        if row["hours"] in {NO_HOURS, ANY}:
            continue
        for stratum in (row["stratum"], EVERY):
            classes[f"{name}.{stratum}.{row['month']}"].append(
                (upper_bound(str(row["hours"])), _number(row["count"]))
            )
    for before, counted in classes.items():
        for percent in (50, 95):
            found[f"{before}.p{percent}"] = _percentile(sorted(counted), percent)


def upper_bound(hours: str) -> int:
    """`12-24` → 24; an open class such as `1440-` → a number above all bounds."""
    low, _dash, high = hours.partition("-")
    return int(high) if high else _OPEN + int(low)


def _percentile(counted: list[tuple[int, int]], percent: int) -> str:
    """The bound below which at least `percent` of 100 lie: `24`, or `>1440` in the open class."""
    total = sum(count for _bound, count in counted)
    below = 0
    for bound, count in counted:
        below += count
        if below * 100 >= total * percent:
            return str(bound) if bound < _OPEN else f">{bound - _OPEN}"
    raise ValueError("no rows")


def _week(day: str) -> str:
    year, week, _weekday = dt.date.fromisoformat(day).isocalendar()
    return f"{year}-W{week:02d}"


def _number(cell: Cell) -> int:
    return int(cell or 0)
