"""Writing the audit log, and verifying its hash chain.

Write in the transaction of the act itself: a rollback writes none.
"""

from __future__ import annotations

import datetime as dt
import itertools
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection, transaction

from aduan.core.audit_actions import AuditAction
from aduan.core.db import named_rows
from aduan.core.hash_chain import Flaw, Head, Link, flaws_in

_ENOUGH: Final = 100  # flaws named in one verdict
_BATCH: Final = 5_000
# Only these columns are the application's to write; the database sets seq, prev and hash.
_RECORD: Final = (
    "INSERT INTO core_auditlogentry (at, actor, action, subject, detail) VALUES (%s, %s, %s, %s, %s)"
)
_READ: Final = """
    SELECT seq, prev, hash, extract(epoch FROM at)::text, actor, action, subject, detail::text
    FROM core_auditlogentry ORDER BY seq
"""


def record(
    action: AuditAction, *, actor: str, subject: str, at: dt.datetime, detail: dict[str, Any] | None = None
) -> None:
    """Append one act, e.g. `record(AuditAction.CASE_CLAIM, actor="user:7", subject="case:12", at=at)`.

    `detail` holds ids and digests only, no personal data and no text that a person typed. Call it last in the
    transaction: entries are chained one after another, so a writer holds the lock until the
    commit.
    """
    with connection.cursor() as cursor:
        cursor.execute(_RECORD, [at, actor, action.value, subject, json.dumps(detail or {})])


@dataclass(frozen=True, slots=True)
class Verdict:
    """`flaws` is empty when the chain holds; `head` is its end, None for an empty audit log."""

    entries: int
    head: Head | None
    flaws: tuple[Flaw, ...]

    @property
    def holds(self) -> bool:
        return not self.flaws


def head() -> Head | None:
    """The end of the chain now. Export it: only a copy elsewhere shows a cut tail."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT seq, hash FROM core_auditlogentry ORDER BY seq DESC LIMIT 1")
        last = named_rows(cursor)
    return Head(**last[0]) if last else None


def verify(known: Iterable[Head] = ()) -> Verdict:
    """Reads the whole audit log in one snapshot and recomputes every hash here, not in the database.

    Finds an entry that was edited, deleted, slipped in or moved; with known heads also a rewritten chain
    and a cut tail. Memory stays flat: entries are streamed.
    """
    last: Link | None = None
    count = 0

    def counted() -> Iterator[Link]:
        nonlocal last, count
        for link in _links():
            last, count = link, count + 1
            yield link

    reading = counted()
    flaws = tuple(itertools.islice(flaws_in(reading, known), _ENOUGH))
    for _rest in reading:
        pass
    return Verdict(count, Head(last.seq, last.hash) if last else None, flaws)


def _links() -> Iterator[Link]:
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        cursor.execute(_READ)
        while rows := cursor.fetchmany(_BATCH):
            yield from (Link(*row) for row in rows)
