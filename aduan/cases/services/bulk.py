"""The same step on many cases. Never a block: each block has its own page and its own two signatures."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from aduan.accounts.models import User
from aduan.cases.models import Case
from aduan.cases.notices import NoticeText
from aduan.cases.services.closure_pace import watch_daily_sum
from aduan.cases.services.closures import close_or_request
from aduan.cases.services.transitions import lock_cases
from aduan.cases.services.undo import undo
from aduan.cases.workflow import CaseAction
from aduan.core.errors import DomainError, Invalid

LIMIT: Final = 100


@dataclass(frozen=True, slots=True)
class SelectedCase:
    """One case of several that a person has looked at and named: what they saw and rely on."""

    case: Case
    seen_digest: str
    evidence_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class BulkResult:
    """What became of each case: done, or refused and why (the refusals keep their `code` and `message`)."""

    done: tuple[int, ...]
    refused: tuple[tuple[int, DomainError], ...]


def bulk_dismiss(
    listed: Sequence[SelectedCase],
    *,
    by: User,
    at: dt.datetime,
    reason_code: str,
    note: str = "",
    notice: NoticeText | None = None,
    undo_within: dt.timedelta = dt.timedelta(0),
) -> BulkResult:
    """Closes up to a hundred cases without action, each over what was seen of it and with its own event."""
    given = {"reason_code": reason_code, "note": note, "notice": notice, "undo_within": undo_within}
    return _each(listed, CaseAction.DISMISS, by=by, at=at, given=given)


def bulk_request_information(
    listed: Sequence[SelectedCase],
    *,
    by: User,
    at: dt.datetime,
    reason_code: str,
    note: str = "",
    notice: NoticeText | None = None,
    undo_within: dt.timedelta = dt.timedelta(0),
) -> BulkResult:
    """Asks the complainants of up to a hundred cases for what is missing, each over what was seen of it."""
    given = {"reason_code": reason_code, "note": note, "notice": notice, "undo_within": undo_within}
    return _each(listed, CaseAction.ASK, by=by, at=at, given=given)


def undo_each(cases: Sequence[Case], *, by: User, at: dt.datetime) -> BulkResult:
    """Takes back what this person closed or asked at once; what has moved on is refused by itself."""
    done: list[int] = []
    refused: list[tuple[int, DomainError]] = []
    for case in sorted(cases[:LIMIT], key=lambda one: one.pk):
        try:
            undo(case, by=by, at=at)
            done.append(case.pk)
        except DomainError as refusal:
            refused.append((case.pk, refusal))
    return BulkResult(tuple(done), tuple(refused))


@transaction.atomic
def _each(
    listed: Sequence[SelectedCase], action: CaseAction, *, by: User, at: dt.datetime, given: dict[str, Any]
) -> BulkResult:
    if not 0 < len(listed) <= LIMIT:
        raise Invalid("too_many", _("Choose between 1 and %(limit)d cases.") % {"limit": LIMIT}, limit=LIMIT)
    done: list[int] = []
    refused: list[tuple[int, DomainError]] = []
    seen = {one.case.pk: one.seen_digest for one in listed}
    for case in lock_cases([one.case for one in listed]):
        try:
            with transaction.atomic():
                close_or_request(case, action, by=by, at=at, seen_digest=seen[case.pk], **given)
            done.append(case.pk)
        except DomainError as refusal:
            refused.append((case.pk, refusal))
    if done:
        watch_daily_sum(action, by=by, cases=len(done), at=at)
    return BulkResult(tuple(done), tuple(refused))
