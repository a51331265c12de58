"""The demo people: one log-in for each role, all with the same password, in an invented ministry."""

from __future__ import annotations

from dataclasses import dataclass

from aduan.accounts.models import AccountPolicy, User
from aduan.accounts.roles import Role
from aduan.operators.models import Operator, OperatorMember
from portal.management import migrator

_STAFF = (
    ("reviewer1@aduan.example", "Budi Santoso", "P-0001", Role.REVIEWER),
    ("reviewer2@aduan.example", "Citra Lestari", "P-0002", Role.REVIEWER),
    ("approver@aduan.example", "Agus Wijaya", "P-0003", Role.APPROVER),
    ("lists@aduan.example", "Lina Hartati", "P-0004", Role.LIST_MANAGER),
    ("lead@aduan.example", "Maya Kusuma", "P-0005", Role.LEAD),
    ("auditor@aduan.example", "Tono Prakoso", "P-0006", Role.AUDITOR),
    ("admin@aduan.example", "Putri Maharani", "P-0007", Role.ADMINISTRATOR),
)
_OPERATORS = (
    ("operator@telkomsel.example", "Dewi Anggraini", "telkomsel"),
    ("operator@indosat.example", "Eko Prasetyo", "indosat"),
    ("operator@xlsmart.example", "Nina Oktavia", "xlsmart"),
    ("platform@whatsapp.example", "Rudi Hartono", "whatsapp"),
)


@dataclass(frozen=True, slots=True)
class Cast:
    first: User
    second: User
    third: User
    lists: User


def _set_policy() -> None:
    """The account policy of a demonstration: a password is a step-up, and new grants count at once.

    The application cannot write it; who runs the sample has the address of the tables' owner.
    """
    with migrator.connected():
        AccountPolicy.objects.update_or_create(pk=1, defaults={"waiting_hours": 0, "password_steps_up": True})


def invite(password: str) -> Cast:
    """Creates the missing members of the cast; existing ones only get the demo password."""
    _set_policy()
    staff = [_person(email, name, number, role, password) for email, name, number, role in _STAFF]
    for turn, (email, name, code) in enumerate(_OPERATORS, 1):
        operator = Operator.objects.filter(code=code).first()
        if operator is None:
            continue
        user = _person(email, name, f"O-{turn:04d}", Role.OPERATOR_PERSON, password)
        OperatorMember.objects.get_or_create(user=user, defaults={"operator": operator, "manages_keys": True})
    return Cast(staff[0], staff[1], staff[2], staff[3])


def _person(email: str, name: str, number: str, role: Role, password: str) -> User:
    user = User.objects.filter(email=email).first()
    if user is None:
        return User.objects.create_user(email, password, name=name, staff_number=number, roles=[role])
    user.set_password(password)
    user.save(update_fields=["password"])
    return user
