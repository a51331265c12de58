"""The people of an operator: the first invited by two administrators, all others by who manages access."""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aduan.accounts.models import ApprovalRequest, User
from aduan.accounts.roles import Permission, Role
from aduan.accounts.services import approve, request_approval
from aduan.accounts.step_up import StepUp, application_mac
from aduan.core import audit_log
from aduan.core.audit_actions import AuditAction
from aduan.core.errors import Forbidden, Invalid, WrongState
from aduan.operators.actors import Actor
from aduan.operators.models import Operator, OperatorMember


@transaction.atomic
def invite(
    operator: Operator,
    *,
    by: Actor,
    email: str,
    name: str,
    staff_number: str,
    manages: bool = False,
    at: dt.datetime,
) -> OperatorMember:
    """A log-in without a password for a colleague; the interface sends them the link to set one.

    `staff_number` is the operator's own number for the person, so that no one has two log-ins. Raises Invalid
    when the address or the number has a log-in already (also one of another organisation: the answer is
    the same).
    """
    if by.operator.pk != operator.pk:
        raise Forbidden("not_own", _("This belongs to another organisation."))
    by.must_manage()
    person = _create(operator, email, name, staff_number, manages=manages)
    _record_invitation(person, actor=by.label, at=at)
    return person


def request_first(
    operator: Operator,
    *,
    email: str,
    name: str,
    staff_number: str,
    reason: str,
    by: User,
    step_up: StepUp,
    at: dt.datetime,
) -> ApprovalRequest:
    """Asks that the ministry invites the person who manages access there, and invites everyone else.

    Raises WrongState while someone there does, and Invalid as `invite`.
    """
    by.require(Permission.MANAGE_PEOPLE)
    _require_no_manager(operator)
    email, number = User.objects.normalize_email(email).lower(), _staff_number(operator, staff_number)
    if User.objects.filter(Q(email__iexact=email) | Q(staff_number=number)).exists():
        raise _person_exists()
    terms = {"operator": operator.pk, "name": name.strip(), "email": email, "staff_number": staff_number}
    return request_approval(
        ApprovalRequest.Kind.FIRST_PERSON, f"operator:{operator.pk}", terms,
        reason=reason, by=by, step_up=step_up, at=at,
    )  # fmt: skip


@transaction.atomic
def approve_first(request: ApprovalRequest, *, by: User, step_up: StepUp, at: dt.datetime) -> OperatorMember:
    """The second administrator. The interface sends the link to set a password."""
    request = approve(request, ApprovalRequest.Kind.FIRST_PERSON, by=by, step_up=step_up, at=at)
    asked = request.asked
    operator = Operator.objects.select_for_update().get(pk=asked["operator"])
    _require_no_manager(operator)
    person = _create(operator, asked["email"], asked["name"], asked["staff_number"], manages=True)
    _record_invitation(person, actor=f"user:{by.pk}", at=at)
    return person


def _require_no_manager(operator: Operator) -> None:
    if not needs_first_person(operator):
        raise WrongState(
            "access_managed", _("Someone there manages access, and invites their colleagues themselves.")
        )


def needs_first_person(operator: Operator) -> bool:
    """True when no one with a log-in manages access there (any more)."""
    return not OperatorMember.objects.filter(
        operator=operator, manages_keys=True, user__is_active=True
    ).exists()


@transaction.atomic
def deactivate(person: OperatorMember, *, by: Actor, at: dt.datetime) -> None:
    """The person's sessions end with their next request. Keys stay: they belong to the operator."""
    if by.operator.pk != person.operator_id:
        raise Forbidden("not_own", _("This belongs to another organisation."))
    user = by.must_manage()
    if person.user_id == user.pk:
        raise WrongState("not_yourself", _("You cannot deactivate yourself. Ask a colleague."))
    if User.objects.filter(pk=person.user_id, is_active=True).update(is_active=False):
        audit_log.record(
            AuditAction.OPERATOR_MEMBER_DEACTIVATE, actor=by.label, subject=f"user:{person.user_id}", at=at
        )


@transaction.atomic
def reactivate(person: OperatorMember, *, by: Actor, at: dt.datetime) -> None:
    if by.operator.pk != person.operator_id:
        raise Forbidden("not_own", _("This belongs to another organisation."))
    by.must_manage()
    if User.objects.filter(pk=person.user_id, is_active=False).update(is_active=True):
        audit_log.record(
            AuditAction.OPERATOR_MEMBER_REACTIVATE, actor=by.label, subject=f"user:{person.user_id}", at=at
        )


def people_of(operator: Operator) -> list[OperatorMember]:
    people = OperatorMember.objects.filter(operator=operator).select_related("user")
    return list(people.order_by("-user__is_active", "user__name"))


def _create(operator: Operator, email: str, name: str, staff_number: str, *, manages: bool) -> OperatorMember:
    try:
        with transaction.atomic():
            user = User.objects.create_user(
                email,
                None,
                name=name.strip(),
                staff_number=_staff_number(operator, staff_number),
                roles=[Role.OPERATOR_PERSON],
            )
    except IntegrityError as error:
        raise _person_exists() from error
    return OperatorMember.objects.create(
        user=user,
        operator=operator,
        manages_keys=manages,
        mac=application_mac("member", user.pk, operator.pk, "true" if manages else "false"),
    )


def _staff_number(operator: Operator, number: str) -> str:
    return f"{operator.code[:12]}/{number.strip()}"[:30]


def _person_exists() -> Invalid:
    return Invalid("person_exists", _("This e-mail address or staff number has a log-in already."))


def _record_invitation(person: OperatorMember, *, actor: str, at: dt.datetime) -> None:
    audit_log.record(
        AuditAction.OPERATOR_MEMBER_INVITE,
        actor=actor,
        subject=f"user:{person.user_id}",
        at=at,
        detail={"operator": person.operator_id},
    )
