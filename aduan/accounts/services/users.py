"""Making log-ins, giving and taking roles. Each change is in the audit log, in the same transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from aduan.accounts.models import User
from aduan.accounts.roles import MINISTRY_ROLES, Permission, Role
from aduan.core import audit_log
from aduan.core.audit_actions import AuditAction
from aduan.core.errors import Forbidden, Invalid

# An administrator could create a second log-in for themselves: they neither decide nor release.
DECIDING = frozenset({Role.REVIEWER, Role.APPROVER, Role.LIST_MANAGER})


@transaction.atomic
def invite(
    *, email: str, name: str, staff_number: str, roles: Iterable[str], by: User, at: dt.datetime
) -> User:
    """A new member of staff without a password; the interface sends the link to set one."""
    by.require(Permission.MANAGE_PEOPLE)
    user = create_staff(email=email, name=name, staff_number=staff_number, roles=roles)
    _record(AuditAction.USER_INVITE, user, by=by, at=at, roles=user.roles)
    return user


def create_staff(*, email: str, name: str, staff_number: str, roles: Iterable[str]) -> User:
    """A person of the ministry without a password. Raises Invalid; the caller records who did it."""
    given = _staff_roles(roles)
    email, staff_number = email.strip().lower(), staff_number.strip()
    try:
        validate_email(email)
    except ValidationError as error:
        raise Invalid("email_unreadable", _("This is not an e-mail address."), field="email") from error
    if not name.strip() or not staff_number:
        raise Invalid("name_missing", _("Name and staff number are needed."), field="name")
    if User.objects.filter(email=email).exists():
        raise Invalid("email_taken", _("There is a log-in with this e-mail address."), field="email")
    if User.objects.filter(staff_number__iexact=staff_number).exists():
        raise Invalid(
            "staff_number_taken",
            _("This person has a log-in already: one staff number, one log-in."),
            field="staff_number",
        )
    return User.objects.create_user(email, name=name.strip(), staff_number=staff_number, roles=given)


@transaction.atomic
def give_roles(user: User, roles: Iterable[str], *, by: User, at: dt.datetime) -> User:
    """Replaces a person's roles; in force at their next request."""
    user = _locked(user, by=by)
    given = _staff_roles(roles)
    if sorted(user.roles) != given:
        user.roles = given
        user.save(update_fields=["roles"])
        _record(AuditAction.USER_SET_ROLES, user, by=by, at=at, roles=given)
    return user


@transaction.atomic
def set_phone(user: User, phone: str, *, by: User, at: dt.datetime) -> User:
    """Writes down a person's own mobile number (E.164, or empty): they take no part in what it is part of.

    The interface updates cases afterwards (`complaints.services.record_conflicts_of`).
    """
    user = _locked(user, by=by)
    if user.phone == phone:
        return user
    if phone and User.objects.filter(phone=phone).exists():
        raise Invalid(
            "phone_taken", _("This number belongs to another log-in: one person, one log-in."), field="phone"
        )
    user.phone = phone
    user.save(update_fields=["phone"])
    _record(AuditAction.USER_SET_PHONE, user, by=by, at=at)
    return user


@transaction.atomic
def deactivate(user: User, *, by: User, at: dt.datetime) -> User:
    """Ends all of a person's sessions at their next request. Nothing of what they did changes."""
    user = _locked(user, by=by)
    if user.is_active:
        user.is_active = False
        user.save(update_fields=["is_active"])
        _record(AuditAction.USER_DEACTIVATE, user, by=by, at=at)
    return user


@transaction.atomic
def reactivate(user: User, *, by: User, at: dt.datetime) -> User:
    user = _locked(user, by=by)
    if not user.is_active:
        user.is_active = True
        user.save(update_fields=["is_active"])
        _record(AuditAction.USER_REACTIVATE, user, by=by, at=at)
    return user


def note_log_in(user: User, *, at: dt.datetime) -> None:
    audit_log.record(AuditAction.USER_LOG_IN, actor=f"user:{user.pk}", subject=f"user:{user.pk}", at=at)


def note_security_change(user: User, *, change: str, at: dt.datetime) -> None:
    """A password or second factor was set, changed or removed by the person; `change` is a stable code."""
    audit_log.record(
        AuditAction.USER_CHANGE_CREDENTIALS,
        actor=f"user:{user.pk}",
        subject=f"user:{user.pk}",
        at=at,
        detail={"change": change},
    )


def _locked(user: User, *, by: User) -> User:
    by.require(Permission.MANAGE_PEOPLE)
    if user.pk == by.pk:
        raise Forbidden("own_account", _("Nobody changes their own roles: ask another administrator."))
    return User.objects.select_for_update().get(pk=user.pk)


def _staff_roles(roles: Iterable[str]) -> list[str]:
    given = sorted(set(roles))
    if not given or not MINISTRY_ROLES.issuperset(given):
        raise Invalid("roles_unknown", _("Choose at least one role of the ministry."), field="roles")
    if Role.ADMINISTRATOR in given and DECIDING.intersection(given):
        raise Invalid(
            "roles_exclude_each_other",
            _("Who administers log-ins neither decides cases nor releases lists: choose one or the other."),
            field="roles",
        )
    return given


def _record(
    action: AuditAction, user: User, *, by: User, at: dt.datetime, roles: list[str] | None = None
) -> None:
    detail = {} if roles is None else {"roles": roles}
    audit_log.record(action, actor=f"user:{by.pk}", subject=f"user:{user.pk}", at=at, detail=detail)
