"""Reads a platform's answers and its banned numbers from CSV. Used by the platforms' pages and the API."""

from __future__ import annotations

import datetime as dt
import io
import itertools
import uuid
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aduan.core.errors import Invalid
from aduan.referrals.services import AnswerLine, BannedNumber
from portal.common.csv_tables import is_shifted, places_of, read_table

LARGEST_REFERRAL_FILE: Final = 2 * 1024 * 1024
_MOST_ROWS: Final = 5_001
_SHIFTED: Final = gettext_lazy("This row has more cells than columns. Put a text with a comma into quotes.")


def answer_lines(data: bytes) -> list[AnswerLine]:
    """Columns: referral, answer, note, acted_at. A row without an answer is not yet answered, and left out.

    Raises Invalid `rows_refused`.
    """
    lines: list[AnswerLine] = []
    wrong: list[dict[str, Any]] = []
    for row, cells in _rows(
        data, ("referral", "answer"), ("referral", "account", "answer", "note", "acted_at")
    ):
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
    _none_wrong(wrong)
    return lines


def banned_numbers(data: bytes) -> list[BannedNumber]:
    """Columns: number, category, banned_on. An empty day is one that is not known.

    Raises Invalid `rows_refused`.
    """
    found: list[BannedNumber] = []
    wrong: list[dict[str, Any]] = []
    for row, cells in _rows(data, ("number", "category"), ("number", "category", "banned_on")):
        try:
            day = dt.date.fromisoformat(cells["banned_on"]) if cells.get("banned_on") else None
        except ValueError:
            wrong.append(
                {"row": row, "code": "day_unreadable", "message": _("Write the day like 2026-11-18.")}
            )
            continue
        found.append(BannedNumber(row, cells["number"], cells["category"].upper(), day))
    _none_wrong(wrong)
    return found


def moment(text: str) -> dt.datetime | None:
    """ISO 8601 with offset; None when empty. Raises ValueError."""
    if not text:
        return None
    value = dt.datetime.fromisoformat(text)
    if value.tzinfo is None:
        raise ValueError("no offset")
    return value


def _none_wrong(rows: list[dict[str, Any]]) -> None:
    if rows:
        raise Invalid(
            "rows_refused", _("Some rows cannot be accepted. Nothing was applied."), rows=rows[:1000]
        )


def _rows(data: bytes, needed: tuple[str, ...], known: tuple[str, ...]) -> list[tuple[int, dict[str, str]]]:
    if len(data) > LARGEST_REFERRAL_FILE:
        raise Invalid("file_too_large", _("The file is larger than 2\u00a0MB. Send it in parts."))
    table = read_table(io.BytesIO(data))
    places = places_of(next(table, (1, []))[1], needed=needed, known=known)
    found = list(itertools.islice(table, _MOST_ROWS))
    if len(found) >= _MOST_ROWS:
        raise Invalid("too_many_rows", _("At most %(max)d rows at once.") % {"max": _MOST_ROWS - 1})
    _none_wrong(
        [
            {"row": row, "code": "row_shifted", "message": _SHIFTED}
            for row, cells in found
            if is_shifted(cells, places)
        ]
    )
    return [
        (row, {name: cells[at].strip() if at < len(cells) else "" for name, at in places.items()})
        for row, cells in found
    ]
