"""Open the task of finding out which operator carries a number."""

from __future__ import annotations

import datetime as dt

from aduan.numbers.models import PhoneNumber, RoutingTask


def open_routing_task(
    number: PhoneNumber,
    *,
    reason: RoutingTask.Reason,
    at: dt.datetime,
    raised_by_id: int | None = None,
    note: str = "",
) -> RoutingTask:
    """Return the open routing task of the number, opening one when there is none.

    `raised_by_id` is the operator that disowned the number, `note` what it typed; a task that is already
    open keeps its own.
    """
    task = RoutingTask(
        number=number, raised_by_id=raised_by_id, reason=reason, note=note.strip(), opened_at=at
    )
    RoutingTask.objects.bulk_create([task], ignore_conflicts=True)
    return RoutingTask.objects.get(number=number, resolved_at=None)
