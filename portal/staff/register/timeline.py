"""The picture of the range table: a line for each prefix, a bar for each holder, years from left to right."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from aduan.operators.models import NumberRange

FIRST_YEAR: Final = 2010  # what lies before is drawn up to the left edge
LABEL: Final = 124
WIDTH: Final = 960
LINE: Final = 26
HEAD: Final = 28
TONES: Final = 10


@dataclass(frozen=True, slots=True)
class Bar:
    x: float
    width: float
    tone: str
    text: str
    title: str
    pk: int


@dataclass(slots=True)
class Line:
    label: str
    y: int = 0
    bars: list[Bar] = field(default_factory=list)

    @property
    def text_y(self) -> int:
        return self.y + 17


@dataclass(frozen=True, slots=True)
class Tick:
    x: float
    year: int


@dataclass(frozen=True, slots=True)
class Timeline:
    lines: list[Line]
    ticks: list[Tick]
    today: float
    width: int
    height: int
    legend: list[tuple[str, str]]  # tone, operator


def timeline(rows: Iterable[NumberRange], *, today: dt.date) -> Timeline:
    """Neighbouring prefixes with the same history share a line ("0811–0813")."""
    last_year = today.year + 1
    by_prefix: dict[str, list[NumberRange]] = {}
    for row in rows:
        if not row.valid.isempty:
            by_prefix.setdefault(row.prefix, []).append(row)
    tones = _tones(by_prefix)
    lines: list[Line] = []
    for group in _groups(by_prefix):
        bars = [_bar(row, tones, last_year) for row in by_prefix[group[0]]]
        lines.append(Line(_label(group), HEAD + LINE * len(lines), bars))
    ticks = [Tick(_x(dt.date(year, 1, 1), last_year), year) for year in range(FIRST_YEAR, last_year + 1, 2)]
    legend = [(tone, name) for name, tone in tones.items() if tone != "none"]
    height = HEAD + LINE * len(lines) + 8
    return Timeline(lines, ticks, _x(today, last_year), WIDTH, height, legend)


def _history(rows: list[NumberRange]) -> tuple[object, ...]:
    return tuple(
        (row.operator_id, row.status, row.brand_id, row.valid.lower, row.valid.upper) for row in rows
    )


def _groups(by_prefix: dict[str, list[NumberRange]]) -> list[list[str]]:
    groups: list[list[str]] = []
    for prefix in sorted(by_prefix):
        follows = groups and len(groups[-1][-1]) == len(prefix) and int(groups[-1][-1]) + 1 == int(prefix)
        if follows and _history(by_prefix[groups[-1][-1]]) == _history(by_prefix[prefix]):
            groups[-1].append(prefix)
        else:
            groups.append([prefix])
    return groups


def _label(group: list[str]) -> str:
    first, last = (f"0{prefix[2:]}" for prefix in (group[0], group[-1]))
    return first if first == last else f"{first}–{last}"


def _tones(by_prefix: dict[str, list[NumberRange]]) -> dict[str, str]:
    """One colour for each operator, in the order of first appearance; no one has the pale one."""
    tones: dict[str, str] = {}
    for prefix in sorted(by_prefix):
        for row in by_prefix[prefix]:
            if row.operator and row.operator.name not in tones:
                tones[row.operator.name] = f"op-{len(tones) % TONES}"
    return tones


def _x(day: dt.date, last_year: int) -> float:
    years = day.year - FIRST_YEAR + (day.timetuple().tm_yday - 1) / 365.25
    share = min(max(years / (last_year + 1 - FIRST_YEAR), 0.0), 1.0)
    return round(LABEL + share * (WIDTH - LABEL), 1)


def _bar(row: NumberRange, tones: dict[str, str], last_year: int) -> Bar:
    left = _x(row.valid.lower, last_year) if row.valid.lower else float(LABEL)
    right = _x(row.valid.upper, last_year) if row.valid.upper else float(WIDTH)
    holder = row.operator.name if row.operator else str(row.get_status_display())
    active = row.status == NumberRange.Status.ACTIVE
    shown = row.brand.name if active and row.brand else holder
    text = shown if right - left > 7.5 * len(shown) + 10 else ""
    tone = tones.get(holder, "none") if active else "none"
    width = max(right - left - 1.5, 1.5)
    title = f"{holder} · {shown} · {row.valid.lower or '…'} – {row.valid.upper or '…'}"
    return Bar(left, round(width, 1), tone, text, title, row.pk)
