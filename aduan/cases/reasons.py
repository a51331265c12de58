"""The reasons that reviewers start with, in both languages. Data: data/reasons.csv. Pure."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_SOURCE: Final = Path(__file__).parent / "data" / "reasons.csv"


@dataclass(frozen=True, slots=True)
class Reason:
    """`category` is empty for a reason that fits every kind of fraud."""

    code: str
    action: str
    category: str
    text_id: str
    text_en: str


def reference() -> tuple[Reason, ...]:
    with _SOURCE.open(encoding="utf-8", newline="") as file:
        return tuple(Reason(**row) for row in csv.DictReader(file))
