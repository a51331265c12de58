"""How well texts are read: recall and precision per field over a file of messages with their expectations."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from aduan.numbers.kinds import NumberKind
from aduan.numbers.parsing import TextContents, read_text

FOLDER: Final = Path(__file__).parents[2] / "data/messages"
FIELDS: Final = ("numbers", "accounts_chat", "links", "payment_accounts")
_CONTACT_HOSTS: Final = ("wa.me/", "api.whatsapp.com/send", "t.me/", "telegram.me/")


@dataclass(slots=True)
class Score:
    """Of one field: how many values were expected, found, and right; and what was missed or found wrongly."""

    expected: int = 0
    found: int = 0
    right: int = 0
    misses: list[tuple[str, str]] = field(default_factory=list)
    extra: list[tuple[str, str]] = field(default_factory=list)

    @property
    def recall(self) -> float:
        return self.right / self.expected if self.expected else 1.0

    @property
    def precision(self) -> float:
        return (self.found - len(self.extra)) / self.found if self.found else 1.0


def messages(name: str) -> list[dict[str, Any]]:
    """The rows of a file, with the disputed expectations of `disputed.jsonl` in the place of their own."""
    disputed = {row["id"]: row["expected"] for row in _rows("disputed.jsonl")}
    return [row | disputed.get(row["id"], {}) for row in _rows(name)]


def _rows(name: str) -> Iterator[dict[str, Any]]:
    for line in (FOLDER / name).read_text("utf-8").splitlines():
        yield json.loads(line)


def found_in(text: str) -> dict[str, list[str]]:
    """What is read from a text, as the files write it."""
    contents: TextContents = read_text(text)
    numbers, chats = [], []
    for span in contents.numbers:
        canonical = span.parsed.canonical
        if span.parsed.kind is NumberKind.OTT_HANDLE:
            chats.append(canonical)
        else:
            numbers.append(canonical if canonical.startswith("+") else canonical.partition(":")[2])
    return {
        "numbers": list(dict.fromkeys(numbers)),
        "accounts_chat": list(dict.fromkeys(chats)),
        "links": list(contents.links),
        "payment_accounts": list(contents.payment_accounts),
    }


def questions_in(text: str) -> list[set[str]]:
    """The readings of each stretch that has more than one."""
    readings: dict[tuple[int, int], set[str]] = {}
    for span in read_text(text).numbers:
        readings.setdefault((span.start, span.end), set()).add(span.parsed.canonical)
    return [offered for offered in readings.values() if len(offered) > 1]


def score(rows: Iterable[dict[str, Any]]) -> dict[str, Score]:
    """A question counts as found when the expected reading is among its offers."""
    scores = {name: Score() for name in FIELDS}
    for row in rows:
        found, either = found_in(row["text"]), set(row.get("either", ()))
        offered = questions_in(row["text"])
        for name in FIELDS:
            expected = {_plain(name, value) for value in row[name]}
            answered = {_plain(name, value) for value in found[name]}
            asked = {value for offers in offered if offers & expected for value in offers} - expected
            neither_way = either | asked | {link for link in answered if _is_contact(name, link)}
            _count(scores[name], row["id"], expected, answered, neither_way)
    return scores


def _count(score: Score, row_id: str, expected: set[str], answered: set[str], neither_way: set[str]) -> None:
    counted = answered - (neither_way - expected)
    score.expected += len(expected)
    score.found += len(counted)
    score.right += len(expected & answered)
    score.misses += [(row_id, value) for value in sorted(expected - answered)]
    score.extra += [(row_id, value) for value in sorted(counted - expected)]


def _plain(name: str, value: str) -> str:
    return value.lower() if name == "accounts_chat" else value


def _is_contact(name: str, link: str) -> bool:
    return name == "links" and link.startswith(_CONTACT_HOSTS)
