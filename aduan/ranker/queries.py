"""What the ranker reads: cases that were decided, open ones, and what was known of them at a moment."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from django.db import connection

from aduan.cases.workflow import DECISIONS, CaseAction
from aduan.core.db import named_rows

LEARNT_FROM: Final = 20_000  # newest decisions
LEARNT_WITHIN: Final = dt.timedelta(days=365)
READ_MOST: Final = 50_000  # open cases, from the top of the queue
_NEWEST: Final = 64  # complaints of a case: more of them count no more in its points either
_STORY: Final = 2_000  # characters of a complaint
_TEXT: Final = 8_000  # characters of a case
_BATCH: Final = 1_000

# The last word on each case; what was taken back, opened again or released says nothing.
_DECIDED: Final = """
    SELECT case_id, action = 'confirm_block' AS blocked, created_at
    FROM (
        SELECT DISTINCT ON (case_id) case_id, action, created_at FROM cases_caseevent
        WHERE action = ANY(%(words)s) AND created_at > %(since)s AND created_at <= %(at)s
        ORDER BY case_id, id DESC
    ) last
    WHERE action = ANY(%(decisions)s) ORDER BY created_at DESC LIMIT %(most)s
"""
_OPEN: Final = """
    SELECT id FROM cases_case WHERE status = 'open' ORDER BY score DESC, id DESC LIMIT %(most)s
"""
# Everything is as it was at the moment that is given with the case.
_KNOWN: Final = """
    SELECT given.case_id, k.category, left(coalesce(c.story, ''), %(text)s) AS story,
        coalesce(c.complaints, 0) AS complaints, coalesce(c.independent, 0) AS independent,
        coalesce(c.loss, 0)::bigint AS loss, coalesce(c.links, false) AS link,
        coalesce(c.accounts, false) AS account,
        (SELECT count(*) FROM (
            SELECT FROM complaints_evidence e
            WHERE e.case_id = given.case_id AND e.received_at <= given.until AND e.state <> 'refused' LIMIT 8
        ) files) AS evidence
    FROM unnest(%(cases)s::bigint[], %(until)s::timestamptz[]) AS given(case_id, until)
    JOIN cases_case k ON k.id = given.case_id
    CROSS JOIN LATERAL (
        SELECT string_agg(left(narrative, %(story)s), ' ' ORDER BY id DESC) AS story, count(*) AS complaints,
            count(*) FILTER (WHERE duplicate_of_id IS NULL AND NOT mass_reporter) AS independent,
            sum(loss) AS loss, bool_or(link <> '') AS links, bool_or(bank_account <> '') AS accounts
        FROM (
            SELECT id, narrative, duplicate_of_id, mass_reporter, loss, link, bank_account
            FROM complaints_complaint
            WHERE case_id = given.case_id AND filed_at <= given.until AND withdrawn_at IS NULL
            ORDER BY id DESC LIMIT %(newest)s
        ) newest
    ) c
"""


class Decided(NamedTuple):
    """A case, whether it was blocked, and when that was decided."""

    case_id: int
    blocked: bool
    decided_at: dt.datetime


class Known(NamedTuple):
    """What complaints say about a case at a moment."""

    case_id: int
    category: str
    story: str
    complaints: int
    independent: int
    loss: int
    link: bool
    account: bool
    evidence: int


def decided_cases(*, at: dt.datetime) -> list[Decided]:
    """The newest of the last year, newest first."""
    words = [*DECISIONS, CaseAction.UNDO, CaseAction.REOPEN, CaseAction.RELEASE, CaseAction.STOP_URGENT]
    given: dict[str, Any] = {
        "words": [str(action) for action in words],
        "decisions": [str(action) for action in DECISIONS],
        "since": at - LEARNT_WITHIN,
        "at": at,
        "most": LEARNT_FROM,
    }
    with connection.cursor() as cursor:
        cursor.execute(_DECIDED, given)
        return [Decided(*row) for row in cursor.fetchall()]


def open_cases() -> list[int]:
    """Those that wait for a first decision, from the top of the queue."""
    with connection.cursor() as cursor:
        cursor.execute(_OPEN, {"most": READ_MOST})
        return [case_id for (case_id,) in cursor.fetchall()]


def known_of(moments: Mapping[int, dt.datetime]) -> Iterator[Known]:
    """What was known of each of these cases (by id) at its moment; in no order."""
    asked = list(moments.items())
    for start in range(0, len(asked), _BATCH):
        some = asked[start : start + _BATCH]
        given: dict[str, Any] = {
            "cases": [case_id for case_id, _until in some],
            "until": [until for _case_id, until in some],
            "newest": _NEWEST,
            "story": _STORY,
            "text": _TEXT,
        }
        with connection.cursor() as cursor:
            cursor.execute(_KNOWN, given)
            for row in named_rows(cursor):
                yield Known(**row)
