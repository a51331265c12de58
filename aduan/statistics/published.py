"""The public tables as plain rows: what the files hold, and all that the figures are computed from. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

Cell = str | int | None

# The files of a snapshot beside its tables.
PACKAGE: Final = "datapackage.json"
FIGURES: Final = "figures.json"
LATEST: Final = "latest"  # in place of a day, where the TUF repository names the newest package
SIGNATURE: Final = f"{PACKAGE}.sig"  # Ed25519 over the package


@dataclass(frozen=True, slots=True)
class Column:
    """`kind`: a Frictionless type (`string`, `integer`, `date`)."""

    name: str
    kind: str
    meaning: str


@dataclass(slots=True)
class Table:
    """One file. Rows are in the order of the file."""

    name: str
    meaning: str
    columns: tuple[Column, ...]
    rows: list[tuple[Cell, ...]] = field(default_factory=list)

    def named(self) -> list[dict[str, Cell]]:
        names = [column.name for column in self.columns]
        return [dict(zip(names, row, strict=True)) for row in self.rows]


MONTH: Final = Column("month", "string", "Month in Jakarta, like 2026-10")
STRATUM: Final = Column("stratum", "string", "What happened, or which operator or platform: see strata")
COUNT: Final = Column("count", "integer", "How many rows this line stands for, ten at least")
DATASET: Final = Column("dataset", "string", "Which of the datasets")
MEANINGS: Final = {
    "group": "Group of the kind of fraud; `*`: not split, `other`: several rare ones together",
    "category": "Kind of fraud; `*`: not split, `other`: several rare ones together",
    "channel": "How the person was reached",
    "kind": "Kind of number",
    "region": "Region of a landline number",
    "reason": "Code of the reason",
    "promise": "Whether the time promised was kept: kept, missed; none: no clock ran, in no share",
    "hours": "Class of hours, from-to; neighbouring classes together where one has fewer than ten rows",
    "listed": "Class of hours from the decision to the publication of the list",
    "operator": "Operator that holds the number",
    "answer": "Answer in 15 days (of operators the first); silent: none; unchecked: waits for a person",
}
