"""The facts the project ships about operators and number ranges, each with its source, as plain rows."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path
from typing import Any, Final, NamedTuple

DATA: Final = Path(__file__).parent / "data"


class LegalRow(NamedTuple):
    code: str
    title_id: str
    title_en: str
    url: str
    since: dt.date | None
    until: dt.date | None
    source: str


class OperatorRow(NamedTuple):
    code: str
    name: str
    legal_name: str
    kind: str
    obligation: str
    legal_reference: str
    since: dt.date | None
    until: dt.date | None
    source: str


class RangeRow(NamedTuple):
    """`prefix` in international digits; `until` is the first day on which it no longer holds."""

    prefix: str
    operator: str
    brand: str
    status: str
    since: dt.date | None
    until: dt.date | None
    source: str
    note: str


def _rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def day(text: str) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def legal_rows() -> list[LegalRow]:
    return [LegalRow(**_dated(row)) for row in _rows("legal_references.csv")]


def operator_rows() -> list[OperatorRow]:
    return [OperatorRow(**_dated(row)) for row in _rows("operators.csv")]


def range_rows() -> list[RangeRow]:
    return [RangeRow(**_dated(row)) for row in _rows("number_ranges.csv")]


def _dated(row: dict[str, str]) -> dict[str, Any]:
    return row | {"since": day(row["since"]), "until": day(row["until"])}
