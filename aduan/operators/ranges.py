"""The range table as a pure value: which operator held a number on a day, longest prefix first."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from aduan.operators import reference


@dataclass(frozen=True, slots=True)
class Holding:
    """Who held a prefix, and when. `until` is the first day after. Shipped data has no ids."""

    prefix: str
    operator_code: str | None
    operator_name: str
    brand: str
    status: str  # NumberRange.Status
    since: dt.date | None
    until: dt.date | None
    operator_id: int | None = None
    range_id: int | None = None

    @property
    def routable(self) -> bool:
        """Whether a list may be sent on the strength of this row; else a person must look."""
        return self.status == "active" and self.operator_code is not None

    def holds_on(self, on: dt.date) -> bool:
        return (self.since is None or self.since <= on) and (self.until is None or on < self.until)


class RangeTable:
    """Immutable. Some 130 rows; a lookup takes about a microsecond."""

    def __init__(self, holdings: Iterable[Holding]) -> None:
        by_prefix: dict[str, list[Holding]] = defaultdict(list)
        for holding in holdings:
            by_prefix[holding.prefix].append(holding)
        self._by_prefix: Mapping[str, list[Holding]] = dict(by_prefix)
        self._lengths = sorted({len(prefix) for prefix in by_prefix}, reverse=True)

    def __len__(self) -> int:
        return sum(map(len, self._by_prefix.values()))

    def holder_of(self, digits: int | str, *, on: dt.date) -> Holding | None:
        """The holding of the longest prefix that is valid on that day; None when no row knows the prefix."""
        text = str(digits)
        for length in self._lengths:
            for holding in self._by_prefix.get(text[:length], ()):
                if holding.holds_on(on):
                    return holding
        return None


def shipped_table() -> RangeTable:
    """The table from the files of the project, for tools that run without a database."""
    names = {row.code: row.name for row in reference.operator_rows()}
    return RangeTable(
        Holding(
            row.prefix,
            row.operator or None,
            names.get(row.operator, ""),
            row.brand,
            row.status,
            row.since,
            row.until,
        )
        for row in reference.range_rows()
    )
