"""Who is told what, once, in the transaction of the act: people by mail, operators' machines by webhook."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db import transaction

from aduan.accounts.models import User
from aduan.accounts.roles import Permission
from aduan.blocklists import queries
from aduan.blocklists.models import BlockList, Reminder
from aduan.core.db import insert_or_ignore
from aduan.notifications import services as notifications
from aduan.operators.alerts import notify_managers
from aduan.operators.models import Operator
from aduan.operators.webhooks import enqueue

if TYPE_CHECKING:
    from collections.abc import Iterable

FETCH_WITHIN = dt.timedelta(hours=6)
REMINDED_AFTER = dt.timedelta(hours=20)
ESCALATED_AFTER = dt.timedelta(hours=24)


def published(block_list: BlockList, *, at: dt.datetime) -> None:
    """A list is there to be fetched; a removal is announced as a release as well, because it cannot wait."""
    operator, data = block_list.operator, queries.summary(block_list)
    enqueue(operator, "list.published", key=f"list:{block_list.pk}", data=data, at=at)
    if block_list.removed_count:
        enqueue(operator, "number.released", key=f"list:{block_list.pk}:removed", data=data, at=at)
    notify_managers(
        operator, "list_published", once=f"list:{block_list.pk}", at=at, list=queries.name_of(block_list)
    )


def held(block_list: BlockList, operator: Operator, *, at: dt.datetime) -> None:
    """A list waits for two of the list managers."""
    _notify_list_managers("list_held", block_list, operator, at=at)


def remind(*, at: dt.datetime) -> int:
    """Say what runs out: to operators before the end of the clock, to the ministry after it. Each once."""
    told = 0
    for block_list in queries.not_fetched(at=at, after=FETCH_WITHIN):
        told += _once(block_list, "list_not_fetched", block_list.added_count, at=at, managers=True)
    for operator in Operator.objects.order_by("pk"):
        for clock in queries.clocks_of(operator):
            if clock.open == 0:
                continue
            age = at - (clock.due_at - queries.CLOCK)
            if age >= REMINDED_AFTER:
                told += _once(clock.block_list, "list_due", clock.open, at=at, managers=False)
            if age >= ESCALATED_AFTER:
                told += _once(clock.block_list, "list_overdue", clock.open, at=at, managers=True)
        told += _differing(operator, at=at)
    return told


def _differing(operator: Operator, *, at: dt.datetime) -> int:
    """An alarm about what differs for three days: once a list, and at most every three days."""
    lately = Reminder.objects.filter(
        block_list__operator=operator, kind="list_differs", at__gt=at - queries.ALARMED_AFTER
    )
    if lately.exists():
        return 0
    found = queries.reconcile(operator, at=at)
    if found is None or not found.alarming(at):
        return 0
    return _once(found.block_list, "list_differs", found.to_be_done, at=at, managers=True)


@transaction.atomic
def _once(block_list: BlockList, kind: str, count: int, *, at: dt.datetime, managers: bool) -> int:
    """To the operator's managers, and with `managers` to the ministry's list managers too."""
    if not insert_or_ignore(Reminder(block_list=block_list, kind=kind, open_count=count, at=at)):
        return 0
    operator = block_list.operator
    once = f"{kind}:{block_list.pk}"
    notify_managers(operator, kind, once=once, at=at, list=queries.name_of(block_list), count=str(count))
    if managers:
        _notify_list_managers(kind, block_list, operator, at=at)
    return 1


def _notify_list_managers(kind: str, block_list: BlockList, operator: Operator, *, at: dt.datetime) -> None:
    for person in _list_managers():
        notifications.enqueue_message(
            kind,
            key=f"{kind}:{block_list.pk}:{person.pk}",
            to=person.email,
            language="id",
            context={
                "operator": operator.name,
                "list": queries.name_of(block_list),
                "reasons": ", ".join(reason["code"] for reason in block_list.hold_reasons),
            },
            at=at,
        )


def _list_managers() -> Iterable[User]:
    return [
        person
        for person in User.objects.filter(is_active=True, roles__overlap=["list_manager"])
        if person.has_permission(Permission.RELEASE_LISTS)
    ]
