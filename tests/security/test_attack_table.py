"""The table of attacks names tests that are there, and says of each on what it was seen."""

from __future__ import annotations

import re
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
PAGE = (PROJECT / "docs/security/attacks.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| ([^|]+) \| (`[^|]+) \| ([^|]+) \|$", PAGE, re.MULTILINE)
SEEN = re.compile(r"(?:[0-9a-f]{7,8}(?:, )?)+|0\.1\.0|reverted: .*failed.*|no hole found")


def test_every_attack_names_tests_that_are_there() -> None:
    assert len(ROWS) > 25
    for attack, held_by, seen in ROWS:
        assert SEEN.fullmatch(seen), attack
        for named in re.findall(r"`([^`]+)`", held_by):
            path, _, test = named.partition("::")
            text = (PROJECT / path).read_text(encoding="utf-8")
            assert f"def {test or 'test_'}" in text, (attack, named)


def test_every_kind_of_attack_stands_in_the_table() -> None:
    """A new file of attacks gets its row; what proves something else says so here."""
    other = {"asvs_table", "attack_table", "audit", "bill_of_materials", "ministry_matrix", "no_secrets"}
    other |= {"pinned_images"}
    files = {path.stem.removeprefix("test_") for path in Path(__file__).parent.glob("test_*.py")}
    assert {name for name in files - other if f"tests/security/test_{name}.py" not in PAGE} == set()
