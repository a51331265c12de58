"""Nine hundred inputs of the number field, whose right values were written down before any was tried.

`reads`: one number, which only a needless question may keep from being read. `asks`: two readings
remain, and all are offered. `either`: read, or offered. `refused`: no number. `nothing`: no offer.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import pytest

from aduan.numbers.parsing import Refused, offered_by, parse

FILE: Final = Path(__file__).parents[2] / "data/field_inputs.jsonl"
ROWS: Final[list[dict[str, Any]]] = [json.loads(line) for line in FILE.read_text("utf-8").splitlines()]
MOST_QUESTIONS: Final = 0.1  # of those that a careful reader reads at once


def read(text: str) -> tuple[str | None, list[str]]:
    """What is accepted, and what is offered instead."""
    try:
        return parse(text).canonical, []
    except Refused as refused:
        return None, [one.canonical for one in offered_by(refused)]


def is_right(row: dict[str, Any]) -> bool:
    accepted, offered = read(row["raw"])
    meant = set(row["numbers"])
    if row["kind"] in ("refused", "nothing"):
        return accepted is None and not (offered and row["kind"] == "nothing")
    if row["kind"] == "asks":
        return accepted is None and meant <= set(offered)
    return accepted in meant or (accepted is None and meant <= set(offered))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: ascii(row["raw"])[:40])
def test_an_input_is_read_as_it_is_meant_or_asked_about(row):
    assert is_right(row), read(row["raw"])


def test_few_inputs_that_a_careful_reader_reads_leave_a_question():
    plain = [row for row in ROWS if row["kind"] == "reads"]
    asked = [row["raw"] for row in plain if read(row["raw"])[0] is None]
    assert len(plain) >= 150
    assert len(asked) <= MOST_QUESTIONS * len(plain), asked
