"""What the newest published lists say of a number now. What is not published is revealed nowhere."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection

from aduan.blocklists.queries.outcomes import is_canary, listing
from aduan.core.db import named_rows
from aduan.numbers.parsing import Parsed
from aduan.numbers.protection import Protection


@dataclass(frozen=True, slots=True)
class PublishedBlock:
    """That a number is on a published list, and which decision put it there."""

    digits: int
    operator_id: int
    case_id: int
    category: str
    since: dt.date
    until: dt.date
    listed_at: dt.datetime


@dataclass(frozen=True, slots=True)
class PublishedHold:
    """That a number is held by its operator until `ends_at`, at the latest."""

    digits: int
    case_id: int
    operator_id: int
    ends_at: dt.datetime
    listed_at: dt.datetime


@dataclass(frozen=True, slots=True)
class PublishedAbout:
    """All that is public about a number."""

    official: Protection | None
    block: PublishedBlock | None
    hold: PublishedHold | None


NOTHING_PUBLISHED: Final = PublishedAbout(None, None, None)


def published_about(parsed: Parsed, *, on: dt.date, at: dt.datetime) -> PublishedAbout:
    """One statement, the same for every number, unless a list carries it."""
    row = _asked(parsed.canonical, parsed.digits, on, at)
    official = None
    if row["pattern"] is not None:
        official = Protection(row["pattern"], row["owner"], row["protected_kind"], row["forged"])
    return PublishedAbout(official, _block(parsed.digits, row), _hold(parsed.digits, row))


def published_block(digits: int, on: dt.date) -> PublishedBlock | None:
    """Whether the newest published block list of any operator carries this number."""
    return _block(digits, _asked("", digits, on, None))


def published_hold(digits: int, *, at: dt.datetime) -> PublishedHold | None:
    """Whether a published list asks an operator to hold this number now."""
    return _hold(digits, _asked("", digits, None, at))


def _asked(canonical: str, digits: int | None, on: dt.date | None, at: dt.datetime | None) -> dict[str, Any]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT * FROM blocklists_published_about(%s, %s, %s, %s)", [canonical, digits, on, at]
        )
        return named_rows(cursor)[0]


def _block(digits: int | None, row: dict[str, Any]) -> PublishedBlock | None:
    if digits is None or row["block_case"] is None or is_canary(digits):
        return None
    operator = row["block_operator"]
    return PublishedBlock(
        digits,
        operator,
        row["block_case"],
        row["block_category"],
        row["block_since"],
        row["block_until"],
        listing(digits, operator)[0] or row["block_listed_at"],
    )


def _hold(digits: int | None, row: dict[str, Any]) -> PublishedHold | None:
    if digits is None or row["hold_case"] is None:
        return None
    return PublishedHold(
        digits, row["hold_case"], row["hold_operator"], row["hold_ends_at"], row["hold_listed_at"]
    )
