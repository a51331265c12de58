"""What jobs do for cases beside the intake path: ranks that move with time, and search index rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from django.db import connection, transaction

from aduan.cases.models import Case
from aduan.cases.queries.search import digit_ngrams
from aduan.cases.ranking import RANK

_NONE: Final[Mapping[int, Sequence[int]]] = MappingProxyType({})
MAX_INDEXED_CHARACTERS: Final = 200_000  # characters; a tsvector ends at one megabyte

# Waiting cases whose newest complaint has grown older by a step since the last run; all of them when the
# weights have changed since then. What a run missed, while no worker ran, is made up for after the last step.
_MOVED: Final = """
    c.status IN ('open', 'needs_info', 'proposed', 'disputed') AND (
        (SELECT max(set_at) FROM cases_rankingpolicy) > %(since)s
        OR c.last_complaint_at <= %(at)s - interval '7 days' AND c.score_parts ? 'recent'
        OR c.last_complaint_at <= %(at)s - interval '1 day' AND c.last_complaint_at > %(since)s - interval
        '1 day'
        OR c.last_complaint_at <= %(at)s - interval '3 days' AND c.last_complaint_at > %(since)s - interval
        '3 days'
        OR c.last_complaint_at <= %(at)s - interval '7 days' AND c.last_complaint_at > %(since)s - interval
        '7 days'
    )
"""
_ALL: Final = "c.status IN ('open', 'needs_info', 'proposed', 'disputed') AND %(since)s::timestamptz IS NULL"

_UPSERT: Final = """
    INSERT INTO cases_casesearchindex (case_id, words, digit_ngrams, minhash_bands, indexed_at)
    VALUES (%s, to_tsvector('simple', left(%s, %s)), %s, %s, %s)
    ON CONFLICT (case_id) DO UPDATE SET
        words = excluded.words, digit_ngrams = excluded.digit_ngrams,
        minhash_bands = excluded.minhash_bands, indexed_at = excluded.indexed_at
"""


def rerank_waiting(*, at: dt.datetime, since: dt.datetime | None = None) -> int:
    """Counts points again where time has moved them, in one statement; returns how many rows changed.

    `since` is the last run; without it every waiting case is counted.
    """
    with connection.cursor() as cursor:
        cursor.execute(RANK.format(which=_ALL if since is None else _MOVED), {"at": at, "since": since})
        return int(cursor.rowcount)


def purge_words(case_ids: Iterable[int]) -> None:
    """Words of these cases were erased: they are found by what is left, within a minute, and ranked by none.

    In a transaction, and before complaints are locked: everything else locks a case before its complaints.
    """
    found = list(Case.locked().filter(pk__in=set(case_ids)).order_by("pk").values_list("pk", flat=True))
    Case.objects.filter(pk__in=found).update(search_stale=True, ranker_words=None)


@transaction.atomic
def index_cases(
    texts: Mapping[int, str], *, at: dt.datetime, minhash_bands: Mapping[int, Sequence[int]] = _NONE
) -> int:
    """Writes the search index rows of these cases (case id → the words of its complaints).

    Called by a job with what `queries.cases_to_index` names; complaints supplies the words.
    """
    cases = Case.locked(skip_locked=True).filter(pk__in=list(texts))
    numbers = dict(cases.order_by("pk").values_list("pk", "number_text"))
    with connection.cursor() as cursor:
        for case_id, number in numbers.items():
            words = texts[case_id].replace("\x00", " ")
            cursor.execute(
                _UPSERT,
                [
                    case_id,
                    words,
                    MAX_INDEXED_CHARACTERS,
                    digit_ngrams(number),
                    list(minhash_bands.get(case_id, ())),
                    at,
                ],
            )
    return Case.objects.filter(pk__in=list(numbers)).update(search_stale=False)
