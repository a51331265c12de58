"""People who log in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count

from django.db import transaction

from aduan.accounts.models import User
from aduan.accounts.roles import Role
from aduan.accounts.step_up import StepUp
from tests.database import as_administrator

PASSWORD = "kata-sandi-uji-coba-1"
LONG_AGO = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
_staff_numbers = count(1)


def person(email: str, name: str, *roles: Role) -> User:
    """A person with these roles for years, and the password of all tests.

    Loaded as the database's superuser, past the triggers: through the services two administrators grant roles
    (tests/aduan/accounts/test_grants.py).
    """
    with past_triggers():
        return User.objects.create_user(
            email,
            PASSWORD,
            name=name,
            staff_number=f"T{next(_staff_numbers):06d}",
            roles=list(roles),
            roles_granted_at=LONG_AGO,
        )


@contextmanager
def past_triggers() -> Iterator[None]:
    """Loads rows as a superuser does who restores a backup."""
    with transaction.atomic(), as_administrator() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        yield
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")


def step_up(user: User, at: dt.datetime, *, minutes_ago: float = 1, method: str = "second_factor") -> StepUp:
    """What a session hands over a minute after this person's second factor."""
    return StepUp(person_id=user.pk, method=method, proved_at=at - dt.timedelta(minutes=minutes_ago))
