"""Every input that was reported as read wrongly is read right: the rows that go into the number field.

Each of them was read as another number, refused, or accepted without a question on the code before.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from aduan.numbers.kinds import NumberKind
from aduan.numbers.parsing import Parsed, Refused, parse

FILE = Path(__file__).parents[2] / "data/reported_faults.jsonl"
ROWS = [json.loads(line) for line in FILE.read_text("utf-8").splitlines()]
FIELD = [row for row in ROWS if row["area"] == "number.field"]


def read(text: str) -> Parsed | Refused:
    try:
        return parse(text)
    except Refused as refused:
        return refused


@pytest.mark.parametrize("row", FIELD, ids=lambda row: row["id"])
def test_a_reported_fault_of_the_number_field_is_mended(row):
    answer, expected = read(row["input"]), row["expected"]
    if expected.startswith("+"):
        assert isinstance(answer, Parsed)
        assert answer.canonical == expected.split()[0]
        assert ("(foreign)" in expected) == (answer.kind is NumberKind.FOREIGN)
    elif expected.startswith("short_code"):
        assert isinstance(answer, Parsed)
        assert (answer.kind, answer.canonical) == (NumberKind.SHORT_CODE, expected.split()[1])
    elif expected.startswith("offer"):
        assert isinstance(answer, Refused)
        assert expected.split()[1] in answer.suggestions
    else:
        assert isinstance(answer, Refused)
        assert (f"refused {answer.code}", answer.suggestions) == (expected, ())
