"""A person's own mobile number: they take no part in what it is part of, under whichever log-in.

One administrator writes it down. Changing it opens cases to the person, and takes two.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from aduan.accounts.models import ApprovalRequest, User
from aduan.accounts.roles import Permission
from aduan.accounts.services.approvals import approve, request_approval
from aduan.accounts.services.own_account import require_other_person
from aduan.accounts.step_up import StepUp
from aduan.core import audit_log
from aduan.core.audit_actions import AuditAction
from aduan.core.errors import Invalid, WrongState

_PHONE = ApprovalRequest.Kind.PHONE


@transaction.atomic
def set_phone(user: User, phone: str, *, by: User, at: dt.datetime) -> User:
    """Writes down the number (E.164) of a person who has none yet.

    The interface updates cases afterwards (`complaints.services.record_conflicts_of`).
    """
    user = _locked(user, by=by)
    if user.phone == phone:
        return user
    if user.phone:
        raise WrongState("phone_takes_two", _("Another number takes two administrators."), field="phone")
    _require_free(phone)
    return _saved(user, phone, by=by, at=at)


def request_phone(
    user: User, phone: str, *, reason: str, by: User, step_up: StepUp, at: dt.datetime
) -> ApprovalRequest:
    """Asks for another number (E.164, or empty for none) in the place of the one that is written down."""
    _require_other(user, by=by)
    _require_free(phone)
    return request_approval(
        _PHONE, f"user:{user.pk}", {"phone": phone}, reason=reason, by=by, step_up=step_up, at=at
    )


@transaction.atomic
def approve_phone(request: ApprovalRequest, *, by: User, step_up: StepUp, at: dt.datetime) -> User:
    """The second administrator. The interface updates cases afterwards, as after `set_phone`."""
    request = approve(request, _PHONE, by=by, step_up=step_up, at=at)
    user = _locked(User.objects.get(pk=int(request.subject.partition(":")[2])), by=by)
    _require_free(request.asked["phone"])
    return _saved(user, request.asked["phone"], by=by, at=at)


def _saved(user: User, phone: str, *, by: User, at: dt.datetime) -> User:
    user.phone = phone
    user.save(update_fields=["phone"])
    audit_log.record(AuditAction.USER_SET_PHONE, actor=f"user:{by.pk}", subject=f"user:{user.pk}", at=at)
    return user


def _require_free(phone: str) -> None:
    if phone and User.objects.filter(phone=phone).exists():
        raise Invalid(
            "phone_taken", _("This number belongs to another log-in: one person, one log-in."), field="phone"
        )


def _require_other(user: User, *, by: User) -> None:
    by.require(Permission.MANAGE_PEOPLE)
    require_other_person(user, by=by)


def _locked(user: User, *, by: User) -> User:
    _require_other(user, by=by)
    return User.objects.select_for_update().get(pk=user.pk)
