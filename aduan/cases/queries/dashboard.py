"""The figures of the leads' dashboard: each a table, days in Jakarta, a handful of statements in all."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection

from aduan.accounts.models import User
from aduan.accounts.roles import Permission
from aduan.cases.clocks import PROMISE
from aduan.cases.models import DeskTarget
from aduan.cases.queries.decisions import DECISION_CLOCK, DECISION_STANDS
from aduan.cases.workflow import DECISIONS, CaseAction
from aduan.core.periods import JAKARTA, local_date

# The reason that the product wants to make rare: half of all complaints once ended with it.
MISSING_EVIDENCE: Final = "dismiss-no-evidence"
_NO_TARGET: Final = DeskTarget()  # what holds until a lead has set something
CLOSES: Final = (CaseAction.DISMISS, CaseAction.DECLARE_NOT_OURS)

_DAYS: Final = f"""
    SELECT d::date,
        (SELECT count(*) FROM cases_case c WHERE c.opened_at >= (d::timestamp AT TIME ZONE 'Asia/Jakarta')
            AND c.opened_at < ((d + interval '1 day')::timestamp AT TIME ZONE 'Asia/Jakarta')),
        coalesce(e.decided, 0), coalesce(e.blocked, 0), coalesce(e.dismissed, 0)
    FROM generate_series(%(first)s::date, %(last)s::date, interval '1 day') d
    LEFT JOIN (
        SELECT (created_at AT TIME ZONE 'Asia/Jakarta')::date AS day, count(*) AS decided,
            count(*) FILTER (WHERE action = 'confirm_block') AS blocked,
            count(*) FILTER (WHERE action = 'dismiss') AS dismissed
        FROM cases_caseevent e
        WHERE created_at >= %(since)s AND created_at <= %(at)s AND action = ANY(%(decides)s)
            AND {DECISION_STANDS} GROUP BY 1
    ) e ON e.day = d::date
    ORDER BY 1
