"""docs/letters.md says what the code says."""

from __future__ import annotations

from scripts import letters_table


def test_the_table_of_letters_is_that_of_the_code() -> None:
    """After a change of a text: `python -m scripts.letters_table`."""
    assert letters_table.OUT.read_text(encoding="utf-8") == letters_table.table()
