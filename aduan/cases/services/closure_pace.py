"""One person drops cases alone: who does it often is counted over the hour and over the day."""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.db import connection

from aduan.accounts.models import User
from aduan.cases.models import Alarm, CaseEvent
from aduan.cases.services.rate_limit import raise_alarm
from aduan.cases.workflow import CaseAction

PER_HOUR: Final = 20  # of one person; each further one is read again by another
ALARM_PER_DAY: Final = 50  # of one person, by whatever acts; and at each fifty more
CLOSES: Final = (CaseAction.DISMISS, CaseAction.DECLARE_NOT_OURS)
_HOUR, _DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


def serialize_closures(by: User) -> None:
    """One transaction after the other per person, so that parallel requests are all counted.

    After the locks on cases and before the audit log's, in every transaction.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('cases_closures'), %s)", [by.pk])


def closes_faster_than_read(by: User, *, at: dt.datetime) -> bool:
    """Whether this person has closed more than `PER_HOUR` cases within the hour that ends now."""
    return _count(by, CLOSES, at=at, since=at - _HOUR) > PER_HOUR


def watch_daily_sum(action: CaseAction, *, by: User, cases: int, at: dt.datetime) -> None:
    """Tells the leads when the sum of a day reaches fifty and each fifty more; this act did `cases` of them.

    Closures of both kinds are one sum, requests for information another.
    """
    total = _count(by, CLOSES if action in CLOSES else (action,), at=at, since=at - _DAY)
    if total // ALARM_PER_DAY > (total - cases) // ALARM_PER_DAY:
        raise_alarm(Alarm.Kind.BULK, person=by, at=at, detail={"action": str(action), "cases": total})


def _count(by: User, actions: tuple[CaseAction, ...], *, at: dt.datetime, since: dt.datetime) -> int:
    events = CaseEvent.objects.filter(actor=by, created_at__gt=since, created_at__lte=at)
    return events.filter(action__in=actions).count()
