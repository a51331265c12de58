"""Which steps are open to a viewer now. Only for showing buttons: the services check again, and decide."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from aduan.accounts.models import User
from aduan.accounts.roles import Permission
from aduan.cases.models import Case, Proposal
from aduan.cases.queries.risk import outdated
from aduan.cases.workflow import IN_QUEUE, MOVES, CaseAction, Status

_STEPS: dict[str, CaseAction] = {
    "ask": CaseAction.ASK,
    "propose": CaseAction.PROPOSE,
    "dismiss": CaseAction.DISMISS,
    "declare_not_ours": CaseAction.DECLARE_NOT_OURS,
    "reopen": CaseAction.REOPEN,
}


def permitted_steps(
    viewer: User, case: Case, proposal: Proposal | None, *, three: bool, at: dt.datetime
) -> tuple[frozenset[str], str]:
    """The names of the services this viewer could call now; a sentence when a person stands in the way."""
    if case.has_part(viewer):
        return frozenset(), _("Your own contact is part of this case. Somebody else has to work on it.")
    if case.held_by_id not in (None, viewer.pk) and case.held_until and case.held_until > at:
        return frozenset(), _("%(name)s holds this case.") % {"name": case.held_by}
    steps: set[str] = set()
    if viewer.has_permission(Permission.DECIDE):
        steps |= {name for name, action in _STEPS.items() if (Status(case.status), action) in MOVES}
        if proposal and (proposal.proposed_by_id == viewer.pk or outdated(case, proposal, three=three)):
            steps.add("retract")
    if viewer.has_permission(Permission.SIGN_OFF):
        steps |= _signatures(viewer, proposal)
        steps |= {"release"} if case.status in (Status.CONFIRMED, Status.REFERRED) else set()
        steps |= {"settle_objection"} if case.objection_since else set()
    if case.status in IN_QUEUE and (
        viewer.has_permission(Permission.DECIDE) or viewer.has_permission(Permission.SIGN_OFF)
    ):
        steps.add("let_go" if case.held_by_id == viewer.pk else "claim")
    return frozenset(steps), ""


def _signatures(viewer: User, proposal: Proposal | None) -> set[str]:
    if proposal is None or viewer.pk in (proposal.proposed_by_id, proposal.second_by_id):
        return set()
    return {"sign_off"} if proposal.second_by_id is None else {"decide_third"}
