"""Who carries a number. The range table is kept in the process and thrown away when the register changes."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection
from django.db.models import Model

from aduan.accounts.models import User
from aduan.operators.models import NumberRange
from aduan.operators.ranges import Holding, RangeTable

# The version of the register, for a statement that asks for other things as well.
VERSION: Final = "SELECT version FROM operators_registerversion WHERE id = 1"

_kept: tuple[str, int, RangeTable] | None = None


def holder_of(digits: int, *, on: dt.date, version: int | None = None) -> Holding | None:
    """Who held these E.164 digits on that day (Jakarta), by longest prefix.

    One single-row read when kept, none for a caller that has just asked for the `version`.
    """
    return range_table(version).holder_of(digits, on=on)


def range_table(version: int | None = None) -> RangeTable:
    """The current table. Costs one read of the version row; the ranges themselves only after a change.

    Asking the version each time is what makes a transfer take effect at once in every worker process. The
    version comes from a sequence that never steps back, so a rolled-back change cannot be mistaken for a
    later one; it is read before the ranges, so a change in between is noticed by the next call.
    """
    global _kept
    name = str(connection.settings_dict["NAME"])
    version = _version() if version is None else version
    if version is not None and _kept is not None and _kept[:2] == (name, version):
        return _kept[2]
    table = _load()
    if version is not None:
        _kept = (name, version, table)
    return table


def _version() -> int | None:
    with connection.cursor() as cursor:
        cursor.execute(VERSION)
        row = cursor.fetchone()
    return row[0] if row else None


def _load() -> RangeTable:
    rows = NumberRange.objects.exclude(valid__isempty=True).values_list(
        "prefix", "operator__code", "operator__name", "brand__name", "status", "valid", "operator_id", "pk"
    )
    return RangeTable(
        Holding(prefix, code, name or "", brand or "", status, valid.lower, valid.upper, operator_id, pk)
        for prefix, code, name, brand, status, valid, operator_id, pk in rows
    )


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One change of a row of the register. `changed` maps field names to (before, after)."""

    at: dt.datetime
    by: str
    reason: str
    begins: bool
    changed: dict[str, tuple[Any, Any]]


def history_of(row: Model) -> list[HistoryLine]:
    """Who changed what and why, oldest first, from the rows that triggers keep."""
    events = list(row.events.select_related("pgh_context").order_by("pgh_id"))  # type: ignore[attr-defined]
    people = {event.pgh_context.metadata.get("user") for event in events if event.pgh_context}
    names = dict(User.objects.filter(pk__in=people - {None}).values_list("pk", "name"))
    fields = [field.attname for field in row._meta.concrete_fields]
    lines = []
    for before, event in zip([None, *events], events, strict=False):
        metadata = event.pgh_context.metadata if event.pgh_context else {}
        lines.append(
            HistoryLine(
                at=event.pgh_created_at,
                by=names.get(metadata.get("user") or 0, ""),
                reason=metadata.get("reason", ""),
                begins=before is None,
                changed=_changes(before, event, fields) if before else {},
            )
        )
    return lines


def _changes(before: Any, after: Any, fields: list[str]) -> dict[str, tuple[Any, Any]]:
    pairs = {name: (getattr(before, name), getattr(after, name)) for name in fields if hasattr(after, name)}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
