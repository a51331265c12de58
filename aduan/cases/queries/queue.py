"""The queue: saved views, filters and pages by key; one statement, one partial index, never a COUNT."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from django.db import connection
from django.utils.translation import gettext_lazy as _

from aduan.accounts.models import User
from aduan.cases import ranking
from aduan.cases.clocks import SOON, Clock, clock_of
from aduan.cases.models import Case
from aduan.cases.workflow import IN_QUEUE, Status
from aduan.core.errors import Invalid
from aduan.numbers.parsing import format_number
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

COLUMNS: Final = """
    c.id, c.number_text, c.number_kind, o.code, o.name, c.status, c.category, c.region, c.channels,
    c.complaint_count, c.independent_count, c.confirmed_count, c.evidence_count, c.reported_loss,
    c.first_complaint_at, c.last_complaint_at, c.opened_at, c.due_at, c.paused_at, c.held_by_id, h.name,
    c.held_until, c.score, c.score_parts, c.reopened_count, c.suspected_spoofing, c.protected,
    c.resembles_protected, c.objection_since, c.via_ott
"""
_NAMES: Final = (
    "case_id", "number", "kind", "operator_code", "operator", "status", "category", "region", "channels",
    "complaints", "independent", "confirmed", "evidence", "reported_loss",
    "first_complaint_at", "last_complaint_at", "opened_at", "due_at", "paused_at", "held_by_id", "held_by",
    "held_until", "score", "points", "reopened", "suspected_spoofing", "protected",
    "resembles_protected", "objection", "via_ott",
)  # fmt: skip
JOINS: Final = """
    LEFT JOIN operators_operator o ON o.id = c.operator_id
    LEFT JOIN accounts_user h ON h.id = c.held_by_id
"""


@dataclass(frozen=True, slots=True)
class Filters:
    """Exact values; empty means all. `older_than` counts from the first complaint."""

    operator: str = ""
    category: str = ""
    channel: str = ""
    region: str = ""
    older_than: dt.timedelta | None = None


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One row of the queue. `why` explains the rank in one sentence; `held_by` is set while a lease runs."""

    case_id: int
    reference: str
    number: str
    number_shown: str
    kind: str
    operator: str
    operator_code: str
    status: Status
    category: str
    region: str
    channels: dict[str, int]
    complaints: int
    independent: int
    confirmed: int
    evidence: int
    reported_loss: int
    first_complaint_at: dt.datetime | None
    last_complaint_at: dt.datetime | None
    opened_at: dt.datetime
    due_at: dt.datetime | None
    paused_at: dt.datetime | None
    clock: Clock
    held_by_id: int | None
    held_by: str
    score: int
    points: dict[str, int]
    why: str
    reopened: bool
    suspected_spoofing: bool
    protected: bool
    resembles_protected: bool
    objection: bool
    via_ott: bool


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
    cursor: str = "",
    size: int = PAGE,
) -> QueuePage:
    """One page, in two statements at most, as fast at any depth. Raises Invalid for a cursor that is none."""
    by_due = view in _BY_DUE
    backwards = cursor.startswith("-")
    given: dict[str, Any] = {"at": at, "soon": at + SOON, "viewer": viewer.pk, "size": size + 1}
    where = [_WHERE[view], *filter_conditions(filters, given)]
    if cursor:
        given["key"] = _key(cursor.lstrip("-"), by_due)
        where.append(f"{_pair(by_due)} {'>' if by_due != backwards else '<'} %(key)s")
    direction = "ASC" if by_due != backwards else "DESC"
    order = f"c.due_at {direction}, c.id {direction}" if by_due else f"c.score {direction}, c.id {direction}"
    sql = f"SELECT {COLUMNS} FROM cases_case c {JOINS} WHERE {' AND '.join(where)} ORDER BY {order} LIMIT %(size)s"  # noqa: S608, E501
    rows = fetch_rows(sql, given, at=at)
    more, rows = len(rows) > size, rows[:size]
    if backwards:
        rows.reverse()
    return QueuePage(
        tuple(rows),
        next=_cursor(rows[-1], by_due) if rows and (more or backwards) else "",
        previous="-" + _cursor(rows[0], by_due) if rows and cursor and (more or not backwards) else "",
    )


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


