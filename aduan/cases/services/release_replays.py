"""Blocks and holds that a restored backup brought back although they had ended: they end again."""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from aduan.accounts.models import User
from aduan.cases.models import Block, Case, Hold
from aduan.cases.queries import HoldEnd, Lift, Release
from aduan.cases.services.enforcement import release_blocks
from aduan.cases.services.hold_endings import end_holds_of
from aduan.cases.services.releases import record_objection
from aduan.cases.services.replays import REPLAYED, replay_request
from aduan.cases.services.temporary_lifts import lift_temporarily
from aduan.cases.services.transitions import apply_transition
from aduan.cases.workflow import CaseAction, Status
from aduan.core.errors import Forbidden, WrongState

ReleaseReason = Block.ReleaseReason
# Releases after which the case is open again, not closed.
_OPENS_AGAIN: Final = {
    ReleaseReason.STOPPED: CaseAction.STOP_URGENT,
    ReleaseReason.REOPENED: CaseAction.REOPEN,
}


@transaction.atomic
def replay_release(line: Release, *, at: dt.datetime) -> bool:
    """Releases again a block that a restored backup brought back; whether it did. Safe to repeat.

    The audit log of the release is gone; the case's history names the replay, and the request of the two
    people is written again from the journal. Raises Forbidden when the restored state knows too little of
    them: then two people have to release the block again.
    """
    case = Case.locked().filter(pk=line["case"]).first()
    if case is None or case.status not in (Status.CONFIRMED, Status.REFERRED):
        return False
    if not case.blocks.filter(proposal_id=line["proposal"], released_at=None).exists():
        return False
    try:
        with transaction.atomic():
            _release(case, line, at=at)
    except IntegrityError as error:
        raise Forbidden(
            "release_refused", _("The restored state does not show the grounds of this release.")
        ) from error
    return True


@transaction.atomic
def replay_hold_end(line: HoldEnd, *, at: dt.datetime) -> bool:
    """Ends again a hold that a restored backup brought back; whether it did. Safe to repeat."""
    case = Case.locked().filter(pk=line["case"]).first()
    if case is None:
        return False
    confirmed_at = dt.datetime.fromisoformat(line["confirmed_at"])
    if not case.holds.filter(confirmed_at=confirmed_at, ended_at=None).exists():
        return False
    reason = Hold.EndReason(line["reason"])
    return end_holds_of(case, reason=reason, by=None, at=at, note=REPLAYED) > 0


@transaction.atomic
def replay_lift(line: Lift, *, at: dt.datetime) -> bool:
    """Lifts again what a restored backup brought back; whether it did. Safe to repeat.

    The journal vouches for the proof. The objection itself may be lost: the case waits for the answer of two
    people all the same, and no list carries the number meanwhile.
    """
    case = Case.objects.filter(pk=line["case"]).first()
    if case is None:
        return False
    try:
        with transaction.atomic():
            lift_temporarily(record_objection(case, at=at), at=at)
    except WrongState:  # nothing is in force, or it was lifted before
        return False
    return True


def _release(case: Case, line: Release, *, at: dt.datetime) -> None:
    reason, detail = ReleaseReason(line["reason"]), {"replayed_from": line["at"]}
    if reason in _OPENS_AGAIN:
        by = User.objects.filter(pk=line.get("by") or 0).first()
        apply_transition(case, _OPENS_AGAIN[reason], by=by, at=at, reason=REPLAYED, detail=detail)
        # On the day it was stopped one person does it: later it takes two.
        ended_at = dt.datetime.fromisoformat(line["at"]) if reason == ReleaseReason.STOPPED else at
        release_blocks(case, by=by, at=ended_at, reason=reason)
        return
    if reason == ReleaseReason.RECYCLED:
        apply_transition(case, CaseAction.ANSWER, by=None, at=at, detail={"answer": "recycled", **detail})
    under = replay_request(case, line["request"]) if line["request"] else None
    release_blocks(case, by=under.settled_by if under else None, at=at, reason=reason, under=under)
    detail |= {"reason_code": reason}
    apply_transition(case, CaseAction.RELEASE, by=None, at=at, detail=detail)
