"""Changes that give power: one administrator proposes, another confirms, and neither is the person.

Taking power away is in `services.users`: one administrator's act, at once.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from aduan.accounts.models import AccountChange, AccountPolicy, User
from aduan.accounts.roles import WAITING_ROLES, Permission
from aduan.accounts.services.identity import require_free_identity, require_staff_roles
from aduan.accounts.services.own_account import require_other_person
from aduan.accounts.services.step_up import record_step_up
from aduan.accounts.step_up import StepUp
from aduan.core import audit_log
from aduan.core.audit_actions import AuditAction
from aduan.core.errors import Forbidden, Invalid, WrongState

REASON_MAX = 500


@transaction.atomic
def propose_roles(
    user: User, roles: Iterable[str], *, by: User, at: dt.datetime, step_up: StepUp, reason: str
) -> AccountChange:
    """Asks for roles that the person does not have yet; `roles` are all that they have afterwards."""
    given = require_staff_roles(roles)
    if set(given) <= set(user.roles):
        raise Invalid("nothing_gained", _("The person has these roles already."), field="roles")
    return _propose(
        AccountChange(person=user, kind=AccountChange.Kind.ROLES, roles=given), by, at, step_up, reason
    )


@transaction.atomic
def propose_identity(
    user: User,
    *,
    name: str,
    email: str,
    staff_number: str,
    by: User,
    at: dt.datetime,
    step_up: StepUp,
    reason: str,
) -> AccountChange:
    """Asks for another name, address or staff number of the same person."""
    name, email, staff_number = require_free_identity(name, email, staff_number, of=user)
    if (name, email, staff_number) == (user.name, user.email, user.staff_number):
        raise Invalid(
            "nothing_changed", _("Nothing of this differs from what is written down."), field="name"
        )
    change = AccountChange(
        person=user, kind=AccountChange.Kind.IDENTITY, name=name, email=email, staff_number=staff_number
    )
    return _propose(change, by, at, step_up, reason)


@transaction.atomic
def propose_second_factor_reset(
    user: User, *, by: User, at: dt.datetime, step_up: StepUp, reason: str
) -> AccountChange:
    """Asks to take the person's second factor off, because it is lost. The interface removes it."""
    return _propose(
        AccountChange(person=user, kind=AccountChange.Kind.SECOND_FACTOR), by, at, step_up, reason
    )


@transaction.atomic
def propose_reactivation(
    user: User, *, by: User, at: dt.datetime, step_up: StepUp, reason: str
) -> AccountChange:
    if user.is_active:
        raise WrongState("active_already", _("This log-in is active."))
    return _propose(AccountChange(person=user, kind=AccountChange.Kind.REACTIVATE), by, at, step_up, reason)


@transaction.atomic
def confirm_account_change(
    change: AccountChange, *, by: User, at: dt.datetime, step_up: StepUp
) -> AccountChange:
    """A second administrator agrees, and the change takes effect.

    Returns the change with its person as they are now. Raises Forbidden for its proposer and its person.
    """
    change = _pending(change, by)
    user = User.objects.select_for_update().get(pk=change.person_id)
    if by.same_human(change.proposed_by):
        raise Forbidden("same_person", _("You proposed this. Another administrator has to confirm it."))
    require_other_person(user, by=by)
    _require_mailbox(change.email)
    seen = (change.name, change.email, change.staff_number)
    if change.kind != AccountChange.Kind.IDENTITY and seen != (user.name, user.email, user.staff_number):
        raise WrongState(
            "person_changed", _("Name or address changed meanwhile. Refuse it and propose it again.")
        )
    if not change.proposed_by.has_permission(Permission.MANAGE_PEOPLE):
        raise WrongState("proposer_left", _("Its proposer no longer administers log-ins. Propose it again."))
    evidence = record_step_up(
        step_up, by=by, act=AuditAction.USER_CONFIRM_CHANGE, subject=f"account_change:{change.pk}", at=at
    )
    change.state, change.settled_by, change.settled_at = AccountChange.State.CONFIRMED, by, at
    change.settled_step_up = evidence
    change.save(update_fields=["state", "settled_by", "settled_at", "settled_step_up"])
    _apply(change, user, at)
    change.person = user
    _record(AuditAction.USER_CONFIRM_CHANGE, change, by=by, at=at)
    return change