def fetch_rows(sql: str, given: dict[str, Any], *, at: dt.datetime) -> list[QueueRow]:
    """Runs a statement that selects `COLUMNS` and gives its rows as people see them."""
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        return [_row(values, at) for values in cursor.fetchall()]


def row_of(case: Case, *, at: dt.datetime) -> QueueRow:
    """The same of a case that is loaded, with its operator and its holder."""
    operator = (case.operator.code, case.operator.name) if case.operator else ("", "")
    values = (
        case.pk, case.number_text, case.number_kind, *operator, case.status, case.category, case.region,
        case.channels, case.complaint_count, case.independent_count, case.confirmed_count,
        case.evidence_count, case.reported_loss, case.first_complaint_at, case.last_complaint_at,
        case.opened_at, case.due_at, case.paused_at,
        case.held_by_id, case.held_by and case.held_by.name, case.held_until,
        case.score, case.score_parts, case.reopened_count, case.suspected_spoofing, case.protected,
        case.resembles_protected, case.objection_since, case.via_ott,
    )  # fmt: skip
    return _row(values, at)


def _row(values: tuple[Any, ...], at: dt.datetime) -> QueueRow:
    row: dict[str, Any] = dict(zip(_NAMES, values, strict=True))
    row |= {
        "channels": as_dict(row["channels"]),
        "points": as_dict(row["points"]),
        "reported_loss": int(row["reported_loss"]),
    }
    until = row.pop("held_until")
    if row["held_by_id"] is None or until is None or until <= at:
        row["held_by_id"], row["held_by"] = None, ""
    row |= {
        "reference": f"K-{row['case_id']:08d}",
        "number_shown": format_number(row["number"]),
        "operator": row["operator"] or "",
        "operator_code": row["operator_code"] or "",
        "status": Status(row["status"]),
        "clock": Clock.NONE,
        "reopened": row["reopened"] > 0,
        "objection": row["objection"] is not None,
    }
    due_at = None
    if row["status"] in IN_QUEUE:
        due_at = row["due_at"]
        row["clock"] = clock_of(due_at, row["paused_at"], at)
    reported = (
        "independent",
        "confirmed",
        "evidence",
        "reported_loss",
        "last_complaint_at",
        "paused_at",
        "points",
    )
    why = ranking.explain(**{name: row[name] for name in reported}, due_at=due_at, at=at)
    return QueueRow(**row, why=why)


def as_dict(value: Any) -> dict[str, int]:
    """A jsonb column of a plain cursor: Django leaves it as text there."""
    return json.loads(value) if isinstance(value, str) else (value or {})


def filter_conditions(filters: Filters, given: dict[str, Any]) -> list[str]:
    """Conditions on case `c`; what they compare with goes into `given`, which names the instant `at`."""
    where = []
    if filters.operator:
        # By its key: how many cases an operator has decides which index serves the page.
        given["operator"] = (
            Operator.objects.filter(code=filters.operator).values_list("pk", flat=True).first()
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
    return where


def _pair(by_due: bool) -> str:
    return "(c.due_at, c.id)" if by_due else "(c.score, c.id)"


def _cursor(row: QueueRow, by_due: bool) -> str:
    if by_due and row.due_at is not None:
        return f"{int(row.due_at.timestamp() * 1_000_000)}.{row.case_id}"
    return f"{row.score}.{row.case_id}"


def _key(cursor: str, by_due: bool) -> tuple[Any, int]:
    first, _dot, second = cursor.partition(".")
    try:
        value, case_id = int(first), int(second)
        if not by_due:
            return value, case_id
        return dt.datetime.fromtimestamp(0, dt.UTC) + dt.timedelta(microseconds=value), case_id
    except (ValueError, OverflowError) as error:
        raise Invalid("cursor_unreadable", _("This page of the queue does not exist.")) from error
