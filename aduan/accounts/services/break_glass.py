"""Fewer than two administrators can act: the owner of the tables makes one more, in writing and loudly."""

from __future__ import annotations

import datetime as dt
import hashlib

from django.db import DatabaseError, connection, transaction
from django.utils.translation import gettext_lazy as _

from aduan.accounts.models import AccountPolicy, User
from aduan.accounts.roles import Role
from aduan.accounts.services.first_administrators import NewPerson
from aduan.accounts.services.identity import require_free_identity
from aduan.core import audit_log
from aduan.core.audit_actions import AuditAction
from aduan.core.errors import Forbidden, Invalid, WrongState


def administrators_who_can_act(*, at: dt.datetime) -> int:
    """Active ones with a password whose waiting time is over: two of them change an account."""
    granted_until = at - AccountPolicy.current().waiting
    return sum(
        user.has_usable_password()
        and user.roles_granted_at is not None
        and user.roles_granted_at <= granted_until
        for user in User.objects.filter(is_active=True, roles__contains=[Role.ADMINISTRATOR])
    )


@transaction.atomic
def break_glass(person: NewPerson, *, reason: str, at: dt.datetime) -> User:
    """One administrator without a password, whose signatures count after the waiting time like any other's.

    Needs the rights of the tables' owner. Raises WrongState while two administrators can act, Forbidden for
    the application's role. The caller tells leads, auditors and administrators.
    """
    if not reason.strip():
        raise Invalid("reason_missing", _("Please say why."))
    if administrators_who_can_act(at=at) >= 2:
        raise WrongState(
            "administrators_exist", _("Two administrators can act: one invites, the other confirms.")
        )
    name, email, staff_number = require_free_identity(person.name, person.email, person.staff_number)
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("ALTER TABLE accounts_user DISABLE TRIGGER account_user_power")
            user = User.objects.create_user(
                email,
                name=name,
                staff_number=staff_number,
                roles=[Role.ADMINISTRATOR],
                roles_granted_at=at,
            )
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("ALTER TABLE accounts_user ENABLE TRIGGER account_user_power")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    except DatabaseError as error:
        raise Forbidden("not_the_owner", _("Only the owner of the tables may do this.")) from error
    audit_log.record(
        AuditAction.USER_BREAK_GLASS,
        actor="system",
        subject=f"user:{user.pk}",
        at=at,
        detail={"roles": user.roles, "digest": hashlib.sha256(reason.strip().encode()).hexdigest()},
    )
    return user
