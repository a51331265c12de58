"""Which registered numbers resemble a protected one.

Asked of each new number, and again when the protected ones change. Cases are notified by
`cases.services.sync_lookalike_flags`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from django.db import connection

from aduan.core.prepared import RowsWhere
from aduan.numbers.kinds import NumberKind
from aduan.numbers.models import PhoneNumber, ProtectedNumber
from aduan.numbers.similarity import own_digits, resembles, slips

COMPARED: Final = (NumberKind.MOBILE, NumberKind.LANDLINE)  # what a block could reach

# Protected numbers that `resembles` has to look at: few, and among them each that a number is taken for. One
# slip leaves the first half as it is, or what is behind the middle.
NEAR: Final = """active AND (
    pattern IN (
        'service:' || right(%(canonical)s, 5), 'service:' || right(%(canonical)s, 6),
        'service:' || right(%(canonical)s, 7)
    )
    OR right(pattern, 7) = right(%(canonical)s, 7)
    OR abs(length(pattern) - length(%(canonical)s)) <= 1 AND (
        left(pattern, length(%(canonical)s) / 2) = left(%(canonical)s, length(%(canonical)s) / 2)
        OR right(pattern, (length(%(canonical)s) - 1) / 2)
            = right(%(canonical)s, (length(%(canonical)s) - 1) / 2)
    )
)"""
_NEAR_ROWS: Final = RowsWhere(ProtectedNumber, f"{NEAR} ORDER BY id", {"canonical": "text"})
_ONE_SLIP_AWAY: Final = """
    UPDATE numbers_phonenumber n SET resembles_id = near.id
    FROM unnest(%(texts)s::text[], %(ids)s::bigint[]) AS near(text, id)
    WHERE n.canonical = near.text AND n.kind = ANY(%(kinds)s) AND n.resembles_id IS NULL
"""
# One length at a time: two equal expressions can be hashed, so this reads the register once a length.
_SAME_DIGITS: Final = """
    UPDATE numbers_phonenumber n SET resembles_id = near.id
    FROM unnest(%(texts)s::text[], %(ids)s::bigint[]) AS near(text, id), numbers_protectednumber p
    WHERE p.id = near.id AND right(n.canonical, %(length)s) = near.text AND n.canonical <> p.pattern
      AND n.kind = ANY(%(kinds)s) AND n.resembles_id IS NULL
"""


def lookalike_of(canonical: str, kind: str) -> ProtectedNumber | None:
    """The protected number that this one is easily taken for, in one question."""
    if kind not in COMPARED:
        return None
    near = _NEAR_ROWS.rows({"canonical": canonical})
    return next((row for row in near if resembles(canonical, row.pattern)), None)


def mark_lookalikes(rows: Iterable[ProtectedNumber]) -> int:
    """Marks every registered number that resembles one of these rows; returns how many were new."""
    given = [(row.pk, row.pattern) for row in rows if row.active and not row.pattern.endswith("*")]
    near = [(text, key) for key, pattern in given for text in slips(pattern)]
    marked = _mark(_ONE_SLIP_AWAY, near)
    own = [(digits, key) for key, pattern in given if (digits := own_digits(pattern))]
    for length in {len(digits) for digits, _key in own}:
        marked += _mark(_SAME_DIGITS, [pair for pair in own if len(pair[0]) == length], length)
    return marked


def remark_lookalikes(row: ProtectedNumber) -> None:
    """A row is no longer protected: what resembled it may resemble another, or none."""
    for number in PhoneNumber.objects.filter(resembles=row):
        number.resembles = lookalike_of(number.canonical, number.kind)
        number.save(update_fields=["resembles"])


def _mark(statement: str, pairs: list[tuple[str, int]], length: int = 0) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            statement,
            {
                "texts": [text for text, _key in pairs],
                "ids": [key for _text, key in pairs],
                "kinds": list(COMPARED),
                "length": length,
            },
        )
        return int(cursor.rowcount)
