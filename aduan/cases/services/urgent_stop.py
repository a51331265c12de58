"""One person stops an urgent block that no list has taken yet: its case goes back to review."""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from aduan.accounts.models import User
from aduan.accounts.roles import Permission
from aduan.cases.models import Block, Case
from aduan.cases.queries.urgent import may_stop_urgent, urgent_block_of
from aduan.cases.services.closures import require_text
from aduan.cases.services.enforcement import release_blocks
from aduan.cases.services.transitions import apply_transition, lock_case
from aduan.cases.workflow import CaseAction
from aduan.core.errors import Forbidden, WrongState


@transaction.atomic
def stop_urgent(case: Case, *, by: User, at: dt.datetime, delay: dt.timedelta, reason: str) -> Case:
    """Takes the decision back within `delay` of it; two people have to decide again.

    Frees no one: nothing was published. Raises Forbidden for anyone but a signer or a lead, WrongState when
    there is no urgent block any more, or a list may have taken it.
    """
    by.require(Permission.VIEW_CASES)
    case = lock_case(case)
    require_text(reason)
    block = urgent_block_of(case)
    if block is None or at >= block.confirmed_at + delay:
        raise WrongState(
            "too_late_to_stop",
            _("It is too late to stop this here. Ask for a release: a second person confirms it."),
        )
    if not may_stop_urgent(by, block):
        raise Forbidden("not_a_signer", _("Only those who signed it, or a lead, can stop an urgent block."))
    detail = {"proposal": block.proposal_id}
    apply_transition(case, CaseAction.STOP_URGENT, by=by, at=at, reason=reason.strip(), detail=detail)
    try:
        with transaction.atomic():
            release_blocks(case, by=by, at=at, reason=Block.ReleaseReason.STOPPED)
    except IntegrityError as error:  # the database saw that a list has it already
        raise WrongState("too_late_to_stop", _("A list has taken this number already.")) from error
    return case
