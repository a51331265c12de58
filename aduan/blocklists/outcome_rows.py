"""What one row of an operator's answers must look like. Pure; nothing is guessed, nothing is repaired.

Spreadsheets damage numbers silently (`6.28123E+12`, a lost digit, a leading apostrophe), so a number that is
neither `62…` nor `+62…` is refused with the reason, and one that is not on the quoted list is refused later
by the list.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aduan.blocklists.codes import OutcomeStatus
from aduan.core.text import without_steering

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

ANSWERS = tuple(OutcomeStatus.values)
MAX_REASON = 300
_NUMBER = re.compile(r"\+?[1-9][0-9]{2,14}\Z", re.ASCII)  # `62…` as on lists, `+62…` as in traces
_CONTROL = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")  # half a surrogate pair has no bytes
_SCIENCE = re.compile(r"[0-9]+([.,][0-9]+)?[eE]\+?[0-9]+\Z", re.ASCII)
AHEAD = dt.timedelta(minutes=10)  # clocks differ a little
BACK = dt.timedelta(days=5 * 366)  # and no time that the database cannot give back
_FARTHEST = dt.timedelta(hours=14)  # no clock of this world is farther from UTC


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """One row as it was written. `row` is what the sender calls it (1 is the first row of data)."""

    row: int
    number: str
    answer: str
    acted_at: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class RowError:
    """What is wrong with one row: a stable code for machines."""

    row: int
    code: str
    number: str = ""

    def as_dict(self) -> dict[str, Any]:
        return {"row": self.row, "code": self.code, "number": self.number}


@dataclass(frozen=True, slots=True)
class CheckedRow:
    row: int
    digits: int
    answer: str
    acted_at: dt.datetime
    reason: str


def check(row: AnswerRow, *, at: dt.datetime) -> CheckedRow | RowError:
    """`acted_at` is ISO 8601 with an offset; empty means now."""
    problem = number_problem(row.number) or _answer_problem(row)
    if problem:
        return RowError(row.row, problem, row.number[:40].encode(errors="backslashreplace").decode())
    acted_at = _instant(row.acted_at, at)
    if acted_at is None:
        return RowError(row.row, "time_unreadable", row.number)
    if acted_at > at + AHEAD:
        return RowError(row.row, "time_in_future", row.number)
    if acted_at < at - BACK:
        return RowError(row.row, "time_too_early", row.number)
    acted_at = min(acted_at, at).astimezone(dt.UTC)  # PostgreSQL reads fewer offsets than Python
    return CheckedRow(row.row, int(row.number), row.answer, acted_at, without_steering(row.reason).strip())


def as_copy_lines(rows: Iterable[CheckedRow]) -> Iterator[bytes]:
    """Lines for PostgreSQL's COPY in text format."""
    for row in rows:
        reason = row.reason.replace("\\", "\\\\")
        yield f"{row.row}\t{row.digits}\t{row.answer}\t{row.acted_at.isoformat()}\t{reason}\n".encode()


def number_problem(number: str) -> str:
    """The code of what is wrong with a number; nothing for digits as on a list, or E.164 with its sign."""
    if _NUMBER.match(number):
        return ""
    if _SCIENCE.match(number.strip()):
        return "number_in_scientific_form"
    return "number_unreadable" if number.strip() else "number_missing"


def _answer_problem(row: AnswerRow) -> str:
    if row.answer not in ANSWERS:
        return "answer_unknown"
    if len(row.reason) > MAX_REASON:
        return "reason_too_long"
    if _CONTROL.search(row.reason):
        return "reason_unreadable"
    refused = row.answer == OutcomeStatus.REFUSED
    return "reason_missing" if refused and not without_steering(row.reason).strip() else ""


def _instant(text: str, at: dt.datetime) -> dt.datetime | None:
    if not text:
        return at
    try:
        value = dt.datetime.fromisoformat(text)
    except ValueError:
        return None
    offset = value.utcoffset()
    return value if offset is not None and abs(offset) <= _FARTHEST else None
