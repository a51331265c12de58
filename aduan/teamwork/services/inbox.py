"""A person's own inbox and what they watch: working data that decides nothing."""

from __future__ import annotations

import datetime as dt
from typing import Final

from aduan.accounts.models import User
from aduan.accounts.roles import Permission
from aduan.cases.models import Case
from aduan.teamwork.models import CaseWatch, InboxItem

LINES_KEPT: Final = dt.timedelta(days=90)


def watch_case(case: Case, *, by: User, at: dt.datetime) -> None:
    """From now on this person hears of every step and note of the case."""
    by.require(Permission.VIEW_CASES)
    CaseWatch.objects.bulk_create([CaseWatch(case=case, person=by, since=at)], ignore_conflicts=True)


def unwatch_case(case: Case, *, by: User) -> None:
    """No longer."""
    CaseWatch.objects.filter(case=case, person=by).delete()


def mark_all_read(*, by: User, at: dt.datetime) -> int:
    """How many lines there were."""
    return InboxItem.objects.filter(person=by, read_at=None).update(read_at=at)


def delete_old_inbox(*, at: dt.datetime) -> int:
    """Deletes lines of more than ninety days; how many there were."""
    deleted, _by_model = InboxItem.objects.filter(created_at__lte=at - LINES_KEPT).delete()
    return deleted
