"""Change requests that a restored backup does not know, written again from the journal beside it."""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from aduan.accounts.services import replay_step_up
from aduan.cases.models import Case, ChangeRequest
from aduan.cases.queries import SignedRequest
from aduan.cases.services.change_requests import SETTLED
from aduan.core.errors import Forbidden

# The journal keeps no text of people; the reason is in the audit log of the lost state.
REPLAYED: Final = "replayed from the journal"


def replay_request(case: Case, signed: SignedRequest) -> ChangeRequest:
    """Writes the request and its confirmation again, once. The database checks the two people as ever.

    Raises Forbidden when it refuses them, e.g. because an account is younger than the backup.
    """
    of_case = signed["kind"] in (ChangeRequest.Kind.RELEASE, ChangeRequest.Kind.OBJECTION)
    known = ChangeRequest.objects.filter(
        kind=signed["kind"],
        case=case if of_case else None,
        pattern=signed["pattern"],
        state=ChangeRequest.State.CONFIRMED,
        settled_at=dt.datetime.fromisoformat(signed["settled_at"]),
    )
    if (found := known.first()) is not None:
        return found
    request = ChangeRequest(
        kind=signed["kind"],
        case=case if of_case else None,
        upheld=signed["upheld"],
        pattern=signed["pattern"],
        owner=signed["owner"],
        reason=REPLAYED,
        seen_digest=signed["seen_digest"],
        requested_by_id=signed["requested_by"],
        requested_at=dt.datetime.fromisoformat(signed["requested_at"]),
    )
    try:
        with transaction.atomic():
            _withdraw_pending(request)
            request.requested_evidence = replay_step_up(signed["requested_evidence"])
            request.save(force_insert=True)
            request.state = ChangeRequest.State.CONFIRMED
            request.settled_by_id = signed["settled_by"]
            request.settled_at = dt.datetime.fromisoformat(signed["settled_at"])
            request.settled_digest = signed["settled_digest"]
            request.settled_evidence = replay_step_up(signed["settled_evidence"])
            request.save(update_fields=SETTLED)
    except IntegrityError as error:
        raise Forbidden(
            "signature_refused",
            _("The restored state does not know these two people as people who may release a block."),
        ) from error
    return request


def _withdraw_pending(request: ChangeRequest) -> None:
    """The backup may hold the same request, still waiting: the journal's word is newer."""
    waiting = ChangeRequest.objects.filter(state=ChangeRequest.State.PENDING, pattern=request.pattern)
    for other in waiting.filter(case=request.case):
        other.state, other.settled_by_id = ChangeRequest.State.WITHDRAWN, other.requested_by_id
        other.settled_at, other.settled_reason = request.requested_at, REPLAYED
        other.save(update_fields=SETTLED)
