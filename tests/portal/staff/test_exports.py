"""BI17: nothing that a person typed becomes a formula in a spreadsheet."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.staff.exports import escape_formula, lines

STARTERS = "=+-@|%＝＋－＠\t\r\n"


@pytest.mark.parametrize(
    "text",
    [
        "=cmd|' /C calc'!A0",
        "+62812",
        "-2+3+cmd|' /C calc'!A0",
        "@SUM(1+1)",
        "\t=1+1",
        "\r=1+1",
        "|x",
        "＝1+1",
        " =1",
        "​=1",
        "﻿=1",
        "%0A=1",
    ],
)
def test_what_could_start_a_formula_gets_an_apostrophe(text):
    assert escape_formula(text).startswith("'")
    assert escape_formula(text).replace("'", "") == text.replace("'", "")


@pytest.mark.parametrize("text", ["a;=1+1", "a;+1", 'a;"=1+1"', "a\t@SUM(1)", "a;\n -1+1", "a;;=1"])
def test_what_a_semicolon_would_set_free_gets_an_apostrophe_too(text):
    """Excel in Indonesia splits there: what follows would stand in a cell of its own."""
    assert "'" in escape_formula(text)


@pytest.mark.parametrize("text", ["-5", "12", "-1,5", "Halo", "rumah = kantor", ""])
def test_plain_text_and_plain_numbers_stay(text):
    assert escape_formula(text) == text


@given(st.lists(st.text(), min_size=1, max_size=4))
def test_every_cell_survives_and_none_starts_a_formula(cells):
    text = "".join(lines(["kop"], [cells]))
    rows = list(csv.reader(io.StringIO(text.removeprefix("﻿"), newline="")))
    for given_cell, cell in zip(cells, rows[1], strict=True):
        assert cell.replace("'", "") == given_cell.replace("'", "")
        stripped = cell.lstrip(" \u00a0\u3000​﻿")
        number = cell.removeprefix("-").replace(",", "").replace(".", "").isdecimal()
        assert not stripped or stripped[0] not in STARTERS or number
