"""The table of ASVS claims nothing that no file holds."""

from __future__ import annotations

import re
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
PAGE = (PROJECT / "docs/security/asvs-5.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| ([0-9][^|]*) \| ([^|]*) \| ([^|]*) \|$", PAGE, re.MULTILINE)


def test_every_row_has_a_state_and_what_it_stands_on() -> None:
    assert len(ROWS) > 75
    for requirement, state, why in ROWS:
        assert state in {"met", "n/a", "not met"}, requirement
        named = re.findall(r"`([^`]+)`", why.replace("`make pin-images`", ""))
        if state == "met":
            assert named, requirement
        assert all((PROJECT / name).exists() for name in named), (requirement, named)
        assert state != "not met" or "plan:" in why, requirement


def test_no_requirement_stands_twice() -> None:
    numbers = [number for row in ROWS for number in re.findall(r"\b\d+\.\d+\.\d+\b", row[0])]
    assert len(numbers) == len(set(numbers))
    assert {number.split(".")[0] for number in numbers} == {"6", "7", "8", "13", "14", "15", "16"}
