"""A proof of who acts, sent again: a code serves once, and what waited for it is done once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from aduan.accounts.models import User
from aduan.complaints.models import Complaint, ContactAccess
from aduan.operators.models import Operator
from tests.factories import complaints
from tests.portal.second_factor import PERIOD, code_now
from tests.portal.staff.login import log_in_staff

pytestmark = pytest.mark.django_db
ASKED = "/akun/2fa/reauthenticate/"


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(dt.datetime(2026, 11, 18, 2, 0, tzinfo=dt.UTC), tick=False) as clock:
        yield clock


@pytest.fixture
def address(clock: time_machine.Traveller, telkomsel: Operator) -> str:
    """A grave act: a complainant's contact is shown, and that it was is on record."""
    filed: Complaint = complaints.complaint(timezone.now(), contact_email="sari@warga.example")
    return reverse("staff:reveal", args=[filed.case_id, filed.pk])


def _asked_again(client: Client, address: str) -> str:
    answer = client.post(address, {"reason": "Menelepon balik pelapor"})
    place: str = answer["Location"]
    assert place.startswith(ASKED)
    return place


def test_a_code_that_was_read_over_a_shoulder_serves_no_second_session(
    clock: time_machine.Traveller, address: str, budi: User
) -> None:
    own, stolen = (log_in_staff(Client(), budi, proved_minutes_ago=20) for _session in range(2))
    code = code_now()
    own.post(_asked_again(own, address), {"code": code})
    assert ContactAccess.objects.count() == 1
    for _try in range(2):
        stolen.post(_asked_again(stolen, address), {"code": code})
        assert ContactAccess.objects.count() == 1
        clock.shift(dt.timedelta(seconds=PERIOD))


def test_what_waited_for_the_proof_is_done_once_however_often_the_proof_is_sent(
    clock: time_machine.Traveller, address: str, budi: User
) -> None:
    client = log_in_staff(Client(), budi, proved_minutes_ago=20)
    place = _asked_again(client, address)
    for _turn in range(3):
        client.post(place, {"code": code_now()})
        clock.shift(dt.timedelta(seconds=PERIOD))
    assert ContactAccess.objects.count() == 1


def test_what_waited_is_not_done_for_who_logs_in_next(
    clock: time_machine.Traveller, address: str, budi: User, citra: User
) -> None:
    client = log_in_staff(Client(), budi, proved_minutes_ago=20)
    place = _asked_again(client, address)
    log_in_staff(client, citra, proved_minutes_ago=20)
    client.post(place, {"code": code_now()})
    assert not ContactAccess.objects.exists()
