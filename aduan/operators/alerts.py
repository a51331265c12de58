"""Alarms to the people who manage an operator's access, by e-mail through the outbox."""

from __future__ import annotations

import datetime as dt

from aduan.notifications.services import enqueue_message
from aduan.operators.models import Operator, OperatorMember


def notify_managers(operator: Operator, kind: str, *, once: str, at: dt.datetime, **context: str) -> bool:
    """Post `alarm_<kind>` to each manager, once per `once`. False when all of them were notified before."""
    people = OperatorMember.objects.filter(operator=operator, manages_keys=True, user__is_active=True)
    reported = [
        enqueue_message(
            f"operator_{kind}",
            key=f"{kind}:{once}:{person.user_id}",
            to=person.user.email,
            language="id",
            context={"operator": operator.name, **context},
            at=at,
        )
        for person in people.select_related("user")
    ]
    return any(reported)
