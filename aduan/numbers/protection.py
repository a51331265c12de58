"""Which numbers are never blocked: exact ones, patterns, and the forms in which callers forge them.

A forged form shows a bank's short code as if it were an ordinary number: +62 21 1500888, 021-14000, +6214041.
An access-alike (0812-12-14071 for 0812-12-14017) is not protected: it is the very number that deceives. The
database says the same by `numbers_protection(text)`; a test compares both.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, NamedTuple

from aduan.numbers.numbering_plan import DATA

# Area codes do not begin with 8 and local numbers not with 1: +62 <area> <1…> is no subscriber's line.
FORGED: Final = re.compile(
    r"(?:\+62|(?:service|short):0?)(?:[2-79][0-9]{1,2})?(1[0-9]{2}|140[0-9]{2}|1500[0-9]{2,3})"
)


class ProtectedRow(NamedTuple):
    pattern: str  # canonical text; a trailing * stands for any further digits
    owner: str
    kind: str
    source: str
    confidence: str
    note: str


@dataclass(frozen=True, slots=True)
class Protection:
    """Why a number is never blocked. `forged` when it only looks like the protected one."""

    pattern: str
    owner: str
    kind: str
    forged: bool


class ProtectedSet:
    """All protected numbers as a value, for bulk checks without a query for each."""

    def __init__(self, rows: Iterable[tuple[str, str, str]]) -> None:
        """`rows` are (pattern, owner, kind)."""
        self._exact: dict[str, tuple[str, str]] = {}
        self._prefixes: list[tuple[str, str, str]] = []
        for pattern, owner, kind in rows:
            if pattern.endswith("*"):
                self._prefixes.append((pattern[:-1], owner, kind))
            else:
                self._exact[pattern] = (owner, kind)

    def protection_of(self, canonical: str) -> Protection | None:
        if (exact := self._exact.get(canonical)) is not None:
            return Protection(canonical, *exact, forged=False)
        for prefix, owner, kind in self._prefixes:
            if canonical.startswith(prefix):
                return Protection(prefix + "*", owner, kind, forged=False)
        match = FORGED.fullmatch(canonical)
        if match is None:
            return None
        for pattern in (f"service:{match[1]}", f"short:{match[1]}"):
            if (forged := self._exact.get(pattern)) is not None:
                return Protection(pattern, *forged, forged=True)
        return None


def owner_name(owner: str) -> str:
    """Who holds a protected number, as citizens call them: without the register's remarks."""
    name = owner.strip().removesuffix("SMS masking sender ID").rstrip()
    if name.endswith(")"):  # "(landline)"
        name = name.partition("(")[0].rstrip()
    return name or owner


def protected_rows() -> list[ProtectedRow]:
    """The shipped facts, with their sources."""
    with (DATA / "protected_numbers.csv").open(encoding="utf-8", newline="") as file:
        return [ProtectedRow(**row) for row in csv.DictReader(file)]


def shipped_set() -> ProtectedSet:
    return ProtectedSet((row.pattern, row.owner, row.kind) for row in protected_rows())
