"""CSV exports: safe to open in a spreadsheet, stepped up, written to the audit log."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final

from django.http import StreamingHttpResponse
from django.utils import timezone

from aduan.core import audit_log
from aduan.core.audit_actions import AuditAction

if TYPE_CHECKING:
    from aduan.accounts.models import User

# What a spreadsheet takes for a formula, also full-width and after blanks; a plain number stays a number.
_FORMULA: Final = re.compile(r"^[\s﻿​]*[=+\-@|%＝＋－＠\t\r\n]")
# Where commas are decimal, as in Indonesia, a spreadsheet splits at semicolons, also inside our quotes.
_BLANKS: Final = r"[\s\";﻿​]"
_SPLIT: Final = re.compile(rf"(?<!{_BLANKS}){_BLANKS}++(?=[=+\-@|%＝＋－＠])")
_SPLITS_AT: Final = frozenset(";\t\r\n")
_NUMBER: Final = re.compile(r"^-?\d+([.,]\d+)?$")


def _quoted(match: re.Match[str]) -> str:
    """Blanks before what could start a formula, with an apostrophe if a spreadsheet may split there."""
    return match[0] if _SPLITS_AT.isdisjoint(match[0]) else match[0] + "'"


def escape_formula(value: object) -> str:
    """The cell's text, with an apostrophe before anything that could start a formula, here or once split."""
    text = _SPLIT.sub(_quoted, "" if value is None else str(value))
    if _FORMULA.match(text) and not _NUMBER.match(text):
        return f"'{text}"
    return text


class _Line:
    """The csv module writes into this; each call gives back one line."""

    def write(self, line: str) -> str:
        return line


def lines(head: Iterable[object], rows: Iterable[Iterable[object]]) -> Iterator[str]:
    writer = csv.writer(_Line(), quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    yield "﻿"  # tells Excel that this is UTF-8
    yield writer.writerow([escape_formula(cell) for cell in head])
    for row in rows:
        yield writer.writerow([escape_formula(cell) for cell in row])


def csv_response(
    name: str, head: Iterable[object], rows: Iterable[Iterable[object]], *, by: User
) -> StreamingHttpResponse:
    """A CSV file named `name-<date>.csv`. The export is an act: it is in the audit log before it leaves."""
    now = timezone.now()
    audit_log.record(AuditAction.TABLE_EXPORT, actor=f"user:{by.pk}", subject=f"table:{name}", at=now)
    answer = StreamingHttpResponse(lines(head, rows), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}-{timezone.localdate(now):%Y%m%d}.csv"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
