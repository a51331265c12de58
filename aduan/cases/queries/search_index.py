"""What jobs have to look at next."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from django.db import connection

from aduan.cases.models import Case

_SHARING_A_BAND: Final = """
    SELECT other.case_id FROM cases_casesearchindex mine
    JOIN cases_casesearchindex other ON other.minhash_bands && mine.minhash_bands
        AND other.case_id <> mine.case_id
    WHERE mine.case_id = %s AND cardinality(mine.minhash_bands) > 0 LIMIT %s
"""
_MENTIONING_EACH: Final = """
    SELECT asked.text, found.case_id FROM unnest(%s::text[]) AS asked(text)
    CROSS JOIN LATERAL (
        SELECT case_id FROM cases_casesearchindex
        WHERE words @@ plainto_tsquery('simple', asked.text) AND case_id <> %s LIMIT %s
    ) found
"""


def cases_to_index(*, limit: int = 500) -> list[int]:
    """Ids of cases whose search index is older than their contents: oldest case first."""
    return list(Case.objects.filter(search_stale=True).order_by("pk").values_list("pk", flat=True)[:limit])


def similar_candidates(case_id: int, *, limit: int = 30) -> list[int]:
    """Cases whose texts may be alike: they share a MinHash band. The texts themselves must be compared."""
    return _ids(_SHARING_A_BAND, [case_id, limit])


def mentioning_each(texts: Collection[str], *, besides: int, limit: int = 30) -> dict[str, list[int]]:
    """Other cases whose complaints hold all words of a text, such as an account number or a link, by text.

    Texts that no other case holds are left out. One statement.
    """
    found: dict[str, list[int]] = {}
    if not texts:
        return found
    with connection.cursor() as cursor:
        cursor.execute(_MENTIONING_EACH, [list(texts), besides, limit])
        for text, case_id in cursor.fetchall():
            found.setdefault(text, []).append(case_id)
    return found


def _ids(sql: str, given: list[int | str]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        return [row[0] for row in cursor.fetchall()]
