"""What the register knows about a number: who holds it on a day, and whether it may be blocked at all."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from django.db import connection

from aduan.core.db import named_rows
from aduan.core.periods import local_date
from aduan.core.prepared import Prepared
from aduan.numbers.models import HolderOverride, PhoneNumber, ProtectedNumber
from aduan.numbers.parsing import Parsed
from aduan.numbers.protection import ProtectedSet, Protection, owner_name
from aduan.operators import queries as operators
from aduan.operators.models import Operator
from aduan.operators.ranges import Holding

_PROTECTION: Final = Prepared(
    "SELECT p.pattern, p.owner, p.kind, f.forged FROM numbers_protection(%(canonical)s) f"
    " JOIN numbers_protectednumber p ON p.id = f.protected_id",
    {"canonical": "text"},
)
_CALLED_KINDS: Final = ("emergency", "government", "bank", "bank-landline", "e-wallet")


def holder_of(number: PhoneNumber | Parsed | int, *, on: dt.date) -> Holding | None:
    """Who carried this number on that day (Jakarta): the incident's day says who did, today who must act.

    A person's override stands above the range table from the day on which it was made. None for what no
    operator carries and for unknown prefixes; `Holding.routable` is false for known but dead ones.
    """
    digits = number if isinstance(number, int) else number.digits
    if isinstance(number, PhoneNumber) and (override := _override(number, on)) is not None:
        return _as_holding(override.operator, str(digits))
    if digits is None or not str(digits).startswith("62"):
        return None
    return operators.holder_of(digits, on=on)


def _override(number: PhoneNumber, on: dt.date) -> HolderOverride | None:
    rows = number.overrides.select_related("operator").filter(at__date__lte=on)
    return rows.exclude(ended_at__date__lte=on).order_by("-at").first()


def _as_holding(operator: Operator, digits: str) -> Holding:
    return Holding(digits, operator.code, operator.name, "", "active", None, None, operator.pk)


def is_protected(number: PhoneNumber | Parsed | str) -> bool:
    """Whether a block is impossible, forged forms included. The database asks the same on every block."""
    return protection_of(number) is not None


def protection_of(number: PhoneNumber | Parsed | str) -> Protection | None:
    """Why a number is never blocked, and whether it is a forged form; None when it may be."""
    canonical = number if isinstance(number, str) else number.canonical
    found = _PROTECTION.first({"canonical": canonical})
    return Protection(*found) if found else None


@dataclass(frozen=True, slots=True)
class Hotline:
    """An official line to call: a row of the register whose source was verified.

    `dial` is what a telephone dials, `source` where the number was read, `since` when the row got its values.
    """

    pattern: str
    owner: str
    kind: str
    dial: str
    source: str
    since: dt.date


def hotlines() -> list[Hotline]:
    """Emergency, supervisors', banks' and e-wallets' lines that are verified, in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT p.pattern, p.owner, p.kind, p.source, max(e.pgh_created_at) AS since
               FROM numbers_protectednumber p JOIN numbers_protectednumberevent e ON e.pgh_obj_id = p.id
               WHERE p.active AND p.confidence = 'verified' AND p.source LIKE 'http%%'
                 AND p.kind = ANY(%(kinds)s) AND p.pattern ~ '^(short:|service:|\\+)[0-9]+$'
               GROUP BY p.id ORDER BY p.owner, p.pattern""",
            {"kinds": list(_CALLED_KINDS)},
        )
        rows = named_rows(cursor)
    return [_hotline(row) for row in rows]


def _hotline(row: dict[str, Any]) -> Hotline:
    source = row["source"].split(" ")[0]
    return Hotline(
        row["pattern"],
        owner_name(row["owner"]),
        row["kind"],
        row["pattern"].rpartition(":")[2],
        urlsplit(source).netloc.removeprefix("www.") or source,
        local_date(row["since"]),
    )


def protected_set() -> ProtectedSet:
    """All active rows, for checking many numbers at once."""
    return ProtectedSet(ProtectedNumber.objects.filter(active=True).values_list("pattern", "owner", "kind"))


def numbers_under(pattern: str) -> list[PhoneNumber]:
    """The registered numbers that a row with this pattern protects, forged forms included."""
    protected = ProtectedSet([(pattern, "", "")])
    if pattern.endswith("*"):
        numbers = PhoneNumber.objects.filter(canonical__startswith=pattern[:-1])
    elif pattern.startswith("+"):
        numbers = PhoneNumber.objects.filter(canonical=pattern)
    else:
        numbers = PhoneNumber.objects.filter(canonical__endswith=pattern.partition(":")[2])
    return [number for number in numbers if protected.protection_of(number.canonical) is not None]
