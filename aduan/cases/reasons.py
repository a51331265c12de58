"""The reasons that reviewers start with, in both languages. Data: data/reasons.csv. Pure."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_SOURCE: Final = Path(__file__).parent / "data" / "reasons.csv"


@dataclass(frozen=True, slots=True)
class Reason:
    """`category` is empty for a reason that fits every kind of fraud.

    `text_*` is for colleagues, `notice_*` for the complainants, `next_steps` what these can do then.
    """

    code: str
    action: str
    category: str
    text_id: str
    text_en: str
    notice_id: str
    notice_en: str
    next_steps: tuple[str, ...]


def reference() -> tuple[Reason, ...]:
    with _SOURCE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return tuple(Reason(next_steps=tuple(row.pop("next_steps").split()), **row) for row in rows)
