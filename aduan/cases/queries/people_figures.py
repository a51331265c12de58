"""What each caseworker has open and has decided: one statement for all, each figure with its cases."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection

from aduan.accounts.models import User
from aduan.accounts.roles import Permission, Role
from aduan.cases.clocks import BEATS
from aduan.cases.models import Case, CaseEvent
from aduan.cases.queries.dashboard import CLOSES, Share
from aduan.cases.queries.decisions import DECISION_STANDS
from aduan.cases.workflow import DECIDES, IN_QUEUE, CaseAction

# What one person does of a decision: alone, or as one of two or three.
_ACTS: Final = (*DECIDES, CaseAction.PROPOSE, CaseAction.AGREE, CaseAction.DISAGREE)
_DECIDED: Final = "e.created_at > %(since)s AND e.created_at <= %(at)s AND e.action = ANY(%(decides)s)"
_PEOPLE: Final = f"""
    SELECT u.id, u.name,
        EXISTS (SELECT FROM cases_casepresence p WHERE p.person_id = u.id AND p.seen_at > %(present)s),
        (SELECT count(*) FROM cases_case c WHERE c.held_by_id = u.id AND c.held_until > %(at)s
            AND c.status = ANY(%(queue)s)),
        done.decided, done.days, second.agreed, second.asked, read_again.agreed, read_again.asked,
        read_again.closures_agreed, read_again.closures
    FROM accounts_user u
    CROSS JOIN LATERAL (
        SELECT count(*) AS decided,
            count(DISTINCT (e.created_at AT TIME ZONE 'Asia/Jakarta')::date) AS days
        FROM cases_caseevent e WHERE e.actor_id = u.id AND {_DECIDED} AND {DECISION_STANDS}
    ) done
    CROSS JOIN LATERAL (
        SELECT count(*) FILTER (WHERE second_agrees) AS agreed, count(*) AS asked FROM cases_proposal
        WHERE proposed_by_id = u.id AND second_by_id IS NOT NULL
            AND proposed_at > %(since)s AND proposed_at <= %(at)s
    ) second
    CROSS JOIN LATERAL (
        SELECT count(*) FILTER (WHERE agrees) AS agreed, count(*) AS asked,
            count(*) FILTER (WHERE agrees AND e.action = ANY(%(closes)s)) AS closures_agreed,
            count(*) FILTER (WHERE e.action = ANY(%(closes)s)) AS closures
        FROM cases_qualityreview q JOIN cases_caseevent e ON e.id = q.event_id
        WHERE deciders @> to_jsonb(u.id) AND reviewed_at > %(since)s AND reviewed_at <= %(at)s
    ) read_again
    WHERE u.is_active AND u.roles && %(roles)s::varchar[]
    ORDER BY u.name, u.id
"""  # noqa: S608 - constants


@dataclass(frozen=True, slots=True)
class PersonFigures:
    """One caseworker. `here` has a case open at this moment; `days` counts those on which they decided.

    `agreement` is how often the second person agreed to their proposals, `quality` how often the person who
    read a decision again would have decided alike, `closures` the same of cases closed without action.
    """

    person_id: int
    name: str
    here: bool
    open: int
    decided: int
    days: int
    agreement: Share
    quality: Share
    closures: Share

    @property
    def pace(self) -> float | None:
        """Decisions on a day on which they decided anything."""
        return self.decided / self.days if self.days else None


@dataclass(frozen=True, slots=True)
class PersonDecision:
    """One decision or signature that stands."""

    case_id: int
    reference: str
    number: str
    action: CaseAction
    at: dt.datetime


def people_figures(*, viewer: User, at: dt.datetime, since: dt.datetime) -> list[PersonFigures]:
    """Everybody who decides or signs, by name."""
    viewer.require(Permission.ASSIGN)
    given: dict[str, Any] = {
        "at": at,
        "since": since,
        "present": at - BEATS,
        "decides": [action.value for action in _ACTS],
        "closes": [action.value for action in CLOSES],
        "queue": [status.value for status in IN_QUEUE],
        "roles": [Role.REVIEWER.value, Role.APPROVER.value],
    }
    with connection.cursor() as cursor:
        cursor.execute(_PEOPLE, given)
        rows = cursor.fetchall()
    return [
        PersonFigures(
            person_id,
            name,
            here,
            held,
            decided,
            days,
            *(Share(*shares[start : start + 2]) for start in (0, 2, 4)),
        )
        for person_id, name, here, held, decided, days, *shares in rows
    ]


def open_cases_of(person: User, *, viewer: User, at: dt.datetime, limit: int = 200) -> list[Case]:
    """What this person holds now, highest rank first."""
    viewer.require(Permission.ASSIGN)
    held = Case.objects.filter(held_by=person, held_until__gt=at, status__in=IN_QUEUE)
    return list(held.order_by("-score", "-pk")[:limit])


def decisions_of(
    person: User, *, viewer: User, since: dt.datetime, at: dt.datetime, limit: int = 200
) -> list[PersonDecision]:
    """What this person decided or signed, newest first, without what they took back within seconds."""
    viewer.require(Permission.ASSIGN)
    rows = CaseEvent.objects.filter(actor=person, action__in=_ACTS, created_at__gt=since, created_at__lte=at)
    rows = (
        rows.exclude(notice__withdrawn_at__isnull=False).select_related("case").order_by("-created_at", "-pk")
    )
    return [
        PersonDecision(
            row.case_id, row.case.reference, row.case.number_text, CaseAction(row.action), row.created_at
        )
        for row in rows[:limit]
    ]


def backlog_in(days: int, *, waiting: int, opened: list[int], decided: list[int]) -> int:
    """How many cases wait in so many days, if as many come and go each day as on the days given."""
    counted = max(len(opened), 1)
    return max(round(waiting + days * (sum(opened) - sum(decided)) / counted), 0)
