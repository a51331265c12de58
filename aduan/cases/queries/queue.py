"""The queue: saved views, filters and pages by key; one statement, one partial index, never a COUNT."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from django.db import connection
from django.utils.translation import gettext_lazy as _

from aduan.accounts.models import User
from aduan.cases.clocks import SOON
from aduan.cases.queries.queue_rows import COLUMNS, JOINS, QueueRow, fetch_rows
from aduan.core.errors import Invalid
from aduan.operators.models import Operator

PAGE: Final = 50
COUNTED_UP_TO: Final = 99


class View(StrEnum):
    """The saved views of the queue; the interface names them."""

    ALL = "all"
    UNASSIGNED = "unassigned"
    MINE = "mine"
    SIGNATURE = "signature"
    DUE_SOON = "due_soon"
    OVERDUE = "overdue"
    REOPENED = "reopened"
    SPOOFING = "spoofing"
    PROTECTED = "protected"
    UNROUTED = "unrouted"
    OTT = "ott"
    OBJECTION = "objection"
    ASKED = "asked"


class Sort(StrEnum):
    """Orders of the queue. A case without a clock stands by the day on which it was opened."""

    SUGGESTED = "suggested"
    DUE = "due"
    OLDEST = "oldest"
    NEWEST = "newest"


@dataclass(frozen=True, slots=True)
class _Key:
    """What pages continue from: unique with the case's id behind it, and served by an index."""

    column: str
    descending: bool
    is_time: bool = True
    of: str = ""  # the rows' own names, the first that is set

    def pair(self) -> str:
        return f"({self.column}, c.id)"


_KEYS: Final[dict[Sort, _Key]] = {
    Sort.SUGGESTED: _Key("c.score", descending=True, is_time=False, of="score"),
    Sort.DUE: _Key("COALESCE(c.due_at, c.opened_at)", descending=False, of="due_at opened_at"),
    Sort.OLDEST: _Key("c.opened_at", descending=False, of="opened_at"),
    Sort.NEWEST: _Key("c.opened_at", descending=True, of="opened_at"),
}
_WAITING: Final = "c.status IN ('open', 'needs_info', 'proposed', 'disputed')"
_WHERE: Final[dict[View, str]] = {
    View.ALL: _WAITING,
    View.UNASSIGNED: "c.status = 'open' AND (c.held_by_id IS NULL OR c.held_until <= %(at)s)",
    View.MINE: f"{_WAITING} AND c.held_by_id = %(viewer)s AND c.held_until > %(at)s",
    View.SIGNATURE: """c.status IN ('proposed', 'disputed') AND NOT EXISTS (
        SELECT 1 FROM cases_proposal p WHERE p.case_id = c.id AND p.state IN ('pending', 'disputed')
        AND %(viewer)s IN (p.proposed_by_id, p.second_by_id))""",
    View.DUE_SOON: f"{_WAITING} AND c.due_at > %(at)s AND c.due_at <= %(soon)s AND c.paused_at IS NULL",
    View.OVERDUE: f"{_WAITING} AND c.due_at <= %(at)s AND c.paused_at IS NULL",
    View.REOPENED: f"{_WAITING} AND c.reopened_count > 0",
    View.SPOOFING: f"{_WAITING} AND c.suspected_spoofing",
    View.PROTECTED: f"{_WAITING} AND c.protected",
    View.UNROUTED: f"{_WAITING} AND c.operator_id IS NULL",
    View.OTT: f"{_WAITING} AND c.via_ott",
    View.OBJECTION: "c.objection_since IS NOT NULL",
    View.ASKED: "c.status = 'needs_info'",
}
_BY_DUE: Final = (View.DUE_SOON, View.OVERDUE)
_DUE_KNOWN: Final = _Key("c.due_at", descending=False, of="due_at")  # in these two views, by their own index


@dataclass(frozen=True, slots=True)
class Filters:
    """Exact values; empty means all. `older_than` counts from the first complaint, `min_loss` is rupiah.

    `operator_key` is the operator's, where the caller knows it: it saves a statement.
    """

    operator: str = ""
    operator_key: int | None = None
    category: str = ""
    channel: str = ""
    region: str = ""
    older_than: dt.timedelta | None = None
    min_loss: int = 0


@dataclass(frozen=True, slots=True)
class QueuePage:
    """`next` and `previous` are cursors for `queue_page`, empty at the ends."""

    rows: tuple[QueueRow, ...]
    next: str
    previous: str


