"""The owner proved the number is theirs: its block or hold is lifted, once, until two others decide."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from aduan.accounts.step_up import application_mac
from aduan.cases.models import Case, ChangeRequest, Hold, TemporaryLift
from aduan.cases.queries.holds import measure_in_force
from aduan.cases.services.hold_endings import end_holds_of
from aduan.cases.services.transitions import apply_transition, lock_case
from aduan.cases.workflow import CaseAction
from aduan.core.errors import WrongState


@transaction.atomic
def lift_temporarily(case: Case, *, at: dt.datetime) -> TemporaryLift:
    """No list carries the measure from now on, until the objection is decided.

    The caller vouches for the proof. Raises WrongState when no one objects, when nothing is in force, or
    when this block or hold was lifted before.
    """
    case = lock_case(case)
    if case.objection_since is None:
        raise WrongState("no_objection", _("There is no open objection in this case."))
    block, hold = measure_in_force(case, at=at)
    if block is None and hold is None:
        raise WrongState("nothing_to_lift", _("The block or the hold has ended in the meantime."))
    if TemporaryLift.objects.filter(block=block, hold=hold).exists():
        raise WrongState("lifted_before", _("It was lifted once already. Now it takes the decision."))
    lift = TemporaryLift(case=case, block=block, hold=hold, lifted_at=at)
    lift.lift_mac = application_mac("lift", lift.block_id, lift.hold_id, at)
    lift.save(force_insert=True)
    if block is not None:  # its hold may still be on a list, until the operator has the one with the block
        end_holds_of(case, reason=Hold.EndReason.LIFTED, by=None, at=at)
    detail = {"block": block.pk if block else None, "hold": hold.pk if hold else None}
    apply_transition(case, CaseAction.LIFT, by=None, at=at, detail=detail)
    return lift


def restore_lifted(case: Case, *, under: ChangeRequest, at: dt.datetime) -> bool:
    """The objection of this locked case was not right: the measure is back on the next list, at once.

    A hold comes back for what is left of its time only.
    """
    lifted = TemporaryLift.objects.filter(case=case, ended_at=None)
    restored = lifted.update(ended_at=at, outcome=TemporaryLift.Outcome.RESTORED, under=under)
    if restored:
        detail = {"request": under.pk}
        apply_transition(case, CaseAction.RESTORE, by=None, at=at, detail=detail)
    return restored > 0
