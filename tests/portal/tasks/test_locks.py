"""What runs in the background keeps no one who complains waiting for long."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import pytest

from aduan.cases import services as cases
from aduan.cases.models import Case
from aduan.operators.models import Operator
from portal.tasks import tasks
from tests.factories import complaints as make


@pytest.mark.django_db
def test_describing_a_backlog_locks_a_few_cases_at_a_time(
    telkomsel: Operator, now: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All that waited, up to two hundred, were locked together: complaints about them had to wait."""
    for number in range(25):
        make.complaint(now, f"0812-7000-43{number:02}")
    locked: list[int] = []
    index_cases = cases.index_cases

    def counted(texts: Mapping[int, str], **rest: dict[str, object]) -> int:
        locked.append(len(texts))
        return index_cases(texts, **rest)  # type: ignore[arg-type]  # passed on as it came

    monkeypatch.setattr(cases, "index_cases", counted)
    tasks.reindex_cases()
    assert sum(locked) == 25
    assert max(locked) <= 10
    assert not Case.objects.filter(search_stale=True).exists()
