"""The hash chain of the audit log, computed outside the database that it judges. Pure.

An entry is hashed as the JSON array `[seq, prev, epoch, actor, action, subject, detail]` in PostgreSQL's
jsonb spelling: keys ordered as jsonb orders them, `", "` and `": "` between. `epoch` is seconds with six
decimals.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

# A number and a digest, with little between them: two lines of an export, `seq 12: ab…`, a CSV's cells.
_HEAD: Final = re.compile(r"\b([0-9]{1,18})[\s:;,\"]{1,8}([0-9a-f]{64})\b")


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

    def as_dict(self) -> dict[str, Any]:
        """As a manifest, a TUF target and an operator's report carry it."""
        return {"seq": self.seq, "sha256": self.hash}


@dataclass(frozen=True, slots=True)
class Flaw:
    """Where the chain breaks first, and how: changed, missing, unlinked, cut or rewritten."""

    seq: int
    kind: str


def heads_in(text: str) -> list[Head]:
    """Every head in a text: an exported one, a daily mail, a manifest, TUF metadata, reports of operators.

    JSON says it as `"audit_head": {"seq": …, "sha256": …}`, all else as a number and 64 hexadecimal digits.
    Raises ValueError when there is none.
    """
    try:
        found = {*_heads_of(json.loads(text))}
    except ValueError:
        found = {Head(int(seq), digest) for seq, digest in _HEAD.findall(text)}
    if not found:
        raise ValueError("there is no head of the audit log in it")
    return sorted(found, key=lambda head: (head.seq, head.hash))


def _heads_of(value: Any) -> Iterator[Head]:
    if isinstance(value, list):
        for item in value:
            yield from _heads_of(item)
    elif isinstance(value, dict):
        head = value.get("audit_head")
        if (
            isinstance(head, dict)
            and isinstance(head.get("seq"), int)
            and isinstance(head.get("sha256"), str)
        ):
            yield Head(head["seq"], head["sha256"])
        for item in value.values():
            yield from _heads_of(item)


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
    known = set(known)
    expected = {head.seq: head.hash for head in known}
    twofold = {head.seq for head in known if expected[head.seq] != head.hash}
    seq, last = 0, ""
    for link in links:
        if link.seq != seq + 1:
            yield Flaw(seq + 1, "missing")
        elif link.prev != last:
            yield Flaw(link.seq, "unlinked")
        if link.hash != hash_of(link):
            yield Flaw(link.seq, "changed")
        elif expected.get(link.seq, link.hash) != link.hash or link.seq in twofold:
            yield Flaw(link.seq, "rewritten")
        seq, last = link.seq, link.hash
    cut = [known_seq for known_seq in expected if known_seq > seq]
    if cut:
        yield Flaw(seq + 1, "cut")
