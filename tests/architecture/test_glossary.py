"""The glossary names the code's nouns, each once, with where they live."""

import re

import pytest

from scripts.checks.sources import PROJECT
from tests.architecture.test_docs_name_real_things import name_exists

TEXT = (PROJECT / "docs" / "glossary.md").read_text(encoding="utf-8")
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in TEXT.partition("## The code's nouns")[2].partition("\n## ")[0].splitlines()
    if line.startswith("| ") and not line.startswith("| English")
]


def test_the_table_has_rows_and_each_has_all_columns():
    assert len(ROWS) > 60
    assert [row for row in ROWS if len(row) != 4 or not all(row)] == []


def test_each_noun_stands_once():
    nouns = [row[0] for row in ROWS]
    assert sorted(set(nouns), key=str.lower) == nouns


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_each_noun_lives_where_the_table_says(row: list[str]):
    name = re.sub("`", "", row[3])
    assert name in {"aduan", "portal"} or name_exists(name)


def test_a_place_that_does_not_exist_is_found():
    assert not name_exists("cases.NoSuchModel")
