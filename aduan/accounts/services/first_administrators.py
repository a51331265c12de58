"""The first two administrators of a new portal: everybody else is invited by one of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from aduan.accounts.models import AccountPolicy, User
from aduan.accounts.roles import Role
from aduan.accounts.services.identity import require_free_identity
from aduan.core import audit_log
from aduan.core.audit_actions import AuditAction
from aduan.core.errors import Invalid, WrongState


@dataclass(frozen=True, slots=True)
class NewPerson:
    email: str
    name: str
    staff_number: str


@transaction.atomic
def create_first_administrators(people: Sequence[NewPerson], *, at: dt.datetime) -> list[User]:
    """Two people with the role administrator and without a password.

    The same two are returned again while none of them has set a password: their links may have run out.
    Raises Invalid for people who are not two, or are one and the same; WrongState once there are
    administrators.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('create_first_administrators'))")
    present = list(User.objects.filter(roles__contains=[Role.ADMINISTRATOR]).order_by("pk"))
    if present:
        return _not_begun(present, people)
    if len(people) != 2:  # one gives the other their roles back, and no one their own
        raise Invalid("two_administrators", _("Name two people: no one changes their own roles."))
    first, second = (_create(one, at) for one in people)
    if first.same_human(second):
        raise Invalid("one_human", _("These are two log-ins of one person: name two people."))
    for user in (first, second):
        audit_log.record(
            AuditAction.USER_INVITE,
            actor="system",
            subject=f"user:{user.pk}",
            at=at,
            detail={"roles": user.roles},
        )
    return [first, second]


def _create(person: NewPerson, at: dt.datetime) -> User:
    """There is no one who could have waited for them: what they sign counts at once."""
    name, email, staff_number = require_free_identity(person.name, person.email, person.staff_number)
    return User.objects.create_user(
        email,
        name=name,
        staff_number=staff_number,
        roles=[Role.ADMINISTRATOR],
        roles_granted_at=at - AccountPolicy.current().waiting,
    )


def _not_begun(present: list[User], people: Sequence[NewPerson]) -> list[User]:
    same = {one.email for one in present} == {one.email.strip().lower() for one in people}
    if not same or any(one.has_usable_password() for one in present):
        raise WrongState(
            "administrators_exist",
            _("There are administrators already: one of them invites the others on the page People."),
        )
    return present
