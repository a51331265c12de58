"""Making log-ins, and taking power away. Each change is in the audit log, in the same transaction.

What gives power takes two administrators: `services.changes`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from aduan.accounts.models import User
from aduan.accounts.roles import MINISTRY_ROLES, Permission
from aduan.accounts.services.changes import propose_roles, withdraw_changes_of
from aduan.accounts.services.identity import require_free_identity, require_staff_roles
from aduan.accounts.services.own_account import require_other_person
from aduan.accounts.step_up import StepUp
from aduan.core import audit_log
from aduan.core.audit_actions import AuditAction
from aduan.core.errors import Invalid
from aduan.core.models import AuditLogEntry


@transaction.atomic
def invite(
    *,
    email: str,
    name: str,
    staff_number: str,
    roles: Iterable[str],
    by: User,
    at: dt.datetime,
    step_up: StepUp,
    reason: str,
) -> User:
    """A new member of staff without a password and without a role, and the proposal of their roles.

    The interface sends the link to set a password when a second administrator has confirmed.
    """
    by.require(Permission.MANAGE_PEOPLE)
    given = require_staff_roles(roles)
    name, email, staff_number = require_free_identity(name, email, staff_number)
    user = User.objects.create_user(email, name=name, staff_number=staff_number)
    _record(AuditAction.USER_INVITE, user, by=by, at=at)
    propose_roles(user, given, by=by, at=at, step_up=step_up, reason=reason)
    return user


@transaction.atomic
def take_roles(user: User, roles: Iterable[str], *, by: User, at: dt.datetime) -> User:
    """Leaves a person only these of their roles, maybe none; in force at their next request."""
    user = _locked(user, by=by)
    left = sorted(set(roles))
    if not set(left) <= set(user.roles) & MINISTRY_ROLES:
        raise Invalid("roles_unknown", _("A role is given by two administrators."), field="roles")
    if sorted(user.roles) != left:
        user.roles = left
        user.save(update_fields=["roles"])
        _record(AuditAction.USER_SET_ROLES, user, by=by, at=at, roles=left)
        withdraw_changes_of(user, by=by, at=at)
    return user


@transaction.atomic
def deactivate(user: User, *, by: User, at: dt.datetime) -> User:
    """Ends all of a person's sessions at their next request. Nothing of what they did changes.

    Changes of accounts that they proposed, or were to receive, end. The interface withdraws their proposals
    about numbers (`cases.services.withdraw_proposals_of`).
    """
    user = _locked(user, by=by)
    if user.is_active:
        user.is_active = False
        user.save(update_fields=["is_active"])
        _record(AuditAction.USER_DEACTIVATE, user, by=by, at=at)
        withdraw_changes_of(user, by=by, at=at)
    return user


def note_log_in(user: User, *, at: dt.datetime) -> None:
    audit_log.record(AuditAction.USER_LOG_IN, actor=f"user:{user.pk}", subject=f"user:{user.pk}", at=at)


def note_failed_log_in(
    user: User, *, attempts: int | None, second_factor: bool, hour: dt.datetime, at: dt.datetime
) -> None:
    """A log-in as this person failed: so many times since `hour` began, by the caller's count.

    None where the caller cannot count: then it is on record once an hour, however many there are.
    """
    subject, detail = f"user:{user.pk}", {"second_factor": second_factor}
    if (
        attempts is None
        and AuditLogEntry.objects.filter(
            subject=subject, action=AuditAction.USER_FAIL_LOG_IN, at__gte=hour, detail__contains=detail
        ).exists()
    ):
        return
    audit_log.record(
        AuditAction.USER_FAIL_LOG_IN,
        actor="system",  # who tried is not known
        subject=subject,
        at=at,
        detail={**detail, "attempts": attempts},
    )


def note_security_change(user: User, *, change: str, at: dt.datetime) -> None:
    """A password or second factor was set, changed or removed by the person; `change` is a stable code."""
    audit_log.record(
        AuditAction.USER_CHANGE_CREDENTIALS,
        actor=f"user:{user.pk}",
        subject=f"user:{user.pk}",
        at=at,
        detail={"change": change},
    )


def note_end_of_sessions(user: User, *, sessions: int, at: dt.datetime) -> None:
    """A person logged out everywhere: of so many web sessions."""
    audit_log.record(
        AuditAction.USER_END_SESSIONS,
        actor=f"user:{user.pk}",
        subject=f"user:{user.pk}",
        at=at,
        detail={"sessions": sessions},
    )


def _locked(user: User, *, by: User) -> User:
    by.require(Permission.MANAGE_PEOPLE)
    require_other_person(user, by=by)
    return User.objects.select_for_update().get(pk=user.pk)


def _record(
    action: AuditAction, user: User, *, by: User, at: dt.datetime, roles: list[str] | None = None
) -> None:
    detail = {} if roles is None else {"roles": roles}
    audit_log.record(action, actor=f"user:{by.pk}", subject=f"user:{user.pk}", at=at, detail=detail)
