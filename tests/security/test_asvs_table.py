"""The table of ASVS claims nothing that no file holds."""

from __future__ import annotations

import re
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
PAGE = (PROJECT / "docs/security/asvs-5.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| ([0-9][^|]*) \| ([^|]*) \| ([^|]*) \|$", PAGE, re.MULTILINE)


def test_every_row_has_a_state_and_what_it_stands_on() -> None:
    assert len(ROWS) > 150
    for requirement, state, why in ROWS:
        assert state in {"met", "n/a", "not met"}, requirement
        named = re.findall(r"`([^`]+)`", re.sub("`(make pin-images|/api/)`", "", why))
        if state == "met":
            assert named, requirement
        for name in named:
            path, _, text = name.partition(" :: ")
            assert (PROJECT / path).exists(), (requirement, path)
            assert not text or text in (PROJECT / path).read_text(encoding="utf-8"), (requirement, name)
        assert state != "not met" or "plan:" in why, requirement


def test_no_requirement_stands_twice() -> None:
    numbers = [number for row in ROWS for number in re.findall(r"\b\d+\.\d+\.\d+\b", row[0])]
    assert len(numbers) == len(set(numbers))
    chapters = {int(row[0].split(".")[0].split()[0]) for row in ROWS}
    assert chapters == set(range(1, 18))


def test_no_template_is_made_of_text() -> None:
    """1.3.7: templates are files."""
    made = re.compile(r"\bTemplate\(|\.from_string\(|exec\(compile")
    sources = [path for part in ("aduan", "portal") for path in (PROJECT / part).rglob("*.py")]
    assert len(sources) > 300
    assert not [path for path in sources if made.search(path.read_text(encoding="utf-8"))]
