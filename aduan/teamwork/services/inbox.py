"""A person's own inbox and what they watch: working data that decides nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Final

from aduan.accounts.models import User
from aduan.accounts.roles import Permission
from aduan.cases.models import Case, Proposal
from aduan.teamwork.models import CaseWatch, InboxItem

LINES_KEPT: Final = dt.timedelta(days=90)


def watch_case(case: Case, *, by: User, at: dt.datetime) -> None:
    """From now on this person hears of every step and note of the case."""
    by.require(Permission.VIEW_CASES)
    CaseWatch.objects.bulk_create([CaseWatch(case=case, person=by, since=at)], ignore_conflicts=True)


def unwatch_case(case: Case, *, by: User) -> None:
    """No longer."""
    CaseWatch.objects.filter(case=case, person=by).delete()


def watchers_of(case_id: int) -> set[int]:
    return set(CaseWatch.objects.filter(case=case_id).values_list("person", flat=True))


def add_lines(case_id: int, kind: InboxItem.Kind, people: Iterable[int], *, at: dt.datetime) -> None:
    """One line for each of these people, of what no colleague did."""
    InboxItem.objects.bulk_create(
        InboxItem(person_id=person, case_id=case_id, kind=kind, created_at=at) for person in sorted(people)
    )


def say_that_it_goes_on(case_id: int, *, at: dt.datetime) -> int:
    """A complainant says that the blocked number goes on: those who signed the block or watch the case hear.

    One line until it is read, however many say so. Returns how many people got one.
    """
    confirmed = Proposal.objects.filter(case=case_id, state=Proposal.State.CONFIRMED).order_by("-pk")[:1]
    signed = confirmed.values_list("proposed_by", "second_by", "third_by")
    unread = InboxItem.objects.filter(case=case_id, kind=InboxItem.Kind.GOES_ON, read_at=None)
    concerned = {person for people in signed for person in people if person} | watchers_of(case_id)
    new = concerned - set(unread.values_list("person", flat=True))
    add_lines(case_id, InboxItem.Kind.GOES_ON, new, at=at)
    return len(new)


def mark_all_read(*, by: User, at: dt.datetime) -> int:
    """How many lines there were."""
    return InboxItem.objects.filter(person=by, read_at=None).update(read_at=at)


def delete_old_inbox(*, at: dt.datetime) -> int:
    """Deletes lines of more than ninety days; how many there were."""
    deleted, _by_model = InboxItem.objects.filter(created_at__lte=at - LINES_KEPT).delete()
    return deleted