def queue_page(
    *,
    view: View = View.ALL,
    viewer: User,
    at: dt.datetime,
    filters: Filters = Filters(),
    sort: Sort | None = None,
    cursor: str = "",
    size: int = PAGE,
) -> QueuePage:
    """One page, in two statements at most, as fast at any depth. Raises Invalid for a cursor that is none.

    Without a `sort` the views of time stand by due date, all others as suggested.
    """
    key, backwards = _key_of(view, sort), cursor.startswith("-")
    given: dict[str, Any] = {"at": at, "soon": at + SOON, "viewer": viewer.pk, "size": size + 1}
    where = [_WHERE[view], *filter_conditions(filters, given)]
    descending = key.descending != backwards
    if cursor:
        given["key"] = _read_cursor(cursor.lstrip("-"), key)
        where.append(f"{key.pair()} {'<' if descending else '>'} %(key)s")
    direction = "DESC" if descending else "ASC"
    sql = f"""
        SELECT {COLUMNS} FROM cases_case c {JOINS} WHERE {" AND ".join(where)}
        ORDER BY {key.column} {direction}, c.id {direction} LIMIT %(size)s
    """  # noqa: S608 - constants
    rows = fetch_rows(sql, given, at=at)
    more, rows = len(rows) > size, rows[:size]
    if backwards:
        rows.reverse()
    return QueuePage(
        tuple(rows),
        next=_cursor(rows[-1], key) if rows and (more or backwards) else "",
        previous="-" + _cursor(rows[0], key) if rows and cursor and (more or not backwards) else "",
    )


def order_of(sort: Sort) -> str:
    """The same order for a statement that has no pages."""
    key = _KEYS[sort]
    direction = "DESC" if key.descending else "ASC"
    return f"{key.column} {direction}, c.id {direction}"


def view_counts(*, viewer: User, at: dt.datetime) -> dict[View, int]:
    """How many cases each view holds, counted up to 99 (then 100 means "more"): one statement, never slow."""
    parts = [
        f"SELECT '{view.value}', count(*) FROM (SELECT 1 FROM cases_case c WHERE {where} LIMIT %(most)s) few"  # noqa: S608
        for view, where in _WHERE.items()
    ]
    given: dict[str, Any] = {"at": at, "soon": at + SOON, "viewer": viewer.pk, "most": COUNTED_UP_TO + 1}
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), given)
        return {View(name): count for name, count in cursor.fetchall()}


def filter_conditions(filters: Filters, given: dict[str, Any]) -> list[str]:
    """Conditions on case `c`; what they compare with goes into `given`, which names the instant `at`."""
    where = []
    if filters.operator:
        # By its key: how many cases an operator has decides which index serves the page.
        given["operator"] = (
            filters.operator_key
            or Operator.objects.filter(code=filters.operator).values_list("pk", flat=True).first()
        )
        where.append("c.operator_id = %(operator)s")
    if filters.category:
        given["category"] = filters.category
        where.append("c.category = %(category)s")
    if filters.channel:
        given["channel"] = filters.channel
        where.append("jsonb_exists(c.channels, %(channel)s)")
    if filters.region:
        given["region"] = filters.region
        where.append("c.region = %(region)s")
    if filters.older_than is not None:
        given["older"] = given["at"] - filters.older_than
        where.append("c.first_complaint_at <= %(older)s")
    if filters.min_loss:
        given["min_loss"] = filters.min_loss
        where.append("c.reported_loss >= %(min_loss)s")
    return where


def _key_of(view: View, sort: Sort | None) -> _Key:
    if view in _BY_DUE and sort in (None, Sort.DUE):
        return _DUE_KNOWN
    return _KEYS[sort or Sort.SUGGESTED]


def _cursor(row: QueueRow, key: _Key) -> str:
    value = next(value for name in key.of.split() if (value := getattr(row, name)) is not None)
    if key.is_time:
        value = round(value.timestamp() * 1_000_000)
    return f"{value}.{row.case_id}"


def _read_cursor(cursor: str, key: _Key) -> tuple[Any, int]:
    first, _dot, second = cursor.partition(".")
    try:
        value, case_id = int(first), int(second)
        if not key.is_time:
            return value, case_id
        return dt.datetime.fromtimestamp(0, dt.UTC) + dt.timedelta(microseconds=value), case_id
    except (ValueError, OverflowError) as error:
        raise Invalid("cursor_unreadable", _("This page of the queue does not exist.")) from error
