"""A source that complains about many numbers stops to count, on all of them; a diligent person does not."""

from __future__ import annotations

import datetime as dt

import pytest

from aduan.cases.models import Case
from aduan.complaints.models import Complaint
from aduan.complaints.queries import complaints_of
from aduan.complaints.services import reindex_cases, withdraw
from aduan.complaints.types import ClientIdentity
from tests.factories.complaints import complaint

pytestmark = pytest.mark.django_db


def _independent(one: Complaint) -> int:
    return Case.objects.get(pk=one.case_id).independent_count


def test_a_source_that_complains_about_many_numbers_stops_to_count(now: dt.datetime) -> None:
    """Also on the numbers it began with; what others said of them stays."""
    sender = ClientIdentity(device="sama")
    other = complaint(now, "0812-7000-0000")
    own = [complaint(now, f"0812-7000-{turn:04d}", sender=sender) for turn in range(6)]
    assert _independent(own[0]) == 2
    reindex_cases(at=now)
    assert [_independent(one) for one in own] == [1, 0, 0, 0, 0, 0]
    assert [row.mass_reporter for row in complaints_of(other.case)] == [True, False]
    withdraw(own[1], at=now)
    assert _independent(own[1]) == 0
    reindex_cases(at=now)
    assert _independent(own[0]) == 1  # once only


def test_a_diligent_person_counts_on_each_of_five_numbers(now: dt.datetime) -> None:
    own = [
        complaint(now, f"0812-7000-{turn:04d}", contact_email="sari@example.id", sender=ClientIdentity())
        for turn in range(5)
    ]
    reindex_cases(at=now)
    assert [_independent(one) for one in own] == [1] * 5
