"""The demo people: enough log-ins for every act that takes two or three people, in an invented ministry."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

from aduan.accounts import services
from aduan.accounts.models import AccountPolicy, User
from aduan.accounts.roles import Role
from aduan.accounts.step_up import StepUp
from aduan.blocklists.services import open_sandbox
from aduan.operators import members
from aduan.operators.models import Operator
from aduan.referrals.services import PLATFORM_SANDBOX, open_platform_sandbox
from portal.management import migrator

# Long before the first complaint of the sample, so that every grant is older than any waiting time.
_INVITED: Final = dt.timedelta(days=120)
_ADMINISTRATORS: Final = (
    ("admin@aduan.example", "Putri Maharani", "P-0007"),
    ("admin2@aduan.example", "Hendra Saputra", "P-0008"),
)
_STAFF: Final = (
    ("reviewer1@aduan.example", "Budi Santoso", "P-0001", Role.REVIEWER),
    ("reviewer2@aduan.example", "Citra Lestari", "P-0002", Role.REVIEWER),
    ("approver@aduan.example", "Agus Wijaya", "P-0003", Role.APPROVER),
    ("lists@aduan.example", "Lina Hartati", "P-0004", Role.LIST_MANAGER),
    ("lead@aduan.example", "Maya Kusuma", "P-0005", Role.LEAD),
    ("auditor@aduan.example", "Tono Prakoso", "P-0006", Role.AUDITOR),
    ("reviewer3@aduan.example", "Dian Permata", "P-0009", Role.REVIEWER),
    ("approver2@aduan.example", "Yusuf Hidayat", "P-0010", Role.APPROVER),
    ("lists2@aduan.example", "Joko Susilo", "P-0011", Role.LIST_MANAGER),
    ("admin3@aduan.example", "Wati Rahayu", "P-0012", Role.ADMINISTRATOR),
)
_OPERATORS: Final = (
    ("operator@telkomsel.example", "Dewi Anggraini", "telkomsel"),
    ("operator@indosat.example", "Eko Prasetyo", "indosat"),
    ("operator@xlsmart.example", "Nina Oktavia", "xlsmart"),
    ("platform@whatsapp.example", "Rudi Hartono", "whatsapp"),
    ("platform@telegram.example", "Tania Wibowo", "telegram"),
    ("sandbox@aduan.example", "Sandi Kurnia", "sandbox"),
    ("sandbox-platform@aduan.example", "Sinta Wijaya", PLATFORM_SANDBOX),
)


@dataclass(frozen=True, slots=True)
class Cast:
    first: User
    second: User
    third: User
    lists: User
    lists2: User


def _set_policy() -> None:
    """The account policy of a demonstration: a password is a step-up, and new grants count at once.

    The application cannot write it; who runs the sample has the address of the tables' owner.
    """
    with migrator.connected():
        AccountPolicy.objects.update_or_create(pk=1, defaults={"waiting_hours": 0, "password_steps_up": True})


def invite(password: str, *, until: dt.datetime) -> Cast:
    """Creates the missing members of the cast; existing ones only get the demo password.

    As in a new ministry: two administrators from the console, who grant all other roles together.
    """
    _set_policy()
    at = until - _INVITED
    administrators = _first_administrators(at)
    staff = [_member(email, name, number, role, administrators, at) for email, name, number, role in _STAFF]
    open_sandbox(by=staff[3], at=at)
    open_platform_sandbox(by=staff[3], at=at)
    invited = [_operator_member(email, name, code, administrators, at) for email, name, code in _OPERATORS]
    for user in (*administrators, *staff, *(one for one in invited if one)):
        user.set_password(password)
        user.save(update_fields=["password"])
    return Cast(staff[0], staff[1], staff[2], staff[3], staff[8])


def step_up(user: User, at: dt.datetime) -> StepUp:
    """What the session of this person would hand over: their password, a minute ago."""
    return StepUp(user.pk, "password", at - dt.timedelta(minutes=1))


def _first_administrators(at: dt.datetime) -> list[User]:
    found = list(User.objects.filter(email__in=[one[0] for one in _ADMINISTRATORS]).order_by("pk"))
    people = [services.NewPerson(*words) for words in _ADMINISTRATORS]
    return found or services.create_first_administrators(people, at=at)


def _member(email: str, name: str, number: str, role: Role, granting: list[User], at: dt.datetime) -> User:
    user = User.objects.filter(email=email).first()
    if user is not None:
        return user
    first, second = granting
    user = services.invite(
        email=email, name=name, staff_number=number, roles=[role], reason="Pegawai baru direktorat.",
        by=first, at=at, step_up=step_up(first, at),
    )  # fmt: skip
    change = user.changes.get()
    return services.confirm_account_change(change, by=second, at=at, step_up=step_up(second, at)).person


def _operator_member(email: str, name: str, code: str, inviting: list[User], at: dt.datetime) -> User | None:
    operator = Operator.objects.filter(code=code).first()
    if operator is None:
        return None
    user = User.objects.filter(email=email).first()
    if user is not None:
        return user
    first, second = inviting
    asked = members.request_first(
        operator, email=email, name=name, staff_number="O-0001", reason="Surat penunjukan operator.",
        by=first, step_up=step_up(first, at), at=at,
    )  # fmt: skip
    return members.approve_first(asked, by=second, step_up=step_up(second, at), at=at).user
