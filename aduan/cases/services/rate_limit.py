"""No one reads a case in six seconds: a speed limit on signatures, and an alarm for who reaches it."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from django.db import connection, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aduan.accounts.models import User
from aduan.accounts.queries import log_ins_of
from aduan.accounts.roles import Permission
from aduan.cases.models import Alarm, PaceLimits, Proposal
from aduan.core import audit_log
from aduan.core.audit_actions import AuditAction
from aduan.core.errors import Forbidden, WrongState

WINDOW: Final = dt.timedelta(seconds=60)


def enforce_signature_rate(by: User, *, at: dt.datetime) -> None:
    """Raises Forbidden beyond the signatures a minute of PaceLimits. The last one raises an alarm.

    Counted one transaction after the other per person, so that parallel requests do not slip through.
    """
    people = log_ins_of(by)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('cases_signatures'), %s)", people[:1])
    limit, since = PaceLimits.current().signatures_per_minute, at - WINDOW
    signed = Proposal.objects.filter(
        Q(proposed_by__in=people, proposed_at__gt=since)
        | Q(second_by__in=people, second_at__gt=since)
        | Q(third_by__in=people, third_at__gt=since)
    )
    times = sorted(
        when
        for proposal in signed
        for who, when in (
            (proposal.proposed_by_id, proposal.proposed_at),
            (proposal.second_by_id, proposal.second_at),
            (proposal.third_by_id, proposal.third_at),
        )
        if who in people and when is not None and when > since
    )
    if len(times) >= limit:
        wait = max(int((times[-limit] + WINDOW - at).total_seconds()), 1)
        raise Forbidden(
            "too_fast",
            _("You have signed %(count)d times within a minute. Go on in %(wait)d seconds.")
            % {"count": len(times), "wait": wait},
            retry_after=wait,
        )
    if len(times) == limit - 1:
        raise_alarm(Alarm.Kind.RUBBER_STAMP, person=by, at=at, detail={"signatures": limit, "seconds": 60})


def raise_alarm(kind: Alarm.Kind, *, person: User | None, at: dt.datetime, detail: dict[str, Any]) -> Alarm:
    """Puts something in front of the leads: ids and counts only."""
    return Alarm.objects.create(kind=kind, person=person, at=at, detail=detail)


@transaction.atomic
def mark_alarm_seen(alarm: Alarm, *, by: User, at: dt.datetime) -> Alarm:
    by.require(Permission.VIEW_DASHBOARD)
    alarm = Alarm.objects.select_for_update(of=("self",)).select_related("person").get(pk=alarm.pk)
    if alarm.seen_at is not None:
        raise WrongState("alarm_seen", _("Somebody has already looked at this alarm."))
    if alarm.person is not None and alarm.person.same_human(by):
        raise Forbidden("own_alarm", _("This alarm is about you. Another person has to look at it."))
    alarm.seen_by, alarm.seen_at = by, at
    alarm.save(update_fields=["seen_by", "seen_at"])
    audit_log.record(AuditAction.ALARM_ACKNOWLEDGE, actor=f"user:{by.pk}", subject=f"alarm:{alarm.pk}", at=at)
    return alarm
