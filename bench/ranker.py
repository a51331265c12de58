"""The shadow ranker on a sample of SIZE complaints, week by week: that it works from end to end, and no more.

The decisions are drawn here, by lot, where there is nothing to learn, and then by the kind of fraud, each
some days after the case was opened. The services that run at night do the rest: they learn from what was
decided before a night, read the queue as it stood, and compare it a week later.
Floor: what the points found. Limit: what the ranker must find, percent of a week's blocks.
"""

from __future__ import annotations

import datetime as dt
import time
from typing import Any, Final

from django.db import connection
from django.utils import timezone

from aduan.cases.models import Case, RankerPlace, RankerRun
from aduan.cases.models.shadow_ranker import FOUND_PERCENT
from aduan.ranker.services import run_shadow_ranker
from bench.database import load_register, scratch
from bench.loading import past_triggers
from bench.outcome import Outcome, median
from sample import mass, people

SIZES = (100_000,)
WEEKS: Final = 4
WEEK: Final = dt.timedelta(days=7)
BY_LOT: Final = "0.15"
BY_KIND: Final = "CASE WHEN category IN ('PHISHING', 'PEJABAT', 'KURIR') THEN 0.9 ELSE 0.02 END"

# Every case is decided within a month, half of them within a week.
_DECIDE: Final = """
    INSERT INTO cases_caseevent
        (case_id, action, from_status, to_status, created_at, reason, system_reason, detail)
    SELECT id, CASE WHEN random() < {chance} THEN 'confirm_block' ELSE 'dismiss' END, 'open', 'open',
        opened_at + random() * random() * interval '30 days', '', '', '{{}}'
    FROM cases_case
"""
# Every case as it stood at a moment; what was not there yet, or was decided, is not open.
_AS_OF: Final = """
    UPDATE cases_case c SET
        status = CASE WHEN known.complaints > 0 AND NOT EXISTS (
            SELECT FROM cases_caseevent e WHERE e.case_id = c.id AND e.created_at <= %(at)s
        ) THEN 'open' ELSE 'dismissed' END,
        complaint_count = known.complaints, independent_count = known.complaints,
        reported_loss = known.loss, last_complaint_at = known.newest
    FROM (
        SELECT k.id, count(m.id) AS complaints, coalesce(sum(m.loss), 0) AS loss, max(m.filed_at) AS newest
        FROM cases_case k LEFT JOIN complaints_complaint m ON m.case_id = k.id AND m.filed_at <= %(at)s
        GROUP BY k.id
    ) known
    WHERE known.id = c.id
"""


def measure(size: int) -> Outcome:
    with scratch(f"ranker_{size}", lambda: _fill(size)):
        rows, found, by_points, spent = [], [], [], []
        for name, chance in (("by lot", BY_LOT), ("by their kind", BY_KIND)):
            for run, seconds in _weeks(chance):
                spent.append(seconds)
                blocked = run.blocked or 1
                share = 100 * (run.found_by_ranker or 0) / blocked
                points = 100 * (run.found_by_points or 0) / blocked
                if chance == BY_KIND:
                    found.append(share)
                    by_points.append(points)
                rows.append((f"decided {name}, {run.day}", _said(run, points, share)))
    return Outcome(
        title="blocks of the next week in the first fifth of the queue, percent",
        runs=WEEKS,
        median_ratio=median(found),
        floor=median(by_points),
        limit=FOUND_PERCENT,
        sense="least",
        rows=[*rows, ("a night, seconds", f"{median(spent):.0f}, at most {max(spent):.0f}")],
        more={"seconds": max(spent), "weeks": [text for _name, text in rows]},
    )


def _said(run: RankerRun, points: float, share: float) -> str:
    return (
        f"learnt from {run.decisions} ({run.blocks} blocks), read {run.placed}; of {run.blocked} blocks"
        f" the points found {points:.0f} %, the ranker {share:.0f} %{', earned' if run.earned else ''}"
    )


def _fill(size: int) -> None:
    load_register()
    until = timezone.now()
    cast = people.invite("demo-rahasia-2026", until=until)
    mass.pour(size, seed=1, until=until, cast=cast, log_progress=print)


def _weeks(chance: str) -> list[tuple[RankerRun, float]]:
    """The nights of the last weeks but one, each compared, and how long each took."""
    with past_triggers(), connection.cursor() as cursor:
        cursor.execute("TRUNCATE cases_rankerplace, cases_rankerrun, cases_caseevent CASCADE")
        cursor.execute("SELECT setseed(0.5)")
        cursor.execute(_DECIDE.format(chance=chance))
    end = timezone.now()
    nights: list[tuple[dt.datetime, float]] = []
    for week in range(WEEKS, 0, -1):
        at = end - week * WEEK
        _stand_as_of(at)
        start = time.perf_counter()
        run_shadow_ranker(at=at)
        nights.append((at, time.perf_counter() - start))
    run_shadow_ranker(at=end)
    assert not RankerPlace.objects.filter(run__at__lt=end).exists()
    return [(RankerRun.objects.get(at=at), seconds) for at, seconds in nights]


def _stand_as_of(at: dt.datetime) -> None:
    given: dict[str, Any] = {"at": at}
    with past_triggers(), connection.cursor() as cursor:
        cursor.execute(_AS_OF, given)
    assert Case.objects.filter(status="open").exists()
