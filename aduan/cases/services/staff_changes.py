"""What follows in cases when a person begins or stops to decide. The interface calls it with the change."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import Q

from aduan.accounts.models import User
from aduan.accounts.roles import Permission
from aduan.cases.models import Alarm, Case, CaseEvent, Proposal
from aduan.cases.services.lead_letters import write_to_leads
from aduan.cases.services.rate_limit import raise_alarm
from aduan.cases.services.transitions import apply_transition, audit_action, lock_cases
from aduan.cases.workflow import CaseAction
from aduan.core.audit_actions import AuditAction

_OPEN = (Proposal.State.PENDING, Proposal.State.DISPUTED)


@transaction.atomic
def withdraw_proposals_of(person: User, *, by: User, at: dt.datetime) -> int:
    """Takes back every open proposal that a person who no longer decides proposed or signed.

    Their cases go back to the queue: without this no signature could settle them. Returns how many.
    """
    by.require(Permission.MANAGE_PEOPLE)
    if person.has_permission(Permission.DECIDE):
        return 0
    theirs = Q(proposed_by=person)
    if not person.has_permission(Permission.SIGN_OFF):
        theirs |= Q(second_by=person)
    found = Proposal.objects.filter(theirs, state__in=_OPEN).select_related("case")
    cases = {case.pk: case for case in lock_cases([proposal.case for proposal in found])}
    still_open = Proposal.objects.filter(theirs, state__in=_OPEN, case__in=cases).order_by("pk")
    return sum(_withdraw(cases[proposal.case_id], proposal, by, at) for proposal in still_open)


def _withdraw(case: Case, proposal: Proposal, by: User, at: dt.datetime) -> int:
    """The event is the system's: the administrator knows the person, not the case."""
    before = case.status
    proposal.state, proposal.settled_at = Proposal.State.RETRACTED, at
    proposal.save(update_fields=["state", "settled_at"])
    event = apply_transition(
        case,
        CaseAction.RETRACT,
        by=None,
        at=at,
        system_reason=CaseEvent.SystemReason.SIGNER_LEFT,
        detail={"proposal": proposal.pk},
    )
    detail = {"event": event.pk, "before": before, "after": case.status, "proposal": proposal.pk}
    audit_action(case, AuditAction.CASE_RETRACT, by=by, at=at, detail=detail)
    return 1


@transaction.atomic
def announce_new_decider(person: User, *, at: dt.datetime) -> None:
    """An alarm on the dashboard, and a letter to every lead, for each person who begins to decide."""
    raise_alarm(Alarm.Kind.NEW_DECIDER, person=person, at=at, detail={"roles": sorted(person.roles)})
    context = {"name": person.name, "staff_number": person.staff_number}
    write_to_leads(
        "new_decider", once=f"new_decider:{person.pk}:{person.last_change_id}", context=context, at=at
    )
