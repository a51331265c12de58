"""Every public figure, computed from the published tables alone. Pure.

A figure has a name such as `decisions.block.2026-10.total` and a value: a number, `<10` where fewer than ten
rows wait to be released, the month since which they waited (`since`), a bound of hours such as `24`, or
`>1440`, a share such as `98.2`, or `>=97.0` where folding left out rows that may have missed, and `*` where
nothing true may be said: folded away, or of a receiver with few rows or with rows that hide those of another.
Shares are rounded down, hours up. contrib/recompute.py computes the same from the files.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import TYPE_CHECKING, Final

from aduan.statistics.datasets import ANY, DATASETS, FOLDINGS, NO_HOURS, OTHER, STRATA

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from aduan.statistics.published import Cell, Table

Figures = dict[str, int | str]
TOO_FEW: Final = "<10"
_OPEN: Final = 1_000_000  # hours, added to the lower bound of a class without an upper one
_FOLDED: Final = 2_000_000  # hours of rows that may have any: they come last, so that no percentile flatters
EVERY: Final = "all"  # all strata, or all months


def compute_figures(tables: Mapping[str, Table]) -> Figures:
    """All of them, sorted by name."""
    found: Figures = {}
    _totals(tables, found)
    _outcome_shares(found)
    for name in FOLDINGS:
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
        _add(sums, row, count)
        if (began := str(row["first_day"])[:7]) < str(row["month"]):
            name = f"{dataset}.{stratum}.{row['month']}.since"
            found[name] = min(began, str(found.get(name, began)))
        if DATASETS[dataset].daily:
            sums[f"{dataset}.{stratum}.{_week(str(row['last_day']))}.total"] += count
    for row in tables["corrections"].named():
        _add(sums, row, _number(row["change"]))
    for row in tables["strata"].named():
        withheld = ANY if DATASETS[str(row["dataset"])].pooled else TOO_FEW
        for month in (*months[str(row["dataset"])], EVERY):
            found[f"{row['dataset']}.{row['stratum']}.{month}.total"] = withheld
    found.update(sums)


def _add(sums: dict[str, int], row: dict[str, Cell], count: int) -> None:
    """To the stratum and to all strata, in its month and in all months."""
    for stratum in (row["stratum"], EVERY):
        for month in (row["month"], EVERY):
            sums[f"{row['dataset']}.{stratum}.{month}.total"] += count


def _outcome_shares(found: Figures) -> None:
    """Only when each is known: a share of what is shown would be taken for one of all."""
    counts = {act: found[f"decisions.{act}.{EVERY}.total"] for act in STRATA["decisions"]}
    known = [count for count in counts.values() if isinstance(count, int)]
    for act, count in counts.items() if len(known) == len(counts) else ():
        found[f"decisions.{act}.{EVERY}.share"] = share(_number(count), sum(known))


def _splits(name: str, rows: Iterable[dict[str, Cell]], found: Figures) -> None:
    dataset, folding = FOLDINGS[name]
    sums: dict[str, dict[tuple[str, str], int]] = defaultdict(lambda: defaultdict(int))
    totals: dict[str, int] = defaultdict(int)
    amounts: dict[str, int] = defaultdict(int)
    for row in rows:
        for stratum in (row["stratum"], EVERY):
            before = f"{name}.{stratum}.{row['month']}"
            totals[before] += _number(row["count"])
            for column in folding.columns:
                sums[before][column, str(row[column])] += _number(row["count"])
            for month in (row["month"], EVERY) if dataset.amount else ():
                amounts[f"{name}.{stratum}.{month}.{dataset.amount}"] += _number(row[dataset.amount])
    for before, values in sums.items():
        for (column, value), count in values.items():
            found[f"{before}.{column}.{value}"] = count
            found[f"{before}.{column}.{value}.share"] = share(count, totals[before])
        if kept := kept_share({value: n for (column, value), n in values.items() if column == "promise"}):
            found[f"{before}.kept_share"] = kept
    found.update(amounts)


def share(part: int, whole: int) -> str:
    """Percent with one digit, rounded down."""
    return f"{part * 1000 // whole / 10:.1f}"


def kept_share(counts: Mapping[str, int]) -> str:
    """Of all that was due. Rows folded away may all have missed; empty when nothing was due."""
    kept, hidden = counts.get("kept", 0), counts.get(OTHER, 0) + counts.get(ANY, 0)
    due = kept + counts.get("missed", 0) + hidden
    if not due:
        return ""
    if hidden:
        return f">={share(kept, due)}" if kept else ANY
    return share(kept, due)


def _percentiles(name: str, rows: Iterable[dict[str, Cell]], found: Figures) -> None:
    if not (hours := FOLDINGS[name][1].hours):
        return
    classes: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for row in rows:
        if row[hours] == NO_HOURS:
            continue
        for stratum in (row["stratum"], EVERY):
            classes[f"{name}.{stratum}.{row['month']}"].append(
                (upper_bound(str(row[hours])), _number(row["count"]))
            )
    for before, counted in classes.items():
        for percent in (50, 95):
            found[f"{before}.p{percent}"] = _percentile(sorted(counted), percent)


def upper_bound(hours: str) -> int:
    """`12-24` → 24; an open class such as `1440-` → a number above all bounds; `*` → one above these."""
    if hours == ANY:
        return _FOLDED
    low, _dash, high = hours.partition("-")
    return int(high) if high else _OPEN + int(low)


def _percentile(counted: list[tuple[int, int]], percent: int) -> str:
    """The bound below which at least `percent` of 100 lie; `>1440` in an open class, `*` when folded."""
    total = sum(count for _bound, count in counted)
    below = 0
    for bound, count in counted:
        below += count
        if below * 100 >= total * percent:
            if bound >= _OPEN:
                return ANY if bound == _FOLDED else f">{bound - _OPEN}"
            return str(bound)
    raise ValueError("no rows")


def _week(day: str) -> str:
    year, week, _weekday = dt.date.fromisoformat(day).isocalendar()
    return f"{year}-W{week:02d}"


def _number(cell: Cell) -> int:
    return int(cell or 0)
