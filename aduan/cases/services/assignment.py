"""Who works on what: taking a case, giving it back, and being given the next one."""

from __future__ import annotations

import datetime as dt
import random
from typing import Final, Literal

from django.db import transaction
from django.db.models import Exists, F, Max, Min, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from aduan.accounts.models import User
from aduan.accounts.roles import Permission
from aduan.cases.clocks import GIVEN, LEASE
from aduan.cases.models import Case, CasePresence, Proposal, RankingPolicy
from aduan.cases.services.presence import note_given, skipped_by
from aduan.cases.services.transitions import audit_action, lock_case, require_available
from aduan.cases.workflow import IN_QUEUE, Status, not_possible_in
from aduan.core.audit_actions import AuditAction
from aduan.core.errors import Forbidden, Invalid

Task = Literal["first", "signature"]
DICE: Final = random.SystemRandom()


@transaction.atomic
def claim(case: Case, *, by: User, at: dt.datetime) -> Case:
    """Takes the case for half an hour, or keeps it for another half hour."""
    _require_caseworker(by)
    case = lock_case(case)
    require_available(case, by=by, at=at)
    if case.status not in IN_QUEUE:
        raise not_possible_in(case.status)
    return _hold(case, by, at)


@transaction.atomic
def unassign(case: Case, *, by: User, at: dt.datetime) -> Case:
    """Gives the case back to the queue. Raises WrongState when another person holds it."""
    _require_caseworker(by)
    case = lock_case(case)
    require_available(case, by=by, at=at)
    if case.held_by_id is not None:
        case.held_by = case.held_until = None
        case.save(update_fields=["held_by", "held_until"])
        audit_action(case, AuditAction.CASE_UNASSIGN, by=by, at=at)
    return case


@transaction.atomic
def next_case(*, by: User, at: dt.datetime, task: Task = "first") -> Case | None:
    """A case that no one holds, now held by this person; None when there is nothing to do.

    "first" gives cases that wait for a proposal, "signature" those that wait for this person as second or
    third. Two people who ask at the same moment get two cases. What others gave to this person comes first,
    what this person skipped last; between them what has waited longer than the policy's days, and then the
    oldest, any, or the first by rank, in the shares that the policy says.
    """
    _require_caseworker(by)
    policy, lot = RankingPolicy.current(), DICE.random() * 100
    waiting = Case.locked(skip_locked=True).exclude(conflicted_user_ids__contains=[by.pk])
    if by.phone:
        waiting = waiting.exclude(number_text=by.phone)
    if task == "first":
        by.require(Permission.DECIDE)
        waiting = waiting.filter(status=Status.OPEN)
    else:
        by.require(Permission.SIGN_OFF)
        waiting = waiting.filter(~Exists(_signed(by)), status__in=[Status.PROPOSED, Status.DISPUTED])
    waiting = waiting.order_by(F("score").desc(), F("id").desc())
    skipped = skipped_by(by, at=at).filter(case=OuterRef("pk"))
    given = waiting.filter(~Exists(skipped), held_by=by, held_until__gt=at + LEASE)
    free = waiting.filter(Q(held_by=None) | Q(held_until__lte=at))
    theirs = given.first()
    fresh = free.filter(~Exists(skipped))
    case = theirs or _drawn(fresh, policy, lot, at) or fresh.first() or free.first()
    if case is None:
        return None
    note_given(case, by=by, at=at, claimed=theirs is None)
    return _hold(case, by, at)


def _drawn(free: QuerySet[Case], policy: RankingPolicy, lot: float, at: dt.datetime) -> Case | None:
    """None where rank decides. `lot` is from 0 to 100. The days of waiting come before the shares."""
    oldest = free.filter(due_at__isnull=False).order_by("due_at", "pk")
    if (late := oldest.filter(due_at__lte=at - dt.timedelta(days=policy.longest_days)).first()) is not None:
        return late
    if lot < policy.oldest_percent:
        return oldest.first()
    if lot < policy.oldest_percent + policy.random_percent:
        return _any_of(oldest, (lot - policy.oldest_percent) / policy.random_percent)
    return None


def _any_of(oldest: QuerySet[Case], where: float) -> Case | None:
    """The first after a moment between the first and the last due date: found by the index, however many."""
    ends = oldest.aggregate(Min("due_at"), Max("due_at"))
    if ends["due_at__min"] is None:
        return None
    moment = ends["due_at__min"] + where * (ends["due_at__max"] - ends["due_at__min"])
    return oldest.filter(due_at__gte=moment).first()


def give_case(case: Case, *, to: User, by: User, at: dt.datetime, audit_as: AuditAction) -> Case:
    """Makes a locked case the work of `to` for a day. The caller has checked that `by` may do so.

    Raises Invalid when that person can do nothing on it: no caseworker, part of the case, or signed already.
    """
    if case.status not in IN_QUEUE:
        raise not_possible_in(case.status)
    permission = Permission.DECIDE if case.status in (Status.OPEN, Status.NEEDS_INFO) else Permission.SIGN_OFF
    if not to.has_permission(permission):
        raise Invalid("cannot_work", _("%(name)s cannot take the next step here.") % {"name": to}, field="to")
    if case.has_part(to):
        raise Invalid("has_part", _("%(name)s may not work on this case.") % {"name": to}, field="to")
    if _has_signed(case, to):
        raise Invalid("signed", _("%(name)s has signed here already.") % {"name": to}, field="to")
    case.held_by, case.held_until = to, at + GIVEN
    case.save(update_fields=["held_by", "held_until"])
    CasePresence.objects.filter(case=case, person=to).update(claimed=False)  # leaving does not give it back
    audit_action(case, audit_as, by=by, at=at, detail={"to": to.pk})
    return case


def _has_signed(case: Case, person: User) -> bool:
    unsettled = case.proposals.filter(state__in=[Proposal.State.PENDING, Proposal.State.DISPUTED])
    return unsettled.filter(Q(proposed_by=person) | Q(second_by=person)).exists()


def _signed(by: User) -> QuerySet[Proposal]:
    """The open proposal of the outer query's case, when this person's name is on it."""
    unsettled = Proposal.objects.filter(state__in=[Proposal.State.PENDING, Proposal.State.DISPUTED])
    return unsettled.filter(Q(proposed_by=by) | Q(second_by=by), case=OuterRef("pk"))


def _hold(case: Case, by: User, at: dt.datetime) -> Case:
    renewed = case.held_by_id == by.pk and bool(case.held_until and case.held_until > at)
    until = case.held_until if renewed else None
    case.held_by, case.held_until = by, max(at + LEASE, until or at)
    case.save(update_fields=["held_by", "held_until"])
    if not renewed:
        audit_action(case, AuditAction.CASE_CLAIM, by=by, at=at)
    return case


def _require_caseworker(by: User) -> None:
    if not (by.has_permission(Permission.DECIDE) or by.has_permission(Permission.SIGN_OFF)):
        raise Forbidden(
            "not_permitted", _("You do not have the permission for this."), permission=Permission.DECIDE
        )
