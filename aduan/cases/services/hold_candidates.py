"""Which cases fulfil a criterion of the hold policy now, as complaints says; the desk shows them first."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from aduan.cases.models import Case, HoldCandidate, HoldGrounds
from aduan.cases.services.hold_endings import withdraw_pending
from aduan.cases.services.transitions import apply_transition, lock_case
from aduan.cases.workflow import CaseAction


@transaction.atomic
def note_hold_grounds(case: Case, *, grounds: HoldGrounds | None, at: dt.datetime) -> HoldCandidate | None:
    """What the complaints of a case amount to; None when no criterion is fulfilled (any more).

    The clock runs from the first moment at which any criterion was fulfilled. Without grounds a hold that
    waits for its second person is taken back.
    """
    if grounds is None:
        HoldCandidate.objects.filter(case=case).delete()
        _take_back(lock_case(case), at=at)
        return None
    candidate, new = HoldCandidate.objects.get_or_create(
        case=case, defaults={"grounds": grounds, "qualified_at": at}
    )
    if not new and candidate.grounds != grounds:
        candidate.grounds = grounds
        candidate.save(update_fields=["grounds"])
    return candidate


def _take_back(case: Case, *, at: dt.datetime) -> None:
    """A hold of this locked case that waits for its second person has lost its grounds."""
    if withdraw_pending(case, at=at):
        apply_transition(case, CaseAction.DECLINE_HOLD, by=None, at=at, detail={"grounds": None})
