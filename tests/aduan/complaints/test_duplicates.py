"""AB1, AB3: complaints of one source about one number are linked to the first, not counted."""

from __future__ import annotations

import datetime as dt

import pytest

from aduan.cases.models import Case
from aduan.complaints.models import Complaint
from aduan.complaints.services import due_evidence, process_evidence, withdraw
from aduan.complaints.types import ClientIdentity
from tests.factories import files
from tests.factories.complaints import a_client, complaint, filed

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _home(telkomsel):
    """The numbers here belong to operator A."""


def counted() -> tuple[int, int]:
    case = Case.objects.get()
    return case.complaint_count, case.independent_count


@pytest.mark.parametrize(
    ("fields", "link"),
    [
        ({"sender": ClientIdentity(device="one-device")}, "device"),
        ({"sender": ClientIdentity(address="203.0.113.9")}, "network"),
        ({"contact_email": "brigade@example.id"}, "contact"),
        (
            {"narrative": "Selamat anda menang undian mobil, kirim pajak ke rekening kami hari ini juga."},
            "text",
        ),
    ],
    ids=["device", "address", "contact", "copied text"],
)
def test_fifty_of_one_source_are_one(fields, link, now):
    for _turn in range(50):
        filed(now, **fields)
    assert counted() == (50, 1)
    first, *rest = Complaint.objects.order_by("id")
    assert {copy.duplicate_of_id for copy in rest} == {first.pk}
    assert {copy.duplicate_reason for copy in rest} == {link}


def test_fifty_with_one_screenshot_are_one(now):
    data = files.jpeg()
    for _turn in range(10):
        filed(now, evidence=[files.upload(data)])
    assert counted() == (10, 1)


def test_neighbours_in_one_network_are_one_for_a_day_only(now):
    for host in range(1, 5):
        filed(now, sender=ClientIdentity(address=f"203.0.113.{host}", device=f"d{host}"))
    assert counted() == (4, 1)
    filed(now + dt.timedelta(days=1), sender=ClientIdentity(address="203.0.113.1", device="d9"))
    assert counted() == (5, 2)


def test_independent_people_are_all_counted(now):
    for _turn in range(20):
        filed(now)
    assert counted() == (20, 20)


def test_the_same_source_about_another_number_counts_there(now):
    sender = a_client()
    filed(now, sender=sender)
    other = complaint(now, "0813-0000-0001", sender=sender)
    assert other.duplicate_of_id is None


def test_a_chain_of_links_ends_at_the_first(now):
    first = complaint(now, sender=ClientIdentity(device="a"))
    filed(now, sender=ClientIdentity(device="a"), contact_email="b@example.id")
    third = complaint(now, contact_email="b@example.id")
    assert third.duplicate_of_id == first.pk


def test_when_the_first_is_withdrawn_its_oldest_copy_stands_for_them(now):
    first = complaint(now, sender=ClientIdentity(device="a"))
    second = complaint(now, sender=ClientIdentity(device="a"))
    third = complaint(now, sender=ClientIdentity(device="a"))
    withdraw(first, at=now)
    second.refresh_from_db()
    third.refresh_from_db()
    assert (second.duplicate_of_id, third.duplicate_of_id) == (None, second.pk)
    assert counted() == (2, 1)


def test_a_withdrawn_complaint_links_no_one(now):
    withdraw(complaint(now, sender=ClientIdentity(device="a")), at=now)
    again = complaint(now, sender=ClientIdentity(device="a"))
    assert again.duplicate_of_id is None
    assert counted() == (1, 1)
    assert complaint(now, sender=ClientIdentity(device="a")).duplicate_of_id == again.pk


def test_a_recompressed_screenshot_is_linked_once_it_is_examined(now):
    first = complaint(now, evidence=[files.upload(files.jpeg())])
    second = complaint(now, evidence=[files.upload(files.jpeg(quality=35))])
    other = complaint(now, evidence=[files.upload(files.jpeg(files.chat(33)))])
    assert counted() == (3, 3)
    for key in due_evidence(at=now):
        assert process_evidence(key, at=now) == "clean"
    second.refresh_from_db()
    other.refresh_from_db()
    assert (second.duplicate_of_id, second.duplicate_reason) == (first.pk, "picture")
    assert other.duplicate_of_id is None
    assert counted() == (3, 2)
