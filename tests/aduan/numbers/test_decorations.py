"""What people and phones put around a number, written down by one who had not read the code.

The list is `tests/data/decorations.md`; it stays as it was written. Where we decide otherwise, the row is in
`OTHERWISE` with the reason.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final, NamedTuple

import pytest

from aduan.numbers.parsing import Parsed, Refused, parse

FILE: Final = Path(__file__).parents[2] / "data/decorations.md"
NATIONAL: Final = ("0870-1234-5678", "0870 1234 5678", "087012345678")
INTERNATIONAL: Final = ("+62 870 1234 5678", "+6287012345678")
BARE: Final = ("6287012345678",)
NUMBER, ANOTHER = "+6287012345678", "0870-8765-4321"
# What a row says in words about the spellings for which it holds.
SPELLINGS: Final[dict[int, tuple[str, ...]]] = {
    73: BARE, 87: NATIONAL, 88: NATIONAL, 89: BARE, 109: BARE, 110: NATIONAL, 111: BARE, 124: NATIONAL,
}  # fmt: skip
OTHERWISE: Final[dict[tuple[int, str], str]] = {
    (59, "BCA {n}"): "read: a bank has no account of twelve digits that begin with 08; one of ten asks",
    (60, "rek {n}"): "refused: the words say that it is an account; it is offered as one in the story",
    (60, "no rekening {n}"): "refused, as before",
    (86, "ID {n}"): "refused: “ID” in front of digits is a customer number",
    (84, "www.x-fiktif.com{n}"): "asks: the digits may belong to the address",
    (91, "🇰🇭 {n}"): "read: a flag is decoration; only the digits count",
    (99, "{n}?"): "asks: “?” stands for a hidden digit as often as for a question",
    (100, "{n}..."): "asks: the number may be cut off",
    (106, "3 {n}"): "asks, as row 67 does",
}
# Rows whose template is a description: they are tried in words below.
APART: Final = {115, 125}


class Row(NamedTuple):
    number: int
    template: str
    reader: str


def rows() -> list[Row]:
    made = []
    for line in FILE.read_text("utf-8").splitlines():
        match = re.match(r"\| (\d+) \| (.*?) \| (reads|asks|refuses)(?: / \w+)? *(?:\([^|]*\))? \| ", line)
        if match is None:
            continue
        cell = match[2].replace(r"\|", "|")
        spans = re.findall(r"```` (.*?) ````|(?<!`)`` (.*?) ``(?!`)|(?<!`)`([^`]+)`(?!`)", cell)
        templates = ["".join(span) for span in spans]
        made += [Row(int(match[1]), text, match[3]) for text in templates if "{n}" in text]
    return made


ROWS: Final = [row for row in rows() if row.number not in APART]


def texts(row: Row) -> list[str]:
    spelled = SPELLINGS.get(row.number, NATIONAL + INTERNATIONAL + BARE)
    template = row.template.replace("↵", "\n").replace("\\r\\n", "\r\n").replace("{m}", ANOTHER)
    return [template.replace("{{n}}", "{" + text + "}").replace("{n}", text) for text in spelled]


def read(text: str) -> Parsed | Refused:
    try:
        return parse(text)
    except Refused as refused:
        return refused


def test_the_list_is_complete():
    assert len({row.number for row in rows()}) >= 125
    assert len(ROWS) >= 180


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.number} {row.template[:30]!a}")
def test_a_number_is_read_or_asked_about_as_a_careful_reader_would(row):
    """Many of the rows were read as another number, or refused, on the code before."""
    if (row.number, row.template) in OTHERWISE:
        pytest.skip(OTHERWISE[row.number, row.template])
    for text in texts(row):
        answer = read(text)
        if row.reader == "reads":
            assert isinstance(answer, Parsed), text
            assert answer.canonical == NUMBER, text
        else:
            assert isinstance(answer, Refused), text
            assert row.reader == "refuses" or NUMBER in answer.suggestions, text


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.number} {row.template[:30]!a}")
def test_no_decoration_makes_another_number(row):
    for text in texts(row):
        answer = read(text)
        accepted = answer if isinstance(answer, Parsed) else answer.reading
        assert accepted is None or accepted.canonical == NUMBER, text


def test_a_bracketed_zero_is_the_trunk_prefix_and_a_doubled_one_is_asked_about():
    assert parse("(0)870 1234 5678").canonical == NUMBER
    with pytest.raises(Refused) as caught:
        parse("(0)0870 1234 5678")
    assert (caught.value.code, caught.value.suggestions) == ("doubled_zero", (NUMBER,))
