"""One person drops cases alone: who does it often is counted over the hour and over the day."""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.db import connection

from aduan.accounts.models import User
from aduan.accounts.queries import log_ins_of
from aduan.cases.models import Alarm, CaseEvent, PaceLimits
from aduan.cases.services.rate_limit import raise_alarm
from aduan.cases.workflow import CaseAction

CLOSES: Final = (CaseAction.DISMISS, CaseAction.DECLARE_NOT_OURS)
_HOUR, _DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


def serialize_closures(by: User) -> None:
    """One transaction after the other per person, so that parallel requests are all counted.

    After the locks on cases and before the audit log's, in every transaction.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('cases_closures'), %s)", log_ins_of(by)[:1])


def closes_faster_than_read(by: User, *, at: dt.datetime) -> bool:
    """Whether this person has closed more cases than PaceLimits says within the hour that ends now."""
    return _count(by, CLOSES, at=at, since=at - _HOUR) > PaceLimits.current().closures_per_hour


def watch_daily_sum(action: CaseAction, *, by: User, cases: int, at: dt.datetime) -> None:
    """Tells the leads when the sum of a day reaches PaceLimits' and each time it does so once more.

    This act did `cases` of them.

    Closures of both kinds are one sum, requests for information another.
    """
    total = _count(by, CLOSES if action in CLOSES else (action,), at=at, since=at - _DAY)
    alarm = PaceLimits.current().closures_alarm
    if total // alarm > (total - cases) // alarm:
        raise_alarm(Alarm.Kind.BULK, person=by, at=at, detail={"action": str(action), "cases": total})


def _count(by: User, actions: tuple[CaseAction, ...], *, at: dt.datetime, since: dt.datetime) -> int:
    events = CaseEvent.objects.filter(actor__in=log_ins_of(by), created_at__gt=since, created_at__lte=at)
    return events.filter(action__in=actions).count()
