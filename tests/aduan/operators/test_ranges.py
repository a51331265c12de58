"""Ranges are added, ended and transferred by people with the role, and every change says who and why."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection

from aduan.core.audit_actions import AuditAction
from aduan.core.errors import Forbidden, Invalid, WrongState
from aduan.core.models import AuditLogEntry
from aduan.operators.models import NumberRange
from aduan.operators.queries import holder_of
from aduan.operators.services import ranges

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 12, 1)
WHY: dict[str, Any] = {"reason": "Merger announced", "source": "Permenkomdigi 1/2026"}


def held(who: Any, *, on: dt.date) -> Any:
    return holder_of(who, on=on)


def history_of(row: NumberRange) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT e.pgh_label, c.metadata->>'user', c.metadata->>'reason' FROM operators_numberrangeevent e"
            " LEFT JOIN pghistory_context c ON c.id = e.pgh_context_id WHERE e.pgh_obj_id = %s"
            " ORDER BY e.pgh_id",
            [row.pk],
        )
        return cursor.fetchall()


def test_a_range_is_added_with_its_source(telkomsel, rini, now):
    row = ranges.add_range("0850", operator=telkomsel, brand="Baru", since=DAY, **WHY, by=rini, at=now)
    assert row.prefix == "62850"
    assert held(6285012345678, on=DAY).operator_code == "telkomsel"
    assert held(6285012345678, on=DAY - dt.timedelta(days=1)) is None
    assert history_of(row) == [("insert", str(rini.pk), "Merger announced")]
    assert AuditLogEntry.objects.get(action=AuditAction.NUMBER_RANGE_ADD).subject == f"range:{row.pk}"


def test_a_transfer_ends_one_row_and_begins_the_next(telkomsel, indosat, rini, now):
    row = NumberRange.objects.get(prefix="62811")
    ranges.transfer_range(row, to=indosat, on=DAY, **WHY, by=rini, at=now)
    assert held(6281112345678, on=DAY - dt.timedelta(days=1)).operator_code == "telkomsel"
    assert held(6281112345678, on=DAY).operator_code == "indosat"
    assert held(6281112345678, on=DAY).brand == "Telkomsel"
    assert [label for label, _, _ in history_of(row)] == ["insert", "update"]


def test_a_merger_moves_every_range_that_is_still_held(telkomsel, indosat, rini, now):
    moved = ranges.transfer_all(telkomsel, to=indosat, on=DAY, **WHY, by=rini, at=now)
    assert sorted(row.prefix for row in moved) == ["62811", "62812", "62813"]


def test_a_range_ends_on_a_day_and_only_once(telkomsel, rini, now):
    row = NumberRange.objects.get(prefix="62811")
    ranges.end_range(row, on=DAY, reason="Licence revoked", by=rini, at=now)
    assert held(6281112345678, on=DAY) is None
    with pytest.raises(WrongState, match="range_ended"):
        ranges.end_range(row, on=DAY, reason="Licence revoked", by=rini, at=now)


def test_an_overlap_is_refused_with_a_reason(telkomsel, indosat, rini, now):
    with pytest.raises(WrongState, match="range_overlaps"):
        ranges.add_range("0811", operator=indosat, brand="", since=DAY, **WHY, by=rini, at=now)


@pytest.mark.parametrize("prefix", ["81", "0", "+1 212", "08x1", "62" + "8" * 12, ""])
def test_a_prefix_that_is_none_is_refused(telkomsel, rini, now, prefix):
    with pytest.raises(Invalid, match="bad_prefix"):
        ranges.add_range(prefix, operator=telkomsel, brand="", since=DAY, **WHY, by=rini, at=now)


def test_every_change_needs_a_reason(telkomsel, rini, now):
    row = NumberRange.objects.get(prefix="62811")
    with pytest.raises(Invalid, match="reason_missing"):
        ranges.end_range(row, on=DAY, reason=" ", by=rini, at=now)


def test_who_only_reviews_cannot_change_the_register(telkomsel, budi, dewi, now):
    for person in (budi, dewi):
        with pytest.raises(Forbidden):
            ranges.end_range(
                NumberRange.objects.get(prefix="62811"), on=DAY, reason="Because", by=person, at=now
            )
