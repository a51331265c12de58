"""Limits count devices, work and mailboxes; a shared address never locks people out.

Seen to fail on 0.1.0: whole IPv6 addresses were counted, of which one subscriber has 2**64; the 301st
complaint from one IPv4 address in an hour was refused for every sender; `+tag` and capital letters got 25
letters to one mailbox where 20 are the most.
"""

from __future__ import annotations

import datetime as dt
import uuid
from unittest.mock import patch

import pytest
from django.test import Client

from aduan.core.errors import WrongState
from aduan.core.networks import subscriber_network
from aduan.core.vault import blind_index
from aduan.notifications.models import OutboxMessage, VerificationCode
from aduan.notifications.services import CodeTarget, issue_code
from portal.public import rate_limits
from tests.portal.public.forms import STORY, receipt_of, send
from tests.portal.public.test_rate_limits import solved

pytestmark = pytest.mark.django_db


def limit_of(count: int) -> rate_limits.Limit:
    """A limit that nothing was counted for yet."""
    return rate_limits.Limit(uuid.uuid4().hex, count, 3600)


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("198.51.100.7", "198.51.100.7"),
        ("::ffff:198.51.100.7", "198.51.100.7"),
        ("2001:db8:0:1::1", "2001:db8:0:1::/64"),
        ("2001:db8:0:1:ffff:ffff:ffff:ffff", "2001:db8:0:1::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
        ("unknown", ""),
    ],
)
def test_a_subscriber_is_an_ipv4_address_or_an_ipv6_64(address: str, network: str) -> None:
    assert subscriber_network(address) == network


def test_another_address_of_the_same_subscriber_gains_nothing() -> None:
    with patch.object(rate_limits, "SEND_WITHOUT_PROOF", limit_of(2)):
        codes = [
            send(Client(REMOTE_ADDR=f"2001:db8::{turn:x}"), narrative=f"{STORY} {turn}").status_code
            for turn in range(4)
        ]
    assert codes == [302, 302, 429, 429]


def test_neighbours_who_did_the_work_send_whatever_their_address_sent_before() -> None:
    with patch.object(rate_limits, "SEND_WITHOUT_PROOF", limit_of(0)):
        for turn in range(3):
            neighbour = Client(REMOTE_ADDR="198.51.100.7")
            assert send(neighbour, narrative=f"{STORY} {turn} tanpa").status_code == 429
            receipt_of(send(neighbour, narrative=f"{STORY} {turn}", altcha=solved(neighbour)))


def test_spellings_of_one_mailbox_are_counted_together(client: Client) -> None:
    spellings = ("sari@example.id", "Sari@example.id", "sari+1@example.id", "SARI+two@EXAMPLE.id")
    with patch.object(rate_limits, "SEND_CONTACT", limit_of(2)):
        codes = [
            send(client, contact_email=address, narrative=f"{STORY} {address}").status_code
            for address in spellings
        ]
    assert codes == [302, 302, 429, 429]


def test_an_unconfirmed_mailbox_gets_one_letter_a_day_however_it_is_spelled(client: Client) -> None:
    for turn, address in enumerate(("sari@example.id", "Sari@example.id", "sari+1@example.id")):
        receipt_of(send(client, contact_email=address, number=f"0812-3456-789{turn}"))
    assert OutboxMessage.objects.filter(kind="complaint_received").count() == 1


def test_codes_are_counted_by_subscriber(now) -> None:
    for turn in range(2):
        issue_code(
            CodeTarget(VerificationCode.Purpose.CONTACT, OutboxMessage.Channel.SMS, f"complaint:{turn}"),
            recipient_index=blind_index("phone", f"+62812000000{turn}"),
            address=f"2001:db8::{turn + 1:x}",
            at=now,
        )
    assert VerificationCode.objects.values("address_index").distinct().count() == 1


@pytest.mark.parametrize(
    ("name", "address", "given"),
    [
        ("CHECK", "/cek/", {"number": "0812-3456-7890"}),
        ("LOOKUP", "/lacak/", {"ticket": "AN-22222-22222", "secret": "x"}),
        ("CREATE_OBJECTION", "/keberatan/", {"number": "0812-3456-7890"}),
    ],
)
def test_a_crowd_behind_one_address_locks_no_one_out(name: str, address: str, given: dict[str, str]) -> None:
    """Seen on e14b882: after 120 checks from one address in ten minutes every neighbour was refused."""
    with patch.object(rate_limits, name, limit_of(3)):
        crowd = [Client(REMOTE_ADDR="198.51.100.7").post(address, given).status_code for _turn in range(5)]
        assert crowd[3:] == [429, 429]
        neighbour = Client(REMOTE_ADDR="198.51.100.7")
        assert neighbour.post(address, given).status_code == 429, "the refusal gives the browser a mark"
        own = [neighbour.post(address, given).status_code for _turn in range(4)]
    assert 429 not in own[:3]
    assert own[3] == 429, "and a device has its own end"


def test_marks_without_number_behind_one_address_are_stopped() -> None:
    with patch.object(rate_limits, "CHECK", limit_of(1)), patch.object(rate_limits, "CROWD", 3):
        codes = []
        for turn in range(5):
            client = Client(REMOTE_ADDR="198.51.100.7")
            client.cookies["device"] = f"{turn:022d}"
            codes.append(client.post("/cek/", {"number": "0812-3456-7890"}).status_code)
    assert codes == [200, 200, 200, 429, 429]


def test_codes_are_counted_by_complaint_and_mailbox_before_the_address(now: dt.datetime) -> None:
    """Seen on e14b882: the eleventh complainant behind one address in an hour got no code."""

    def issue(subject: str, mailbox: str, address: str = "198.51.100.7") -> None:
        target = CodeTarget(VerificationCode.Purpose.CONTACT, OutboxMessage.Channel.EMAIL, subject)
        index = blind_index("test", mailbox)
        issue_code(target, recipient_index=index, address=address, at=now)

    for turn in range(30):
        issue(f"complaint:{turn}", f"{turn}@example.id")
    for turn in range(6):
        issue("complaint:99", f"other{turn}@example.id", address=f"203.0.113.{turn}")
    with pytest.raises(WrongState, match="too_many_codes"):
        issue("complaint:99", "seventh@example.id", address="203.0.113.200")
