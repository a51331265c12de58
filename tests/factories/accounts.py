"""People who log in."""

from __future__ import annotations

from itertools import count

from aduan.accounts.models import User
from aduan.accounts.roles import Role

PASSWORD = "kata-sandi-uji-coba-1"
_staff_numbers = count(1)


def person(email: str, name: str, *roles: Role) -> User:
    """A person with these roles and the password of all tests."""
    return User.objects.create_user(
        email, PASSWORD, name=name, staff_number=f"T{next(_staff_numbers):06d}", roles=list(roles)
    )