"""  # noqa: S608 - built of a constant
_BACKLOG: Final = """
    SELECT status, count(*),
        count(*) FILTER (WHERE paused_at IS NULL AND (due_at <= %(at)s
            OR due_at IS NULL AND status <> 'needs_info' AND opened_at <= %(at)s - %(promise)s)),
        count(*) FILTER (WHERE opened_at > %(at)s - interval '1 day'),
        count(*) FILTER (WHERE opened_at <= %(at)s - interval '1 day' AND opened_at > %(at)s - interval '3
        days'),
        count(*) FILTER (WHERE opened_at <= %(at)s - interval '3 days' AND opened_at > %(at)s - interval '7
        days'), count(*) FILTER (WHERE opened_at <= %(at)s - interval '7 days')
    FROM cases_case WHERE status IN ('open', 'needs_info', 'proposed', 'disputed') GROUP BY 1
"""
# How fast, how unanimous, how often for want of evidence, how often confirmed by a third: one row. A case
# that was never due has no promise to keep and is in no ratio of time.
_SHARES: Final = f"""
    SELECT pace.*, agreement.*, missing.*, read_again.*, aim.* FROM (
        SELECT count(*),
            percentile_cont(0.5) WITHIN GROUP (ORDER BY took) FILTER (WHERE clock.due_at IS NOT NULL),
            percentile_cont(0.95) WITHIN GROUP (ORDER BY took) FILTER (WHERE clock.due_at IS NOT NULL),
            count(*) FILTER (WHERE e.created_at <= clock.due_at), count(clock.due_at)
        FROM cases_caseevent e
        JOIN cases_case c ON c.id = e.case_id
        CROSS JOIN LATERAL ({DECISION_CLOCK}) clock
        CROSS JOIN LATERAL (SELECT greatest(e.created_at - clock.ready_at, interval '0') AS took) hours
        WHERE e.created_at >= %(since)s AND e.created_at <= %(at)s AND e.action = ANY(%(decides)s)
            AND {DECISION_STANDS}
    ) pace, (
        SELECT count(*) FILTER (WHERE second_agrees), count(*) FILTER (WHERE second_by_id IS NOT NULL)
        FROM cases_proposal WHERE proposed_at >= %(since)s AND proposed_at <= %(at)s
    ) agreement, (
        SELECT count(*) FILTER (WHERE action = 'dismiss' AND detail ->> 'reason_code' = %(missing)s), count(*)
        FROM cases_caseevent e
        WHERE created_at >= %(since)s AND created_at <= %(at)s AND action = ANY(%(decides)s)
            AND {DECISION_STANDS}
    ) missing, (
        SELECT count(*) FILTER (WHERE agrees), count(*),
            count(*) FILTER (WHERE agrees AND e.action = ANY(%(closes)s)),
            count(*) FILTER (WHERE e.action = ANY(%(closes)s))
        FROM cases_qualityreview q JOIN cases_caseevent e ON e.id = q.event_id
        WHERE reviewed_at >= %(since)s AND reviewed_at <= %(at)s
    ) read_again
    LEFT JOIN (
        SELECT waiting, in_time, agreement, quality FROM cases_desktarget ORDER BY id DESC LIMIT 1
    ) aim ON true
"""  # noqa: S608 - built of constants
# The cases opened in the period, once by category and once by operator.
_GROUPS: Final = """
    SELECT grouping(c.category) = 0 AS by_category,
        CASE WHEN grouping(c.category) = 0 THEN c.category ELSE coalesce(o.name, '') END AS name,
        count(*) AS opened, count(*) FILTER (WHERE c.status = 'confirmed'),
        count(*) FILTER (WHERE c.status = 'dismissed'),
        count(*) FILTER (WHERE c.status IN ('open', 'needs_info', 'proposed', 'disputed')),
        percentile_cont(0.5) WITHIN GROUP (ORDER BY c.decided_at - coalesce(c.ready_at, c.opened_at))
    FROM cases_case c LEFT JOIN operators_operator o ON o.id = c.operator_id
    WHERE c.opened_at >= %(since)s AND c.opened_at <= %(at)s
    GROUP BY GROUPING SETS ((c.category), (o.name)) ORDER BY opened DESC, name
"""


@dataclass(frozen=True, slots=True)
class Day:
    day: dt.date
    opened: int
    decided: int
    blocked: int
    dismissed: int


@dataclass(frozen=True, slots=True)
class Backlog:
    """Waiting cases of one status, by age since they were opened."""

    status: str
    total: int
    overdue: int
    under_a_day: int
    under_three_days: int
    under_a_week: int
    older: int


@dataclass(frozen=True, slots=True)
class Share:
    """`part` of `whole`; the share is None when there is nothing to divide by."""

    part: int
    whole: int

    @property
    def share(self) -> float | None:
        return self.part / self.whole if self.whole else None


@dataclass(frozen=True, slots=True)
class Group:
    """Cases opened in the period, by category code or operator name."""

    name: str
    opened: int
    blocked: int
    dismissed: int
    waiting: int
    median: dt.timedelta | None


@dataclass(frozen=True, slots=True)
class Targets:
    """What the desk aims at: at most so many waiting cases, at least such shares in percent."""

    waiting: int = _NO_TARGET.waiting
    in_time: int = _NO_TARGET.in_time
    agreement: int = _NO_TARGET.agreement
    quality: int = _NO_TARGET.quality


@dataclass(frozen=True, slots=True)
class Dashboard:
    since: dt.datetime
    days: tuple[Day, ...]
    backlog: tuple[Backlog, ...]
    decided: int
    p50: dt.timedelta | None
    p95: dt.timedelta | None
    in_time: Share
    agreement: Share
    missing_evidence: Share
    quality_reviews: Share
    closures_reviewed: Share  # of them those that closed a case without action
    target: Targets
    by_category: tuple[Group, ...]
    by_operator: tuple[Group, ...]


def dashboard(*, viewer: User, at: dt.datetime, days: int = 30) -> Dashboard:
    """The last `days` days with today, in Jakarta. Four statements."""
    viewer.require(Permission.VIEW_DASHBOARD)
    return figures(at=at, days=days)


def first_moment(*, at: dt.datetime, days: int) -> dt.datetime:
    """When the first of `days` days in Jakarta began, today with them."""
    return dt.datetime.combine(local_date(at) - dt.timedelta(days=days - 1), dt.time(), JAKARTA)


def figures(*, at: dt.datetime, days: int) -> Dashboard:
    since = first_moment(at=at, days=days)
    given: dict[str, Any] = {
        "at": at,
        "since": since,
        "first": since.date(),
        "last": local_date(at),
        "decides": [action.value for action in DECISIONS],
        "closes": [action.value for action in CLOSES],
        "promise": PROMISE,
        "missing": MISSING_EVIDENCE,
    }
    ((decided, p50, p95, in_time, due, *shares),) = _all(_SHARES, given)
    groups = _all(_GROUPS, given)
    return Dashboard(
        since=since,
        days=tuple(Day(*row) for row in _all(_DAYS, given)),
        backlog=tuple(Backlog(*row) for row in _all(_BACKLOG, given)),
        decided=decided,
        p50=p50,
        p95=p95,
        in_time=Share(in_time, due),
        agreement=Share(*shares[:2]),
        missing_evidence=Share(*shares[2:4]),
        quality_reviews=Share(*shares[4:6]),
        closures_reviewed=Share(*shares[6:8]),
        target=Targets(*shares[8:]) if shares[8] is not None else Targets(),
        by_category=tuple(Group(*row) for by_category, *row in groups if by_category),
        by_operator=tuple(Group(*row) for by_category, *row in groups if not by_category),
    )


def _all(sql: str, given: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        return list(cursor.fetchall())
