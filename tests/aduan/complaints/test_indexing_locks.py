"""The renewal of search documents keeps no one from a case."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction
from django.utils import timezone

from aduan.accounts.models import User
from aduan.cases import services as cases
from aduan.complaints.services import indexing
from tests.factories.complaints import complaint


@pytest.mark.django_db(transaction=True)
def test_a_case_opens_while_its_search_document_is_renewed(
    budi: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Opening writes rows that name the case: a lock on its key would keep the reader waiting."""
    case = complaint(timezone.now() - dt.timedelta(hours=1)).case
    written, opened = cases.index_cases, []

    def open_it() -> None:
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = '1s'")
                opened.append(cases.open_case(case.pk, by=budi, at=timezone.now(), claims=False))
        finally:
            connection.close()

    def index(
        texts: Mapping[int, str], *, at: dt.datetime, minhash_bands: Mapping[int, Sequence[int]]
    ) -> int:
        count = written(texts, at=at, minhash_bands=minhash_bands)
        with ThreadPoolExecutor(1) as pool:
            pool.submit(open_it).result()
        return count

    monkeypatch.setattr(cases, "index_cases", index)
    assert indexing.reindex_cases(at=timezone.now())[0] == 1
    assert len(opened) == 1


@pytest.mark.django_db
def test_few_cases_are_renewed_in_one_transaction(monkeypatch: pytest.MonkeyPatch) -> None:
    taken: list[int] = []
    written = cases.index_cases

    def index(
        texts: Mapping[int, str], *, at: dt.datetime, minhash_bands: Mapping[int, Sequence[int]]
    ) -> int:
        taken.append(len(texts))
        return written(texts, at=at, minhash_bands=minhash_bands)

    monkeypatch.setattr(cases, "index_cases", index)
    now = timezone.now()
    for number in ("0812-3456-7801", "0812-3456-7802", "0812-3456-7803"):
        complaint(now, number)
    assert indexing.reindex_cases(at=now, limit=2)[0] + indexing.reindex_cases(at=now, limit=2)[0] == 3
    assert taken == [2, 1]
