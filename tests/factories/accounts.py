"""People who log in."""

from __future__ import annotations

import datetime as dt
from itertools import count

from aduan.accounts.models import User
from aduan.accounts.roles import Role
from aduan.accounts.step_up import StepUp

PASSWORD = "kata-sandi-uji-coba-1"
_staff_numbers = count(1)


def person(email: str, name: str, *roles: Role) -> User:
    """A person with these roles and the password of all tests."""
    return User.objects.create_user(
        email, PASSWORD, name=name, staff_number=f"T{next(_staff_numbers):06d}", roles=list(roles)
    )


def step_up(user: User, at: dt.datetime, *, minutes_ago: float = 1, method: str = "second_factor") -> StepUp:
    """What a session hands over a minute after this person's second factor."""
    return StepUp(person_id=user.pk, method=method, proved_at=at - dt.timedelta(minutes=minutes_ago))
