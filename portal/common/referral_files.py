"""Reads a platform's answers and its banned numbers from CSV. Used by the platforms' pages and the API."""

from __future__ import annotations

import datetime as dt
import io
import itertools
import uuid
from typing import Any, Final

from django.utils.translation import gettext as _

from aduan.core.errors import Invalid
from aduan.referrals.services import AnswerLine, BannedNumber
from portal.common.csv_tables import read_table

LARGEST_REFERRAL_FILE: Final = 2 * 1024 * 1024
_MOST_ROWS: Final = 5_001


def answer_lines(data: bytes) -> list[AnswerLine]:
    """Columns: referral, answer, note, acted_at. A row without an answer is not yet answered, and left out.

    Raises Invalid `rows_refused`.
    """
    lines: list[AnswerLine] = []
    wrong: list[dict[str, Any]] = []
    for row, cells in _rows(data, ("referral", "answer")):
        if not cells["answer"] and not cells.get("note"):
            continue
        try:
            lines.append(
                AnswerLine(
                    row,
                    uuid.UUID(cells["referral"]),
                    cells["answer"].lower(),
                    cells.get("note", ""),
                    moment(cells.get("acted_at", "")),
                )
            )
        except ValueError:
            wrong.append({"row": row, "code": "row_unreadable", "message": _("Check the id and the time.")})
    if wrong:
        raise Invalid(
            "rows_refused", _("Some rows cannot be accepted. Nothing was applied."), rows=wrong[:1000]
        )
    return lines


def banned_numbers(data: bytes) -> list[BannedNumber]:
    """Columns: number, category, banned_on. A day that cannot be read is a day that is not known."""
    return [
        BannedNumber(row, cells["number"], cells["category"].upper(), _day(cells.get("banned_on", "")))
        for row, cells in _rows(data, ("number", "category"))
    ]


def moment(text: str) -> dt.datetime | None:
    """ISO 8601 with offset; None when empty. Raises ValueError."""
    if not text:
        return None
    value = dt.datetime.fromisoformat(text)
    if value.tzinfo is None:
        raise ValueError("no offset")
    return value


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None


def _rows(data: bytes, needed: tuple[str, ...]) -> list[tuple[int, dict[str, str]]]:
    if len(data) > LARGEST_REFERRAL_FILE:
        raise Invalid("file_too_large", _("The file is larger than 2 MB. Send it in parts."))
    table = read_table(io.BytesIO(data))
    header = [name.strip().lower() for name in next(table, (1, []))[1]]
    if not set(needed) <= set(header):
        raise Invalid(
            "header_unknown",
            _("The first row must name the columns: %(names)s.") % {"names": ", ".join(needed)},
        )
    found = [
        (row, dict(zip(header, [cell.strip() for cell in cells], strict=False)))
        for row, cells in itertools.islice(table, _MOST_ROWS)
    ]
    if len(found) >= _MOST_ROWS:
        raise Invalid("too_many_rows", _("At most %(max)d rows at once.") % {"max": _MOST_ROWS - 1})
    return [(row, dict.fromkeys(needed, "") | cells) for row, cells in found]
