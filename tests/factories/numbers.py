"""Protected numbers as they come into the register, with no person who wrote them."""

from __future__ import annotations

from aduan.numbers.models import ProtectedNumber
from aduan.numbers.services.protection import with_codes


def a_protected_number(pattern: str, owner: str = "Bank", kind: str = "bank") -> ProtectedNumber:
    """With the application's code, as the shipped ones have it."""
    given = ProtectedNumber(pattern=pattern, owner=owner, kind=kind, source="test", confidence="verified")
    (row,) = with_codes([given])
    row.save(force_insert=True)
    return row
