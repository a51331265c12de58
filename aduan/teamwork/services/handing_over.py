"""Giving cases to people: a colleague hands one over, a lead assigns one or many."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from aduan.accounts.models import User
from aduan.accounts.roles import Permission
from aduan.cases.models import Case
from aduan.cases.services import claim, give_case
from aduan.cases.services.transitions import lock_case, lock_cases, require_available
from aduan.core.audit_actions import AuditAction
from aduan.core.errors import DomainError, Forbidden, Invalid
from aduan.teamwork import queries
from aduan.teamwork.models import InboxItem


@dataclass(frozen=True, slots=True)
class Assigned:
    """The cases that went to the person, and those that could not, with why."""

    done: tuple[Case, ...]
    refused: tuple[tuple[Case, DomainError], ...]


@transaction.atomic
def hand_over(case: Case, *, to: User, by: User, at: dt.datetime) -> Case:
    """Gives a case that this person holds, or that is free, to a colleague for a day."""
    if not (by.has_permission(Permission.DECIDE) or by.has_permission(Permission.SIGN_OFF)):
        raise Forbidden(
            "not_permitted", _("You do not have the permission for this."), permission=Permission.DECIDE
        )
    _require_present(to, at)
    case = lock_case(case)
    require_available(case, by=by, at=at)
    if to.pk == by.pk:
        raise Invalid("to_oneself", _("Choose another person."), field="to")
    give_case(case, to=to, by=by, at=at, audit_as=AuditAction.CASE_HAND_OVER)
    _put_in_inbox(case, to, by, at, InboxItem.Kind.HANDED_OVER)
    return case


@transaction.atomic
def assign_cases(cases: Sequence[Case], *, to: User, by: User, at: dt.datetime) -> Assigned:
    """A lead gives cases to one person for a day, also from others; what cannot go there stays as it was."""
    by.require(Permission.ASSIGN)
    _require_present(to, at)
    done: list[Case] = []
    refused: list[tuple[Case, DomainError]] = []
    for case in lock_cases(list(cases)):
        try:
            give_case(case, to=to, by=by, at=at, audit_as=AuditAction.CASE_ASSIGN)
        except DomainError as refusal:
            refused.append((case, refusal))
            continue
        done.append(case)
        if to.pk != by.pk:
            _put_in_inbox(case, to, by, at, InboxItem.Kind.ASSIGNED)
    return Assigned(tuple(done), tuple(refused))


@transaction.atomic
def take_case(case: Case, *, by: User, at: dt.datetime) -> Case:
    """Claims the case. Raises Invalid while this person is marked away: no case stays with them."""
    _require_present(by, at)
    return claim(case, by=by, at=at)


def _require_present(to: User, at: dt.datetime) -> None:
    """Waits for who marks this person away at the same moment."""
    User.objects.select_for_update(of=("self",), no_key=True).get(pk=to.pk)
    if queries.is_away(to, at=at):
        raise Invalid("away", _("%(name)s is away.") % {"name": to}, field="to")


def _put_in_inbox(case: Case, to: User, by: User, at: dt.datetime, kind: InboxItem.Kind) -> None:
    InboxItem.objects.create(person=to, case=case, kind=kind, by=by, created_at=at)