@transaction.atomic
def refuse_account_change(change: AccountChange, *, by: User, at: dt.datetime) -> AccountChange:
    """Ends a proposal: its proposer takes it back, or another administrator refuses it."""
    change = _pending(change, by)
    change.state, change.settled_by, change.settled_at = AccountChange.State.REFUSED, by, at
    change.save(update_fields=["state", "settled_by", "settled_at"])
    _record(AuditAction.USER_REFUSE_CHANGE, change, by=by, at=at)
    return change


def withdraw_changes_of(person: User, *, by: User, at: dt.datetime) -> int:
    """Ends what a person who left had proposed or was to receive. Returns how many."""
    waiting = AccountChange.objects.select_for_update(of=("self",)).filter(state=AccountChange.State.PENDING)
    ended = [*waiting.filter(proposed_by=person), *waiting.filter(person=person)]
    for change in ended:
        refuse_account_change(change, by=by, at=at)
    return len(ended)


def _propose(change: AccountChange, by: User, at: dt.datetime, step_up: StepUp, reason: str) -> AccountChange:
    by.require(Permission.MANAGE_PEOPLE)
    person = change.person
    require_other_person(person, by=by)
    if change.kind != AccountChange.Kind.IDENTITY:
        change.name, change.email, change.staff_number = person.name, person.email, person.staff_number
    _require_mailbox(change.email)
    change.reason = reason.strip()
    if not change.reason or len(change.reason) > REASON_MAX:
        raise Invalid(
            "reason_missing",
            _("Say why, in at most %(max)d characters.") % {"max": REASON_MAX},
            field="reason",
        )
    subject = f"user:{change.person_id}"
    change.proposed_step_up = record_step_up(
        step_up, by=by, act=AuditAction.USER_PROPOSE_CHANGE, subject=subject, at=at
    )
    change.proposed_by, change.proposed_at = by, at
    try:
        with transaction.atomic():
            change.save(force_insert=True)
    except IntegrityError as error:
        if "one_pending_change_per_person" not in str(error):
            raise
        raise WrongState(
            "change_pending", _("A change of this person waits already: confirm or refuse that one first.")
        ) from error
    _record(AuditAction.USER_PROPOSE_CHANGE, change, by=by, at=at)
    return change


def _pending(change: AccountChange, by: User) -> AccountChange:
    by.require(Permission.MANAGE_PEOPLE)
    locked = AccountChange.objects.select_for_update(of=("self",)).select_related("proposed_by", "person")
    change = locked.get(pk=change.pk)
    if change.state != AccountChange.State.PENDING:
        raise WrongState("change_settled", _("This was settled already."))
    return change


def _apply(change: AccountChange, user: User, at: dt.datetime) -> None:
    """The trigger `account_user_power` compares the result with the change."""
    gained = set(change.roles) - set(user.roles)
    if change.kind == AccountChange.Kind.ROLES:
        user.roles = change.roles
    elif change.kind == AccountChange.Kind.IDENTITY:
        user.name, user.email, user.staff_number = change.name, change.email, change.staff_number
    elif change.kind == AccountChange.Kind.REACTIVATE:
        user.is_active = True
    first = bool(gained) and user.roles_granted_at is None
    if (
        change.kind in (AccountChange.Kind.REACTIVATE, AccountChange.Kind.SECOND_FACTOR)
        or first
        or gained & WAITING_ROLES
    ):
        user.roles_granted_at = at
    user.last_change = change
    user.save()


def _require_mailbox(email: str) -> None:
    domains = AccountPolicy.current().mail_domains
    if domains and email.lower().rpartition("@")[2] not in domains:
        raise Invalid(
            "mailbox_not_official",
            _("Only these mailboxes are official: %(domains)s.") % {"domains": ", ".join(domains)},
            field="email",
        )


def _record(action: AuditAction, change: AccountChange, *, by: User, at: dt.datetime) -> None:
    detail = {"account_change": change.pk, "kind": str(change.kind)}
    if change.kind == AccountChange.Kind.ROLES:
        detail["roles"] = change.roles
    audit_log.record(action, actor=f"user:{by.pk}", subject=f"user:{change.person_id}", at=at, detail=detail)
