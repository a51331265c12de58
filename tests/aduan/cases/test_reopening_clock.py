"""The 24 hours of a case run from the complaint: closing and reopening it makes no late case punctual.

Until 2026-11-27 (9f931d8) one person closed an overdue case and reopened it, and had 24 hours more.
"""

from __future__ import annotations

import datetime as dt

import pytest

from aduan.accounts.models import User
from aduan.cases import services
from aduan.operators.models import Operator
from tests.factories import cases as make

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


def test_a_person_who_reopens_a_case_does_not_reset_its_clock(
    telkomsel: Operator, budi: User, citra: User, now: dt.datetime
) -> None:
    make.reasons()
    case = make.make_case(telkomsel, at=now)
    clock = (case.ready_at, case.due_at)
    assert clock == (now, now + 24 * HOUR)
    make.dismissed(case, by=budi, at=now + 30 * HOUR, reason_code="test-dismiss")
    case = services.reopen(case, by=citra, at=now + 31 * HOUR, reason="Bukti baru")
    assert (case.ready_at, case.due_at) == clock


def test_a_new_complaint_about_a_closed_case_has_its_own_day(
    telkomsel: Operator, budi: User, now: dt.datetime
) -> None:
    make.reasons()
    case = make.make_case(telkomsel, at=now)
    make.dismissed(case, by=budi, at=now + HOUR, reason_code="test-dismiss")
    later = services.open_or_join(case.number, report=make.report(), at=now + 48 * HOUR)
    later.refresh_from_db()
    assert (later.pk, later.due_at) == (case.pk, now + 72 * HOUR)
