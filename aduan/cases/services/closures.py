"""Steps that one person may take alone, because none of them cuts a line."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from aduan.accounts.models import User
from aduan.accounts.roles import Permission
from aduan.cases.models import Block, CannedReason, Case
from aduan.cases.notices import NoticeText
from aduan.cases.services.closure_pace import (
    CLOSES,
    closes_faster_than_read,
    serialize_closures,
    watch_daily_sum,
)
from aduan.cases.services.enforcement import release_blocks
from aduan.cases.services.quality_sampling import maybe_sample
from aduan.cases.services.seen_contents import require_seen_contents
from aduan.cases.services.transitions import apply_transition, lock_case, require_available
from aduan.cases.workflow import LIVE, CaseAction
from aduan.core.errors import Invalid, WrongState

REASON_MAX = 4000


@transaction.atomic
def request_information(
    case: Case,
    *,
    by: User,
    at: dt.datetime,
    seen_digest: str,
    reason_code: str,
    note: str = "",
    notice: NoticeText | None = None,
    undo_within: dt.timedelta = dt.timedelta(0),
) -> Case:
    """Asks the complainants for what is missing; the clock stands still until one of them answers."""
    return _close_one(
        case,
        CaseAction.ASK,
        by=by,
        at=at,
        seen_digest=seen_digest,
        reason_code=reason_code,
        note=note,
        notice=notice,
        undo_within=undo_within,
    )


@transaction.atomic
def dismiss(
    case: Case,
    *,
    by: User,
    at: dt.datetime,
    seen_digest: str,
    reason_code: str,
    note: str = "",
    notice: NoticeText | None = None,
    undo_within: dt.timedelta = dt.timedelta(0),
) -> Case:
    """Closes the case without action. A later complaint opens it again."""
    return _close_one(
        case,
        CaseAction.DISMISS,
        by=by,
        at=at,
        seen_digest=seen_digest,
        reason_code=reason_code,
        note=note,
        notice=notice,
        undo_within=undo_within,
    )


@transaction.atomic
def declare_not_ours(
    case: Case,
    *,
    by: User,
    at: dt.datetime,
    seen_digest: str,
    reason_code: str,
    note: str = "",
    notice: NoticeText | None = None,
    undo_within: dt.timedelta = dt.timedelta(0),
) -> Case:
    """Closes the case as another person's matter; the complainants are notified whose."""
    return _close_one(
        case,
        CaseAction.DECLARE_NOT_OURS,
        by=by,
        at=at,
        seen_digest=seen_digest,
        reason_code=reason_code,
        note=note,
        notice=notice,
        undo_within=undo_within,
    )


@transaction.atomic
def reopen(case: Case, *, by: User, at: dt.datetime, reason: str) -> Case:
    """Takes a closed or referred case up again; its referral ends, so that nothing is in force meanwhile.

    Raises WrongState when the number has another live case.
    """
    by.require(Permission.DECIDE)
    case = lock_case(case)
    require_available(case, by=by, at=at)
    require_text(reason)
    require_no_other_live(case)
    apply_transition(case, CaseAction.REOPEN, by=by, at=at, reason=reason)
    release_blocks(case, by=by, at=at, reason=Block.ReleaseReason.REOPENED)
    return case


def _close_one(case: Case, action: CaseAction, *, by: User, at: dt.datetime, **given: Any) -> Case:
    case = close_or_request(lock_case(case), action, by=by, at=at, **given)
    watch_daily_sum(action, by=by, cases=1, at=at)
    return case


def close_or_request(
    case: Case,
    action: CaseAction,
    *,
    by: User,
    at: dt.datetime,
    seen_digest: str,
    reason_code: str,
    note: str,
    notice: NoticeText | None = None,
    undo_within: dt.timedelta = dt.timedelta(0),
) -> Case:
    """The common part of the steps above and in bulk, on a locked case, over the contents this person saw.

    `note` is for colleagues and never shown to a complainant; `notice` replaces the reason's standard text.
    Until `undo_within` is over no complainant hears of it, and its author can take it back.
    """
    by.require(Permission.DECIDE)
    require_available(case, by=by, at=at)
    require_seen_contents(case, seen_digest)
    require_reason(reason_code, action)
    serialize_closures(by)
    require_short(note)
    event = apply_transition(
        case,
        action,
        by=by,
        at=at,
        reason=note.strip(),
        detail={"reason_code": reason_code, "digest": seen_digest},
        notice=notice,
        undo_within=undo_within,
    )
    maybe_sample(event, deciders=[by], certainly=_must_be_read_again(case, action, by=by, at=at))
    return case


def _must_be_read_again(case: Case, action: CaseAction, *, by: User, at: dt.datetime) -> bool:
    """A closure of what spoke for a block, or one too many within the hour to have been read."""
    if action not in CLOSES:
        return False
    return bool(case.confirmed_count and case.evidence_count) or closes_faster_than_read(by, at=at)


def require_reason(code: str, action: CaseAction) -> None:
    """Raises Invalid unless the code names a reason that is offered for this step."""
    if not CannedReason.objects.filter(code=code, action=action, active=True).exists():
        raise Invalid("reason_unknown", _("Choose one of the offered reasons."), field="reason_code")


def require_text(reason: str) -> None:
    if not reason.strip():
        raise Invalid("reason_missing", _("Say why, in a few words."), field="reason")
    require_short(reason)


def require_short(reason: str) -> None:
    if len(reason) > REASON_MAX:
        raise Invalid("reason_too_long", _("Keep the reason under %(max)d characters.") % {"max": REASON_MAX})


def require_no_other_live(case: Case) -> None:
    other = Case.objects.filter(number_id=case.number_id, status__in=LIVE).exclude(pk=case.pk).first()
    if other is not None:
        raise WrongState(
            "other_case_live",
            _("The number already has a newer case: %(reference)s.") % {"reference": other.reference},
            case=other.pk,
        )
