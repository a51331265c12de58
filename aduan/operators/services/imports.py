"""A table of ranges as CSV: what it would change, and then changing it."""

from __future__ import annotations

import csv
import datetime as dt
import io
from dataclasses import dataclass, replace
from typing import Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from aduan.accounts.models import User
from aduan.accounts.roles import Permission
from aduan.core.errors import DomainError, Invalid
from aduan.operators.models import NumberRange, Operator
from aduan.operators.services import ranges

_COLUMNS: Final = ("prefix", "operator", "brand", "status", "since", "until", "source", "note")
MOST_ROWS: Final = 5_000


@dataclass(frozen=True, slots=True)
class Change:
    """What one line of the file means for the register."""

    line: int
    prefix: str
    action: str  # "same", "add", "transfer", "end", "error"
    before: str = ""
    after: str = ""
    since: dt.date | None = None
    until: dt.date | None = None
    status: str = NumberRange.Status.ACTIVE
    brand: str = ""
    source: str = ""
    note: str = ""
    operator: str = ""
    problem: StrOrPromise = ""


def read_csv(text: str) -> list[Change]:
    """Each line against the register as it is. Raises Invalid when the file itself cannot be read."""
    reader = csv.DictReader(io.StringIO(text.lstrip("\ufeff")))
    missing = [name for name in _COLUMNS[:4] if name not in (reader.fieldnames or ())]
    if missing:
        raise Invalid(
            "columns_missing", _("The first line must name the columns prefix, operator, brand, status.")
        )
    operators = dict(Operator.objects.values_list("code", "name"))
    current = _current()
    changes: list[Change] = []
    for line, row in enumerate(reader, start=2):
        if line > MOST_ROWS:
            raise Invalid("too_many_rows", _("A file may have at most 5,000 lines."))
        changes.append(
            _change(line, {key: (row.get(key) or "").strip() for key in _COLUMNS}, operators, current)
        )
    return changes


def _current() -> dict[str, list[NumberRange]]:
    rows: dict[str, list[NumberRange]] = {}
    for row in NumberRange.objects.exclude(valid__isempty=True).select_related("operator", "brand"):
        rows.setdefault(row.prefix, []).append(row)
    return rows


def _change(
    line: int, row: dict[str, str], operators: dict[str, str], current: dict[str, list[NumberRange]]
) -> Change:
    try:
        prefix = ranges.checked_prefix(row["prefix"])
        since, until = (dt.date.fromisoformat(row[key]) if row[key] else None for key in ("since", "until"))
    except DomainError as refusal:
        return Change(line, row["prefix"], "error", problem=refusal.message)
    except ValueError:
        return Change(line, row["prefix"], "error", problem=_("A day is written like 2026-11-30."))
    problem = _problem(row, operators, since, until)
    if problem:
        return Change(line, prefix, "error", problem=problem)
    status = row["status"] or NumberRange.Status.ACTIVE
    wanted = Change(
        line,
        prefix,
        "add",
        after=operators.get(row["operator"], ""),
        since=since,
        until=until,
        status=status,
        brand=row["brand"],
        source=row["source"],
        note=row["note"],
        operator=row["operator"],
    )
    return _against(wanted, current.get(prefix, []))


def _problem(
    row: dict[str, str], operators: dict[str, str], since: dt.date | None, until: dt.date | None
) -> StrOrPromise:
    if row["operator"] and row["operator"] not in operators:
        return _("There is no operator with this code.")
    if row["status"] and row["status"] not in NumberRange.Status.values:
        return _("The status is active, unassigned or defunct.")
    if (row["status"] or "active") == "active" and not row["operator"]:
        return _("An active range needs an operator.")
    if since and until and until <= since:
        return _("The range ends before it begins.")
    return "" if row["source"] else _("The source is missing.")


def _against(wanted: Change, rows: list[NumberRange]) -> Change:
    """Compare with the rows of the same prefix that share a day with the wanted one."""
    shared = [row for row in rows if _overlap(row, wanted)]
    if not shared:
        return wanted
    held = shared[-1]
    before = held.operator.name if held.operator else held.get_status_display()
    same_holder = (
        held.operator.code if held.operator else ""
    ) == wanted.operator and held.status == wanted.status
    if len(shared) == 1 and same_holder:
        if (held.valid.lower, held.valid.upper) == (wanted.since, wanted.until):
            return replace(wanted, action="same", before=before)
        if held.valid.upper is None and wanted.until and held.valid.lower == wanted.since:
            return replace(wanted, action="end", before=before)
    opens_later = wanted.since is not None and (held.valid.lower is None or held.valid.lower < wanted.since)
    if len(shared) == 1 and held.valid.upper is None and opens_later and not same_holder:
        return replace(wanted, action="transfer", before=before)
    return replace(
        wanted,
        action="error",
        before=before,
        problem=_("Another range holds this prefix on one of these days."),
    )


def _overlap(row: NumberRange, wanted: Change) -> bool:
    starts_before_end = wanted.until is None or row.valid.lower is None or row.valid.lower < wanted.until
    ends_after_start = wanted.since is None or row.valid.upper is None or row.valid.upper > wanted.since
    return starts_before_end and ends_after_start


@transaction.atomic
def apply(text: str, *, reason: str, by: User, at: dt.datetime) -> list[Change]:
    """Does what `read_csv` announces, all of it or nothing. Raises Invalid when a line has a problem."""
    by.require(Permission.EDIT_REGISTER)
    changes = read_csv(text)
    bad = next((change for change in changes if change.action == "error"), None)
    if bad is not None:
        raise Invalid("import_has_errors", _("The file has lines that cannot be taken over."), line=bad.line)
    for change in changes:
        _apply_one(change, reason=reason, by=by, at=at)
    return changes


def _apply_one(change: Change, *, reason: str, by: User, at: dt.datetime) -> None:
    if change.action in ("transfer", "end"):
        held = NumberRange.objects.get(prefix=change.prefix, valid__upper_inf=True, valid__isempty=False)
        last_day = change.since if change.action == "transfer" else change.until
        if last_day is not None:
            ranges.end_range(held, on=last_day, reason=reason, by=by, at=at)
    if change.action in ("add", "transfer"):
        ranges.add_range(
            change.prefix,
            operator=Operator.objects.filter(code=change.operator).first(),
            brand=change.brand,
            status=change.status,
            since=change.since,
            until=change.until,
            source=change.source,
            note=change.note,
            reason=reason,
            by=by,
            at=at,
        )
