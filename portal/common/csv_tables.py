"""Reads a table as spreadsheets save it, row by row, from a file that an operator or a platform sends.

CSV with comma, semicolon or tab, in UTF-8, or in UTF-16 with its mark. Nothing is repaired.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator
from typing import IO, Final

from django.utils.translation import gettext as _

from aduan.core.errors import Invalid

_DELIMITERS: Final = (",", ";", "\t")
_DECLARED: Final = re.compile(r'"?sep=(,|;|\t|\\t)"?', re.IGNORECASE)
_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def read_table(file: IO[bytes]) -> Iterator[tuple[int, list[str]]]:
    """Header, then every row that is not empty, each with its number as a spreadsheet counts it, from 1.

    Raises Invalid for a file that is no such table at all.
    """
    declared = _declared_delimiter(file)
    reader = csv.reader(_text(file), delimiter=declared or _delimiter(file), strict=True)
    first = 2 if declared else 1
    try:
        if declared:
            next(reader)  # the line `sep=;`, which a spreadsheet shows as row 1 or not at all
        for row, cells in enumerate(reader, start=first):
            if row == first or any(cell.strip() for cell in cells):
                yield row, cells
    except UnicodeError as error:
        raise Invalid("file_not_utf8", _("The file is not UTF-8. Save it as “CSV UTF-8”.")) from error
    except csv.Error as error:
        raise Invalid(
            "file_not_csv", _("The file is not CSV: a quote is not closed, or a line is endless.")
        ) from error


def places_of(header: list[str], *, needed: tuple[str, ...], known: tuple[str, ...]) -> dict[str, int]:
    """At which place each column stands. Raises Invalid: no column is missed, guessed or passed over."""
    names = [name.strip().lower() for name in header]
    named = [name for name in names if name]
    if not set(needed) <= set(named):
        text = _("The first row must name the columns: %(names)s.") % {"names": ", ".join(needed)}
        raise Invalid("header_unknown", text)
    for name in named:
        if name not in known:
            text = _("A column “%(name)s” is not known here. Take it out, or mend its name.")
            raise Invalid("header_unknown", text % {"name": name[:40]})
        if named.count(name) > 1:
            text = _("The column “%(name)s” stands there twice.")
            raise Invalid("header_unknown", text % {"name": name})
    return {name: names.index(name) for name in named}


def is_shifted(cells: list[str], places: dict[str, int]) -> bool:
    """Whether something stands where no column is named: a comma in a text has moved what follows it."""
    return any(cell.strip() for place, cell in enumerate(cells) if place not in places.values())


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
