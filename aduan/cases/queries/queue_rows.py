"""The rows of the queue, the search and the campaigns: one selection, one shape."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection

from aduan.cases import ranking
from aduan.cases.clocks import BEATS, Clock, clock_of
from aduan.cases.models import Case
from aduan.cases.models.case import case_reference
from aduan.cases.queries.present_people import NAMES_OF_PRESENT
from aduan.cases.workflow import IN_QUEUE, Status
from aduan.numbers.parsing import format_number

COLUMNS: Final = f"""
    c.id, c.number_text, c.number_kind, o.code, o.name, c.status, c.category, c.region, c.channels,
    c.complaint_count, c.independent_count, c.confirmed_count, c.evidence_count, c.reported_loss,
    c.first_complaint_at, c.last_complaint_at, c.opened_at, c.due_at, c.paused_at, c.held_by_id, h.name,
    c.held_until, c.score, c.score_parts, c.reopened_count, c.suspected_spoofing, c.protected,
    c.resembles_protected, c.objection_since, c.via_ott, c.ranker_words,
    {NAMES_OF_PRESENT} AND p.case_id = c.id)
"""
_NAMES: Final = (
    "case_id", "number", "kind", "operator_code", "operator", "status", "category", "region", "channels",
    "complaints", "independent", "confirmed", "evidence", "reported_loss",
    "first_complaint_at", "last_complaint_at", "opened_at", "due_at", "paused_at", "held_by_id", "held_by",
    "held_until", "score", "points", "reopened", "suspected_spoofing", "protected",
    "resembles_protected", "objection", "via_ott", "ranker_words", "present",
)  # fmt: skip
JOINS: Final = """
    LEFT JOIN operators_operator o ON o.id = c.operator_id
    LEFT JOIN accounts_user h ON h.id = c.held_by_id
"""


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One row of the queue; `held_by` is set while a lease runs.

    `why` explains the rank in one sentence, `strokes` show its three facts.
    """

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
    strokes: ranking.Strokes
    reopened: bool
    suspected_spoofing: bool
    protected: bool
    resembles_protected: bool
    objection: bool
    via_ott: bool
    ranker_words: tuple[str, ...]  # that speak for a block, as the shadow ranker read it
    present: tuple[str, ...]  # who has it open at this moment


def fetch_rows(sql: str, given: dict[str, Any], *, at: dt.datetime) -> list[QueueRow]:
    """Runs a statement that selects `COLUMNS` and gives its rows as people see them."""
    with connection.cursor() as cursor:
        cursor.execute(sql, {**given, "present": at - BEATS})
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
        case.resembles_protected, case.objection_since, case.via_ott, case.ranker_words, None,
    )  # fmt: skip
    return _row(values, at)


def _row(values: tuple[Any, ...], at: dt.datetime) -> QueueRow:
    row: dict[str, Any] = dict(zip(_NAMES, values, strict=True))
    row |= {
        "channels": as_dict(row["channels"]),
        "points": as_dict(row["points"]),
        "reported_loss": int(row["reported_loss"]),
        "present": tuple(as_list(row["present"])),
        "ranker_words": tuple(row["ranker_words"] or ()),
    }
    until = row.pop("held_until")
    if row["held_by_id"] is None or until is None or until <= at:
        row["held_by_id"], row["held_by"] = None, ""
    row |= {
        "reference": case_reference(row["case_id"]),
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
        "ranker_words",
    )
    why = ranking.explain(**{name: row[name] for name in reported}, due_at=due_at, at=at)
    strokes = ranking.strokes(
        independent=row["independent"], evidence=row["evidence"], reported_loss=row["reported_loss"]
    )
    return QueueRow(**row, why=why, strokes=strokes)


def as_dict(value: Any) -> dict[str, int]:
    """A jsonb column of a plain cursor: Django leaves it as text there."""
    return json.loads(value) if isinstance(value, str) else (value or {})


def as_list(value: Any) -> list[str]:
    """The same of an array."""
    return json.loads(value) if isinstance(value, str) else (value or [])
