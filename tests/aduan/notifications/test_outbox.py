"""FT11, FT16: what is posted goes out once, later when it must, and one bad message holds up no one."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import transaction

from aduan.core.errors import Invalid, WrongState
from aduan.notifications import queries, services
from aduan.notifications.models import OutboxMessage
from aduan.notifications.services import OutgoingMessage

pytestmark = pytest.mark.django_db


class Postman:
    """A carrier that keeps what it is given, or refuses whom it was set to refuse."""

    def __init__(self, refuse: str = "") -> None:
        self.delivered: list[OutgoingMessage] = []
        self.refuse = refuse

    def __call__(self, letter: OutgoingMessage) -> None:
        if self.refuse and self.refuse in letter.to:
            raise ConnectionRefusedError("sari@example.id: mailbox busy")
        self.delivered.append(letter)


def post(now: dt.datetime, key: str = "k1", to: str = "sari@example.id", **more: Any) -> bool:
    given: dict[str, Any] = {"language": "id", "context": {"ticket": "AN-1"}, "at": now, **more}
    return services.enqueue_message("complaint_received", key=key, to=to, **given)


def test_a_message_is_delivered_once_with_its_content(now):
    postman = Postman()
    assert post(now)
    assert services.send_due(postman, at=now).sent == 1
    assert services.send_due(postman, at=now).sent == 0
    letter = postman.delivered[0]
    assert (letter.to, letter.kind, letter.language) == ("sari@example.id", "complaint_received", "id")
    assert letter.context == {"ticket": "AN-1"}


def test_the_same_event_is_reported_once(now):
    assert post(now)
    assert not post(now, to="other@example.id")
    postman = Postman()
    services.send_due(postman, at=now)
    assert [letter.to for letter in postman.delivered] == ["sari@example.id"]


def test_an_act_that_is_rolled_back_tells_no_one(now):
    with transaction.atomic():
        post(now)
        transaction.set_rollback(True)
    assert not OutboxMessage.objects.exists()


def test_the_address_is_nowhere_in_clear_and_gone_once_sent(now):
    post(now)
    row = OutboxMessage.objects.get()
    assert b"sari" not in bytes(row.payload_encrypted)
    services.send_due(Postman(), at=now)
    row.refresh_from_db()
    assert (row.state, bytes(row.payload_encrypted)) == ("sent", b"")


def test_a_refused_message_waits_longer_each_time_and_is_given_up_after_eight(now):
    post(now)
    waits = []
    at = now
    for attempt in range(1, 9):
        services.send_due(Postman(refuse="sari"), at=at)
        row = OutboxMessage.objects.get()
        assert row.attempts == attempt
        waits.append(row.next_try_at - at)
        assert services.send_due(Postman(), at=row.next_try_at - dt.timedelta(seconds=1)).sent == 0
        at = row.next_try_at
    assert row.state == "dead"
    assert waits == sorted(waits)
    assert waits[0] == dt.timedelta(minutes=1)
    assert max(waits) == dt.timedelta(hours=24)
    assert services.send_due(Postman(), at=at + dt.timedelta(days=9)).sent == 0
    assert queries.outbox().dead == 1


def test_what_the_server_said_is_not_kept_as_it_may_quote_the_address(now):
    post(now)
    services.send_due(Postman(refuse="sari"), at=now)
    assert OutboxMessage.objects.get().last_error == "ConnectionRefusedError"


def test_one_poisoned_message_holds_up_no_one(now):
    post(now, key="bad", to="poison@example.id")
    OutboxMessage.objects.update(payload_encrypted=b"\x01broken")
    for number in range(5):
        post(now + dt.timedelta(seconds=number), key=f"good{number}")
    postman = Postman()
    done = services.send_due(postman, at=now + dt.timedelta(minutes=1))
    assert (done.sent, done.failed) == (5, 1)


def test_a_message_whose_sender_was_killed_is_shown_and_not_sent_twice(now):
    post(now)

    def killed(letter: OutgoingMessage) -> None:
        raise SystemExit

    with pytest.raises(SystemExit):
        services.send_due(killed, at=now)
    postman = Postman()
    services.send_due(postman, at=now + dt.timedelta(hours=2))
    assert postman.delivered == []
    assert queries.outbox().unsure == 1
    services.resend(OutboxMessage.objects.get(), at=now + dt.timedelta(hours=3))
    assert services.send_due(postman, at=now + dt.timedelta(hours=3)).sent == 1


def test_only_a_message_that_was_given_up_is_sent_again(now):
    post(now)
    with pytest.raises(WrongState):
        services.resend(OutboxMessage.objects.get(), at=now)


def test_one_click_switches_a_topic_off_and_nothing_else(now):
    post(now, key="a", topic="complaint:1")
    post(now, key="b", topic="complaint:2")
    token = services.unsubscribe_token("complaint:1")
    assert services.unsubscribe(token, at=now) == "complaint:1"
    services.unsubscribe(token, at=now)
    postman = Postman()
    services.send_due(postman, at=now)
    assert [letter.key for letter in postman.delivered] == ["b"]
    assert OutboxMessage.objects.get(key="a").state == "unsubscribed"
    assert bytes(OutboxMessage.objects.get(key="a").payload_encrypted) == b""
    services.resubscribe(token)
    assert not queries.is_unsubscribed("complaint:1")


@pytest.mark.parametrize(
    "token", ["", "complaint:1", "complaint:1.", "complaint:1.AAAAAAAAAAAAAAAAAAAAAA", ".x", "é.é"]
)
def test_a_made_up_token_switches_nothing_off(token, now):
    with pytest.raises(Invalid):
        services.unsubscribe(token, at=now)


def test_a_code_that_comes_too_late_is_not_sent(now):
    post(now, expires_at=now + dt.timedelta(minutes=10))
    postman = Postman()
    services.send_due(postman, at=now + dt.timedelta(minutes=11))
    assert postman.delivered == []
    assert OutboxMessage.objects.get().state == "expired"


def test_the_longest_waiting_goes_first_and_a_round_is_bounded(now):
    for number in range(5):
        post(now - dt.timedelta(minutes=number), key=f"k{number}")
    postman = Postman()
    assert services.send_due(postman, at=now, limit=2).sent == 2
    assert [letter.key for letter in postman.delivered] == ["k4", "k3"]


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_two_drains_at_once_send_every_message_once(now):
    from concurrent.futures import ThreadPoolExecutor

    from django.db import connection

    for number in range(40):
        post(now, key=f"k{number}")
    postman = Postman()

    def round_(_turn: int) -> int:
        try:
            return services.send_due(postman, at=now).sent
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        sent = [running.result() for running in [pool.submit(round_, turn) for turn in range(4)]]
    assert sum(sent) == 40
    assert len({letter.key for letter in postman.delivered}) == len(postman.delivered) == 40


def test_a_message_costs_one_statement(now, django_assert_num_queries):
    for number in range(5):
        post(now, key=f"k{number}", topic=f"complaint:{number}")
    with django_assert_num_queries(2 + 5 + 1):  # interrupted ones, five messages, and none is left
        assert services.send_due(Postman(), at=now).sent == 5


def test_what_left_before_a_kill_is_sent_and_only_the_one_in_hand_is_unsure(now):
    for number in range(3):
        post(now + dt.timedelta(seconds=number), key=f"k{number}")

    def killed_at_the_second(letter: OutgoingMessage) -> None:
        if letter.key == "k1":
            raise SystemExit

    with pytest.raises(SystemExit):
        services.send_due(killed_at_the_second, at=now + dt.timedelta(minutes=1))
    states = dict(OutboxMessage.objects.values_list("key", "state"))
    assert states == {"k0": "sent", "k1": "sending", "k2": "waiting"}


def test_a_full_round_notes_its_last_message_too(now):
    for number in range(3):
        post(now + dt.timedelta(seconds=number), key=f"k{number}")
    services.send_due(Postman(), at=now + dt.timedelta(minutes=1), limit=2)
    states = dict(OutboxMessage.objects.values_list("key", "state"))
    assert states == {"k0": "sent", "k1": "sent", "k2": "waiting"}
