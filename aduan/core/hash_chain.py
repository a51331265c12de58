"""The hash chain of the audit log, computed outside the database that it judges. Pure.

An entry is hashed as the JSON array `[seq, prev, epoch, actor, action, subject, detail]` in PostgreSQL's
jsonb spelling: keys ordered as jsonb orders them, `", "` and `": "` between. `epoch` is seconds with six
decimals.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple


class Link(NamedTuple):
    """One entry as the database holds it. `epoch` and `detail` are the database's own text of them."""

    seq: int
    prev: str
    hash: str
    epoch: str
    actor: str
    action: str
    subject: str
    detail: str


@dataclass(frozen=True, slots=True)
class Head:
    """The last entry at some instant. Kept elsewhere, it proves later that nothing before it was cut off."""

    seq: int
    hash: str

    def __str__(self) -> str:
        return f"aduannomor/audit\n{self.seq}\n{self.hash}\n"

    @classmethod
    def parse(cls, text: str) -> Head:
        """Reads what `str()` wrote. Raises ValueError."""
        lines = text.split("\n")
        if len(lines) < 3 or lines[0] != "aduannomor/audit" or len(lines[2]) != 64:
            raise ValueError("this is not an exported head of the audit log")
        return cls(int(lines[1]), lines[2])


@dataclass(frozen=True, slots=True)
class Flaw:
    """Where the chain breaks first, and how: changed, missing, unlinked, cut or rewritten."""

    seq: int
    kind: str


def hash_of(link: Link) -> str:
    parts = [
        str(link.seq),
        *(json.dumps(text, ensure_ascii=False) for text in (link.prev, link.epoch, link.actor)),
        *(json.dumps(text, ensure_ascii=False) for text in (link.action, link.subject)),
        link.detail,
    ]
    return hashlib.sha256(f"[{', '.join(parts)}]".encode()).hexdigest()


def flaws_in(links: Iterable[Link], known: Iterable[Head] = ()) -> Iterator[Flaw]:
    """Every break in a chain given in order of `seq`. Goes on from what it finds, so that several are named.

    `missing` names the first number that is not there, `changed` an entry that does not match its own hash,
    `unlinked` one that does not continue the one before, `rewritten` and `cut` contradict a known head.
    """
    expected = {head.seq: head.hash for head in known}
    seq, last = 0, ""
    for link in links:
        if link.seq != seq + 1:
            yield Flaw(seq + 1, "missing")
        elif link.prev != last:
            yield Flaw(link.seq, "unlinked")
        if link.hash != hash_of(link):
            yield Flaw(link.seq, "changed")
        elif expected.get(link.seq, link.hash) != link.hash:
            yield Flaw(link.seq, "rewritten")
        seq, last = link.seq, link.hash
    cut = [known_seq for known_seq in expected if known_seq > seq]
    if cut:
        yield Flaw(seq + 1, "cut")
