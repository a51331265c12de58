"""Who carries a number. The range table is kept in the process and thrown away when the register changes."""

from __future__ import annotations

import datetime as dt

from django.db import connection

from aduan.operators.models import NumberRange, RegisterVersion
from aduan.operators.ranges import Holding, RangeTable

_kept: tuple[str, int, RangeTable] | None = None


def holder_of(digits: int, *, on: dt.date) -> Holding | None:
    """Who held these E.164 digits on that day (Jakarta), by longest prefix. One single-row read when kept."""
    return range_table().holder_of(digits, on=on)


def range_table() -> RangeTable:
    """The current table. Costs one read of the version row; the ranges themselves only after a change.

    Asking the version each time is what makes a transfer take effect at once in every worker process. The
    version comes from a sequence that never steps back, so a rolled-back change cannot be mistaken for a
    later one; it is read before the ranges, so a change in between is noticed by the next call.
    """
    global _kept
    name = str(connection.settings_dict["NAME"])
    version = RegisterVersion.objects.filter(pk=1).values_list("version", flat=True).first()
    if version is not None and _kept is not None and _kept[:2] == (name, version):
        return _kept[2]
    table = _load()
    if version is not None:
        _kept = (name, version, table)
    return table


def _load() -> RangeTable:
    rows = NumberRange.objects.exclude(valid__isempty=True).values_list(
        "prefix", "operator__code", "operator__name", "brand__name", "status", "valid", "operator_id", "pk"
    )
    return RangeTable(
        Holding(prefix, code, name or "", brand or "", status, valid.lower, valid.upper, operator_id, pk)
        for prefix, code, name, brand, status, valid, operator_id, pk in rows
    )
