"""What operators need to trace a spoofed call: when it rang, and nothing about whom it rang at."""

from __future__ import annotations

import datetime as dt

import pytest

from aduan.complaints.queries import calls_of
from aduan.complaints.services import withdraw
from tests.factories.complaints import complaint

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


def test_calls_are_reported_newest_first_and_messages_are_not(now: dt.datetime) -> None:
    first = complaint(now, channel="call", occurred_at=now - 5 * HOUR)
    complaint(now, channel="call", occurred_at=now - HOUR)
    complaint(now, channel="sms", occurred_at=now - 2 * HOUR)
    gone = complaint(now, channel="call", occurred_at=now - 3 * HOUR)
    withdraw(gone, at=now)
    assert calls_of([first.case_id]) == {first.case_id: [now - HOUR, now - 5 * HOUR]}
    assert calls_of([first.case_id], limit=1) == {first.case_id: [now - HOUR]}
