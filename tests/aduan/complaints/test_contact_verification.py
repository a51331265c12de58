"""AB4: codes confirm a contact, cannot be guessed, and cannot be pumped at strangers."""

from __future__ import annotations

import datetime as dt
import random

import pytest

from aduan.cases.models import Case
from aduan.complaints.services import confirm_contact, send_code, withdraw
from aduan.complaints.types import ClientIdentity, ContactWay
from aduan.core.errors import WrongState
from aduan.notifications.models import OutboxMessage, VerificationCode
from tests.factories.complaints import a_client, complaint, sent_code

pytestmark = pytest.mark.django_db
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _home(telkomsel):
    """The numbers here belong to operator A."""


@pytest.mark.parametrize("way", [ContactWay.EMAIL, ContactWay.PHONE])
def test_the_right_code_confirms_and_adds_weight(way, now):
    filed = complaint(now, contact_email="sari@example.id", contact_phone="0815 0000 1234")
    send_code(filed, way=way, sender=a_client(), at=now)
    assert OutboxMessage.objects.latest("id").channel == ("email" if way == ContactWay.EMAIL else "sms")
    assert confirm_contact(filed, way=way, code=f" {sent_code()} ", at=now + MINUTE)
    assert Case.objects.get().confirmed_count == 1
    filed.refresh_from_db()
    assert (filed.email_confirmed_at is not None) == (way == ContactWay.EMAIL)


def test_confirming_both_contacts_weighs_once(now):
    filed = complaint(now, contact_email="sari@example.id", contact_phone="0815 0000 1234")
    for way in ContactWay:
        send_code(filed, way=way, sender=a_client(), at=now)
        assert confirm_contact(filed, way=way, code=sent_code(), at=now)
    assert Case.objects.get().confirmed_count == 1


def test_a_code_works_once(now):
    filed = complaint(now, contact_email="sari@example.id")
    send_code(filed, way=ContactWay.EMAIL, sender=a_client(), at=now)
    assert confirm_contact(filed, way=ContactWay.EMAIL, code=sent_code(), at=now)
    assert not confirm_contact(filed, way=ContactWay.EMAIL, code=sent_code(), at=now)


def test_after_five_wrong_tries_even_the_right_code_is_worthless(now):
    filed = complaint(now, contact_email="sari@example.id")
    send_code(filed, way=ContactWay.EMAIL, sender=a_client(), at=now)
    code = sent_code()
    wrong = f"{(int(code) + 1) % 10**6:06d}"
    for _try in range(5):
        assert not confirm_contact(filed, way=ContactWay.EMAIL, code=wrong, at=now)
    assert not confirm_contact(filed, way=ContactWay.EMAIL, code=code, at=now)


def test_a_code_is_too_old_after_a_quarter_of_an_hour(now):
    filed = complaint(now, contact_email="sari@example.id")
    send_code(filed, way=ContactWay.EMAIL, sender=a_client(), at=now)
    assert not confirm_contact(filed, way=ContactWay.EMAIL, code=sent_code(), at=now + 16 * MINUTE)


def test_the_code_of_one_complaint_does_not_open_another(now):
    one = complaint(now, contact_email="one@example.id")
    other = complaint(now, contact_email="other@example.id")
    send_code(one, way=ContactWay.EMAIL, sender=a_client(), at=now)
    code = sent_code()
    send_code(other, way=ContactWay.EMAIL, sender=a_client(), at=now)
    assert confirm_contact(one, way=ContactWay.EMAIL, code=code, at=now)
    assert sent_code() == code or not confirm_contact(other, way=ContactWay.EMAIL, code=code, at=now)


def test_the_code_itself_is_not_stored(now):
    filed = complaint(now, contact_email="sari@example.id")
    send_code(filed, way=ContactWay.EMAIL, sender=a_client(), at=now)
    assert sent_code().encode() not in bytes(VerificationCode.objects.get().digest)


def test_one_contact_gets_three_codes_a_day(now):
    filed = complaint(now, contact_email="sari@example.id")
    for turn in range(3):
        send_code(filed, way=ContactWay.EMAIL, sender=a_client(), at=now + turn * MINUTE)
    again = complaint(now, contact_email="sari@example.id")
    with pytest.raises(WrongState) as refusal:
        send_code(again, way=ContactWay.EMAIL, sender=a_client(), at=now + 5 * MINUTE)
    assert refusal.value.code == "too_many_codes"
    send_code(again, way=ContactWay.EMAIL, sender=a_client(), at=now + dt.timedelta(days=1, minutes=3))


def test_a_thousand_requests_from_one_address_send_each_contact_its_three_codes(now):
    """The address may be a carrier's, shared by thousands: it is not what is counted first."""
    dice = random.Random(4)
    source = ClientIdentity(address="203.0.113.5")
    targets = [complaint(now, contact_phone=f"0815 0000 {turn:04d}") for turn in range(25)]
    refused = 0
    for turn in range(1000):
        try:
            send_code(
                dice.choice(targets),
                way=ContactWay.PHONE,
                sender=source,
                at=now + turn * dt.timedelta(seconds=3),
            )
        except WrongState:
            refused += 1
    assert VerificationCode.objects.count() == 1000 - refused == 3 * len(targets)


@pytest.mark.parametrize("limit", ["PER_DAY", "PER_ADDRESS_AND_HOUR"])
def test_what_strangers_use_up_ends_second_codes_only(now, monkeypatch, limit):
    """On bb865956 20,000 codes of strangers, or 200 of one address, left others without one."""
    spent = {("contact", "email"): 2} if limit == "PER_DAY" else 2
    monkeypatch.setattr(f"aduan.notifications.services.verification_codes.{limit}", spent)
    filed = [complaint(now, contact_email=f"p{turn}@example.id") for turn in range(4)]
    source = ClientIdentity(address="203.0.113.5")
    for one in filed:
        send_code(one, way=ContactWay.EMAIL, sender=source, at=now)
    with pytest.raises(WrongState, match="too_many_codes"):
        send_code(filed[3], way=ContactWay.EMAIL, sender=source, at=now + MINUTE)


def test_without_a_contact_or_after_withdrawal_there_is_nothing_to_confirm(now):
    with pytest.raises(WrongState):
        send_code(complaint(now), way=ContactWay.EMAIL, sender=a_client(), at=now)
    filed = complaint(now, contact_email="sari@example.id")
    withdraw(filed, at=now)
    filed.refresh_from_db()
    with pytest.raises(WrongState):
        send_code(filed, way=ContactWay.EMAIL, sender=a_client(), at=now)


def test_people_behind_one_address_are_reported_apart_by_a_confirmed_contact(now):
    complaint(now, sender=ClientIdentity(address="203.0.113.1", device="a"))
    second = complaint(
        now, sender=ClientIdentity(address="203.0.113.2", device="b"), contact_email="b@example.id"
    )
    assert Case.objects.get().independent_count == 1
    send_code(second, way=ContactWay.EMAIL, sender=a_client(), at=now)
    assert confirm_contact(second, way=ContactWay.EMAIL, code=sent_code(), at=now)
    assert Case.objects.get().independent_count == 2
