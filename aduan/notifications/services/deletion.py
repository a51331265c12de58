"""Finished messages and old codes are deleted once what they were for has long happened."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from django.db.models import QuerySet

from aduan.notifications.models import OutboxMessage, VerificationCode

KEPT: Final = dt.timedelta(weeks=8)
_BATCH: Final = 1_000
_State = OutboxMessage.State
# A message that was given up, or may not have left, stays until a person has looked at it.
FINISHED: Final = (_State.SENT, _State.UNSUBSCRIBED, _State.EXPIRED)


def delete_old(*, at: dt.datetime) -> tuple[int, int]:
    """Deletes finished messages and codes older than `KEPT`, a batch a transaction: (messages, codes)."""
    before = at - KEPT
    messages = OutboxMessage.objects.filter(state__in=FINISHED, created_at__lt=before)
    codes = VerificationCode.objects.filter(sent_at__lt=before, expires_at__lt=before)
    return _delete(messages), _delete(codes)


def _delete(rows: QuerySet[Any]) -> int:
    """Deletes the rows of a query, oldest first; a killed run goes on where it stopped."""
    deleted = 0
    while keys := list(rows.order_by("pk").values_list("pk", flat=True)[:_BATCH]):
        deleted += rows.model._default_manager.filter(pk__in=keys).delete()[0]
    return deleted
