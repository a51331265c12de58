"""Reads an operator's outcomes from a file and names what is wrong, row by row.

Used by the operators' pages and the API. Nothing is repaired: a number that a spreadsheet damaged is refused,
because the number that was meant cannot be known. Rows are counted as a spreadsheet counts them: the header
is row 1.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, Any, Final

from django.utils.translation import gettext_lazy

from aduan.blocklists.formats import columns_of
from aduan.blocklists.outcome_rows import AnswerRow
from portal.common.csv_tables import is_shifted, places_of, read_table

OUTCOME_COLUMNS: Final = ("number", "answer", "acted_at", "reason")
# A list with answers written beside its numbers is a report too.
KNOWN_COLUMNS: Final = (*OUTCOME_COLUMNS, *columns_of(referral=True)[1:])
LARGEST: Final = 64 * 1024 * 1024

EXPLANATIONS: Final = {
    "number_missing": gettext_lazy("The number is missing."),
    "number_unreadable": gettext_lazy(
        "Write the number as on the list: digits only, beginning with 62 or +62."
    ),
    "number_in_scientific_form": gettext_lazy(
        "A spreadsheet has rounded this number and its last digits are lost. Take it from the list again, "
        "and set the column to “text” before you paste."
    ),
    "answer_unknown": gettext_lazy(
        "The answer must be one of: blocked, inactive, not_ours, recycled, refused, unblocked."
    ),
    "reason_missing": gettext_lazy("A refusal needs a reason."),
    "reason_too_long": gettext_lazy("The reason is longer than 300 characters."),
    "reason_unreadable": gettext_lazy("The reason holds a line break or a control character."),
    "time_unreadable": gettext_lazy("Write the time like 2026-11-18T09:30:00+07:00, with its offset."),
    "time_in_future": gettext_lazy("The time lies in the future."),
    "time_too_early": gettext_lazy("The time lies more than five years back."),
    "duplicate_row": gettext_lazy("This number stands in the file twice."),
    "not_on_list": gettext_lazy(
        "This number is not on this list. Check its digits, and which list you quote."
    ),
    "not_removed_by_list": gettext_lazy("This list does not lift the block of this number."),
}


def rows_of(file: IO[bytes]) -> Iterator[AnswerRow]:
    """The rows of a CSV file, one at a time.

    Raises Invalid for a file that is no such table at all: see `portal.common.csv_tables`.
    """
    table = read_table(file)
    _header_row, header = next(table, (1, []))
    places = places_of(header, needed=("number", "answer"), known=KNOWN_COLUMNS)
    for row, cells in table:
        yield _row(row, cells, places)


def explained(errors: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Row errors of the service with a `message` for a person."""
    return [row | {"message": str(EXPLANATIONS[row["code"]])} for row in errors]


def _row(row: int, cells: list[str], places: dict[str, int]) -> AnswerRow:
    if is_shifted(cells, places):
        return AnswerRow(row, " ".join(cells), "", "")  # shifted cells: refused as a whole, shown as a whole
    found = {name: cells[place].strip() if place < len(cells) else "" for name, place in places.items()}
    return AnswerRow(
        row, found["number"], found["answer"].lower(), found.get("acted_at", ""), found.get("reason", "")
    )
