"""The cases behind a figure of the dashboard: what a lead opens to see why it is so."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from django.db import connection

from aduan.accounts.models import User
from aduan.accounts.roles import Permission
from aduan.cases.models.case import case_reference
from aduan.cases.queries.dashboard import CLOSES, MISSING_EVIDENCE, first_moment
from aduan.cases.queries.decisions import DECISION_CLOCK, DECISION_STANDS
from aduan.cases.workflow import DECISIONS, CaseAction
from aduan.numbers.parsing import format_number


class DeskFigure(StrEnum):
    """Which cases: for a share those that lower it."""

    DECIDED = "decided"
    LATE = "late"
    DISAGREED = "disagreed"
    MISSING_EVIDENCE = "missing_evidence"
    NOT_ALIKE = "not_alike"
    CLOSURES_READ = "closures_read"


_DECISIONS: Final = f"""
    FROM cases_caseevent e JOIN cases_case c ON c.id = e.case_id
    CROSS JOIN LATERAL ({DECISION_CLOCK}) clock
    WHERE e.created_at >= %(since)s AND e.created_at <= %(at)s AND e.action = ANY(%(decides)s)
        AND {DECISION_STANDS}
"""
_READ_AGAIN: Final = """
    FROM cases_qualityreview q JOIN cases_caseevent e ON e.id = q.event_id
    JOIN cases_case c ON c.id = q.case_id
    WHERE q.reviewed_at >= %(since)s AND q.reviewed_at <= %(at)s
"""
_EVENT: Final = "SELECT c.id, c.number_text, e.action, e.created_at AS moment"
_REVIEW: Final = "SELECT c.id, c.number_text, e.action, q.reviewed_at AS moment"
_BEHIND: Final[dict[DeskFigure, str]] = {
    DeskFigure.DECIDED: _EVENT + _DECISIONS,
    DeskFigure.LATE: f"{_EVENT}{_DECISIONS} AND e.created_at > clock.due_at",
    DeskFigure.MISSING_EVIDENCE: f"""{_EVENT}{_DECISIONS}
        AND e.action = 'dismiss' AND e.detail ->> 'reason_code' = %(missing)s""",
    DeskFigure.NOT_ALIKE: f"{_REVIEW}{_READ_AGAIN} AND NOT q.agrees",
    DeskFigure.CLOSURES_READ: f"{_REVIEW}{_READ_AGAIN} AND e.action = ANY(%(closes)s)",
    DeskFigure.DISAGREED: """
        SELECT c.id, c.number_text, 'disagree', p.second_at AS moment
        FROM cases_proposal p JOIN cases_case c ON c.id = p.case_id
        WHERE p.proposed_at >= %(since)s AND p.proposed_at <= %(at)s AND NOT p.second_agrees""",
}


@dataclass(frozen=True, slots=True)
class BehindFigure:
    """One case with the step that counts."""

    case_id: int
    reference: str
    number_shown: str
    action: CaseAction
    at: dt.datetime


def behind_figure(
    figure: DeskFigure, *, viewer: User, at: dt.datetime, days: int, limit: int = 200
) -> list[BehindFigure]:
    """The newest of them, over the same days as the dashboard. One statement."""
    viewer.require(Permission.VIEW_DASHBOARD)
    given: dict[str, Any] = {
        "at": at,
        "since": first_moment(at=at, days=days),
        "decides": [action.value for action in DECISIONS],
        "closes": [action.value for action in CLOSES],
        "missing": MISSING_EVIDENCE,
        "limit": limit,
    }
    with connection.cursor() as cursor:
        cursor.execute(f"{_BEHIND[figure]} ORDER BY moment DESC, 1 DESC LIMIT %(limit)s", given)
        return [
            BehindFigure(case_id, case_reference(case_id), format_number(number), CaseAction(action), moment)
            for case_id, number, action, moment in cursor.fetchall()
        ]
