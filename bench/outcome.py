"""What a measurement says, in the shape that is kept."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Outcome:
    """`median_ratio` against `limit`; `floor` is what the ratio compares with, in seconds."""

    title: str
    runs: int
    median_ratio: float
    floor: float
    limit: float
    sense: str  # "most": the ratio may not exceed the limit; "least": it may not fall below
    rows: list[tuple[str, str]]
    also_holds: bool = True
    more: dict[str, Any] = field(default_factory=dict)

    @property
    def holds(self) -> bool:
        kept = self.median_ratio <= self.limit if self.sense == "most" else self.median_ratio >= self.limit
        return kept and self.also_holds

    def as_dict(self) -> dict[str, Any]:
        return {
            "runs": self.runs,
            "median_ratio": round(self.median_ratio, 4),
            "floor": self.floor,
            "limit": self.limit,
            "sense": self.sense,
            "holds": self.holds,
            **self.more,
        }


def seconds(act: Callable[[], object]) -> float:
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


def median(values: list[float]) -> float:
    return statistics.median(values)
