"""Which cases fulfil a criterion of the hold policy now, as complaints says; the desk shows them first."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from aduan.cases.models import Case, HoldCandidate, HoldGrounds


@transaction.atomic
def note_hold_grounds(case: Case, *, grounds: HoldGrounds | None, at: dt.datetime) -> HoldCandidate | None:
    """What the complaints of a case amount to; None when no criterion is fulfilled (any more).

    The clock runs from the first moment at which any criterion was fulfilled.
    """
    if grounds is None:
        HoldCandidate.objects.filter(case=case).delete()
        return None
    candidate, new = HoldCandidate.objects.get_or_create(
        case=case, defaults={"grounds": grounds, "qualified_at": at}
    )
    if not new and candidate.grounds != grounds:
        candidate.grounds = grounds
        candidate.save(update_fields=["grounds"])
    return candidate
