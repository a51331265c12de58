"""Which numbers are held now, and under which rules. A list of the hold series is built from this alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection
from django.db.models import F, Max, Q

from aduan.accounts.models import User
from aduan.accounts.queries import log_ins_of
from aduan.cases.hold_rules import may_be_held_again
from aduan.cases.models import Block, Case, Hold, HoldPolicy, TemporaryLift
from aduan.cases.workflow import ProposalType
from aduan.core.periods import local_date


@dataclass(frozen=True, slots=True)
class HeldNumber:
    """One entry of a hold list. `digits` is E.164 without `+`, `ends_at` has whole seconds (UTC)."""

    hold_id: int
    case_id: int
    digits: int
    category: str
    confirmed_at: dt.datetime
    ends_at: dt.datetime
    legal_reference: str


def holds_in_force(operator_id: int, *, at: dt.datetime) -> list[HeldNumber]:
    """The holds of one operator that are in force at this moment and not lifted, by number."""
    rows = (
        Hold.objects.filter(
            operator_id=operator_id,
            state=Hold.State.CONFIRMED,
            ended_at=None,
            confirmed_at__lte=at,
            ends_at__gt=at,
        )
        .exclude(lift__in=TemporaryLift.objects.filter(ended_at=None))
        .annotate(legal_code=F("policy__legal_reference__code"))
    )
    return [
        HeldNumber(
            hold_id=row.pk,
            case_id=row.case_id,
            digits=row.digits,
            category=row.category,
            confirmed_at=row.confirmed_at,
            ends_at=row.ends_at,
            legal_reference=row.legal_code,
        )
        for row in rows.order_by("digits")
        if row.confirmed_at is not None and row.ends_at is not None
    ]


def case_is_held(case: Case, *, at: dt.datetime) -> bool:
    """Whether a hold of this case is in force at this moment, lifted or not."""
    rows = Hold.objects.filter(case=case, state=Hold.State.CONFIRMED, ended_at=None)
    return rows.filter(confirmed_at__lte=at, ends_at__gt=at).exists()


def measure_in_force(case: Case, *, at: dt.datetime) -> tuple[Block | None, Hold | None]:
    """The block of a case that is in force, lifted or not, else its hold."""
    today = local_date(at)
    blocks = case.blocks.filter(requested_action=ProposalType.BLOCK, released_at=None)
    block = blocks.filter(valid_from__lte=today, valid_until__gt=today).first()
    if block is not None:
        return block, None
    holds = case.holds.filter(state=Hold.State.CONFIRMED, ended_at=None, ends_at__gt=at)
    return None, holds.first()


def operators_with_holds(*, since: dt.datetime) -> list[int]:
    """Operators for whom a hold began or ended, or could have ended by itself, since this moment."""
    begun = Hold.objects.filter(confirmed_at__gte=since)
    ended = Hold.objects.filter(ended_at__gte=since)
    lapsing = Hold.objects.filter(state=Hold.State.CONFIRMED, ended_at=None)
    found = begun.values("operator_id").union(ended.values("operator_id"), lapsing.values("operator_id"))
    return sorted(row["operator_id"] for row in found)


def hold_policy(*, at: dt.datetime) -> HoldPolicy | None:
    """The rules in force at this moment; None without any, or without their legal reference in force."""
    today = local_date(at)
    rows = HoldPolicy.objects.select_related("legal_reference")
    return rows.filter(valid__contains=today, legal_reference__valid__contains=today).first()


def hold_refusal(case: Case, policy: HoldPolicy, *, at: dt.datetime) -> str:
    """Why the number of this case may not be held now, as the database says it; empty when it may."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT cases_hold_allowed(%s, %s, %s, %s)", [policy.pk, case.number_id, case.pk, at])
        [refusal] = cursor.fetchone() or [""]
    if refusal:
        return str(refusal)
    last = Hold.objects.filter(number_id=case.number_id, confirmed_at__isnull=False).aggregate(
        at=Max("confirmed_at")
    )["at"]
    return "" if may_be_held_again(last, policy.again_after, at=at) else "hold_once_in_days"


def above_quota(policy: HoldPolicy, people: Iterable[User], *, at: dt.datetime) -> bool:
    """Whether one more hold signed by these people exceeds the quota of the hour, in all or of one human."""
    recent = Hold.objects.filter(confirmed_at__gt=at - dt.timedelta(hours=1))
    if recent.count() >= policy.hourly_quota:
        return True
    return any(
        recent.filter(Q(proposed_by__in=log_ins) | Q(second_by__in=log_ins)).count() >= policy.personal_quota
        for log_ins in map(log_ins_of, people)
    )
