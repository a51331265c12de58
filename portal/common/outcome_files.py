"""Reads an operator's outcomes from a file and names what is wrong, row by row.

Used by the operators' pages and the API. Nothing is repaired: a number that a spreadsheet damaged is refused,
because the number that was meant cannot be known. Rows are counted as a spreadsheet counts them: the header
is row 1.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator
from typing import IO, Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aduan.blocklists.outcome_rows import AnswerRow
from aduan.core.errors import Invalid

OUTCOME_COLUMNS: Final = ("number", "answer", "acted_at", "reason")
LARGEST: Final = 64 * 1024 * 1024
_DELIMITERS: Final = (",", ";", "\t")
_DECLARED: Final = re.compile(r'"?sep=(,|;|\t|\\t)"?', re.IGNORECASE)
_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

EXPLANATIONS: Final = {
    "number_missing": gettext_lazy("The number is missing."),
    "number_unreadable": gettext_lazy("Write the number as on the list: digits only, beginning with 62."),
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
    """The rows of a CSV file (comma, semicolon or tab; UTF-8, or UTF-16 with its mark), one at a time.

    Raises Invalid for a file that is not such a table at all.
    """
    declared = _declared_delimiter(file)
    reader = csv.reader(_text(file), delimiter=declared or _delimiter(file), strict=True)
    try:
        if declared:
            next(reader)  # the line `sep=;`, which a spreadsheet shows as row 1 or not at all
        places = _places(next(reader, []))
        for row, cells in enumerate(reader, start=3 if declared else 2):
            if any(cell.strip() for cell in cells):
                yield _row(row, cells, places)
    except UnicodeError as error:
        raise Invalid("file_not_utf8", _("The file is not UTF-8. Save it as “CSV UTF-8”.")) from error
    except csv.Error as error:
        raise Invalid(
            "file_not_csv", _("The file is not CSV: a quote is not closed, or a line is endless.")
        ) from error


def explained(errors: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Row errors of the service with a `message` for a person."""
    return [row | {"message": str(EXPLANATIONS[row["code"]])} for row in errors]


def _text(file: IO[bytes]) -> io.TextIOWrapper:
    head = file.read(4)
    file.seek(0)
    if head == b"PK\x03\x04":
        raise Invalid("file_is_workbook", _("This is a workbook (.xlsx). Save it as “CSV UTF-8” first."))
    encoding = next((name for bom, name in _BOMS if head.startswith(bom)), "utf-8")
    return io.TextIOWrapper(file, encoding=encoding, errors="strict", newline="")


def _delimiter(file: IO[bytes]) -> str:
    """The one that parts the header best; looked for in the first line only."""
    return max(_DELIMITERS, key=_first_line(file).count)


def _declared_delimiter(file: IO[bytes]) -> str:
    """Excel's own first line, `sep=;`, says which one; empty when there is none."""
    match = _DECLARED.fullmatch(_first_line(file))
    return ("\t" if match[1] == "\\t" else match[1]) if match else ""


def _first_line(file: IO[bytes]) -> str:
    """Without byte order mark and zero bytes, so that it reads alike in UTF-8 and UTF-16."""
    head = file.read(1024)
    file.seek(0)
    for bom, _name in _BOMS:
        head = head.removeprefix(bom)
    lines = head.replace(b"\x00", b"").splitlines()[:1]
    return lines[0].decode("latin-1").strip(" ") if lines else ""


def _places(header: list[str]) -> dict[str, int]:
    names = [name.strip().lower() for name in header]
    places: dict[str, int] = {name: names.index(name) for name in OUTCOME_COLUMNS if name in names}
    if "number" not in places or "answer" not in places or len(set(names)) != len(names):
        raise Invalid(
            "header_unknown",
            _("The first row must name the columns: number, answer, acted_at, reason."),
        )
    return places


def _row(row: int, cells: list[str], places: dict[str, int]) -> AnswerRow:
    width = max(places.values()) + 1
    if len(cells) > max(width, len(places)) and any(cell.strip() for cell in cells[width:]):
        return AnswerRow(row, " ".join(cells), "", "")  # shifted cells: refused as a whole, shown as a whole
    found = {name: cells[place].strip() if place < len(cells) else "" for name, place in places.items()}
    return AnswerRow(
        row, found["number"], found["answer"].lower(), found.get("acted_at", ""), found.get("reason", "")
    )
