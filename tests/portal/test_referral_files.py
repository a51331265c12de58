"""A platform's files are read as an operator's are: as spreadsheets save them, refused with a reason."""

from __future__ import annotations

import datetime as dt

import pytest

from aduan.core.errors import Invalid
from portal.common.referral_files import answer_lines, banned_numbers

UID = "00000000-0000-0000-0000-000000000007"


@pytest.mark.parametrize(
    ("data", "row"),
    [
        (f"referral,answer,note\n{UID},Suspended,\n".encode(), 2),
        (f"\ufeffreferral;answer;note\n\n{UID};suspended;\n".encode(), 3),
        (f"sep=;\r\nreferral;answer\r\n{UID};suspended\r\n".encode(), 3),
        (f"referral\tanswer\n{UID}\tsuspended\n".encode("utf-16"), 2),
    ],
)
def test_rows_are_counted_as_a_spreadsheet_counts_them(data: bytes, row: int) -> None:
    [line] = answer_lines(data)
    assert (line.row, str(line.uid), line.answer) == (row, UID, "suspended")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"number,day\n1,2\n", "header_unknown"),
        (b"", "header_unknown"),
        (b"PK\x03\x04 a workbook", "file_is_workbook"),
        (b"number,category\n\xff\xff\xff,JUDOL\n", "file_not_utf8"),
        (b'number,category\n"1,JUDOL\n', "file_not_csv"),
        (b"number,category\n" + b"1,JUDOL\n" * 5_001, "too_many_rows"),
        (b"number,category\n" + b"1" * (2 * 1024 * 1024), "file_too_large"),
    ],
)
def test_what_is_no_such_table_is_refused_with_a_reason(data: bytes, code: str) -> None:
    with pytest.raises(Invalid) as refusal:
        banned_numbers(data)
    assert refusal.value.code == code


def test_five_thousand_rows_are_taken_and_an_empty_day_is_not_known() -> None:
    rows = banned_numbers(
        b"number,category,banned_on\n" + b"081234567890,judol,2026-11-01\n" * 4_999 + b"1,X,\n"
    )
    assert len(rows) == 5_000
    assert (rows[0].category, rows[0].banned_on, rows[-1].banned_on) == ("JUDOL", dt.date(2026, 11, 1), None)


@pytest.mark.parametrize(
    ("read", "table", "code"),
    [
        (banned_numbers, "number,category,banned_on\n081234567890,JUDOL,01/11/2026\n", "day_unreadable"),
        (answer_lines, f"referral,answer,note\n{UID},need_more,the day, and the hour\n", "row_shifted"),
    ],
)
def test_what_cannot_be_read_is_a_row_that_is_named(read, table: str, code: str) -> None:
    """Seen to fail on d0bffad4: the day was dropped, the note was cut at its comma."""
    with pytest.raises(Invalid) as refusal:
        read(table.encode())
    assert [(one["row"], one["code"]) for one in refusal.value.details["rows"]] == [(2, code)]


@pytest.mark.parametrize("header", ["referral,answer,anser", "referral,answer,answer", "referral,note"])
def test_a_column_that_is_unknown_doubled_or_missing_is_refused(header: str) -> None:
    with pytest.raises(Invalid) as refusal:
        answer_lines(f"{header}\n{UID},suspended,limited\n".encode())
    assert refusal.value.code == "header_unknown"
