"""Leads are alerted of candidates for a hold that no one is at work to look at, or that wait too long."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from django.db import transaction

from aduan.accounts.models import User
from aduan.accounts.roles import Permission
from aduan.cases.models import Case, Hold, HoldCandidate
from aduan.cases.queries.hold_desk import candidates_to_alert
from aduan.cases.queries.holds import hold_policy
from aduan.cases.services.lead_letters import write_to_leads
from aduan.core.periods import JAKARTA
from aduan.numbers.parsing import format_number

_KEPT = dt.timedelta(hours=4)  # a letter about minutes is worth nothing later


@transaction.atomic
def alert_leads_of_candidates(*, at_work: Collection[int], at: dt.datetime) -> int:
    """Writes to every lead, once for each candidate. Returns how many candidates they were alerted of.

    `at_work` are the keys of people with a session in use. A candidate is reported at once when fewer than
    two of them can sign it, and after the policy's `attended_minutes` when it still waits for a signature.
    """
    policy = hold_policy(at=at)
    if policy is None:
        return 0
    patience = dt.timedelta(minutes=policy.attended_minutes)
    signers = _signers(at_work)
    alerted = 0
    for candidate in candidates_to_alert(at=at, policy=policy):
        unattended = len(signers - set(candidate.case.conflicted_user_ids)) < 2
        if unattended or at >= candidate.qualified_at + patience:
            alerted += _alert(candidate, unattended=unattended, at=at)
    return alerted


def _signers(at_work: Collection[int]) -> set[int]:
    people = User.objects.filter(pk__in=list(at_work), is_active=True)
    wanted = (Permission.SIGN_OFF, Permission.LEAD_HOLDS)
    return {one.pk for one in people if any(one.has_permission(right) for right in wanted)}


def _alert(candidate: HoldCandidate, *, unattended: bool, at: dt.datetime) -> int:
    claimed = HoldCandidate.objects.filter(pk=candidate.pk, leads_alerted_at=None).update(leads_alerted_at=at)
    if not claimed:
        return 0
    case: Case = candidate.case
    proposed = Hold.objects.filter(case=case, state=Hold.State.PENDING).exists()
    context = {
        "number": format_number(case.number_text),
        "reference": case.reference,
        "since": candidate.qualified_at.astimezone(JAKARTA).strftime("%H.%M"),
        "unattended": unattended,
        "proposed": proposed,
    }
    once = f"hold-alert:{case.pk}:{candidate.qualified_at.isoformat()}"
    write_to_leads("hold_alert", once=once, context=context, at=at, expires_at=at + _KEPT)
    return 1
