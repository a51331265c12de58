"""Events reach an operator's machine, signed, until it says that it heard; and reach nothing else."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
import json
import os
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from aduan.accounts.models import User
from aduan.core.errors import DomainError, Forbidden, Invalid, WrongState
from aduan.notifications.models import OutboxMessage
from aduan.operators import access_key_format, actors, safe_http, webhooks
from aduan.operators.models import WebhookDelivery, WebhookEndpoint

LIST = WebhookEndpoint.Event.LIST_PUBLISHED
RELEASE = WebhookEndpoint.Event.NUMBER_RELEASED


class Receiver(ThreadingHTTPServer):
    """An operator's machine: keeps what it was sent and answers with `status`."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.taken: list[tuple[dict[str, str], bytes]] = []
        self.status = 204
        self.url = f"http://127.0.0.1:{self.server_port}/hooks?from=ministry"


class _Handler(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.taken.append(({name.lower(): value for name, value in self.headers.items()}, body))
        self.send_response(self.server.status)
        if self.server.status == 302:
            self.send_header("Location", "http://127.0.0.1:1/")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def receiver(settings) -> Iterator[Receiver]:
    settings.WEBHOOKS_TO_LOOPBACK = True
    server = Receiver()
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def registered(by: User, url: str, at: dt.datetime, events=(LIST, RELEASE)):
    actor = actors.actor_for(by)
    return webhooks.register(actor.operator, by=actor, url=url, events=list(events), at=at)


def test_a_delivery_carries_the_standard_signature(dewi: User, receiver: Receiver, now: dt.datetime):
    endpoint, secret = registered(dewi, receiver.url, now)
    webhooks.enqueue(endpoint.operator, LIST, key="list:1", data={"list": "2026-10-monthly-v1"}, at=now)
    assert webhooks.deliver_due(at=now).delivered == 1
    headers, body = receiver.taken[0]
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    key = base64.b64decode(secret.removeprefix("whsec_"))
    wanted = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{wanted}"
    assert headers["webhook-timestamp"] == str(int(now.timestamp()))
    assert json.loads(body) == {
        "type": "list.published",
        "timestamp": "2026-11-18T02:00:00Z",
        "data": {"list": "2026-10-monthly-v1"},
    }


def test_the_signature_agrees_with_the_published_example():
    """The test vector of https://github.com/standard-webhooks/standard-webhooks."""
    assert (
        access_key_format.webhook_signature(
            "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            uid="msg_p5jXN8AQM9LWM0D4loKWxJek",
            timestamp=1614265330,
            body=b'{"test": 2432232314}',
        )
        == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    )


def test_an_event_is_written_once_per_endpoint(dewi: User, receiver: Receiver, now: dt.datetime):
    endpoint, _secret = registered(dewi, receiver.url, now)
    for _again in range(3):
        webhooks.enqueue(endpoint.operator, LIST, key="list:1", data={}, at=now)
    assert WebhookDelivery.objects.count() == 1
    webhooks.deliver_due(at=now)
    webhooks.deliver_due(at=now)
    assert len(receiver.taken) == 1


def test_only_the_events_that_were_asked_for_and_only_to_that_operator(
    dewi: User, eko: User, receiver: Receiver, now: dt.datetime
):
    mine, _secret = registered(dewi, receiver.url, now, events=[RELEASE])
    registered(eko, receiver.url, now)
    assert webhooks.enqueue(mine.operator, LIST, key="list:1", data={}, at=now) == 0
    assert webhooks.enqueue(mine.operator, RELEASE, key="release:1", data={}, at=now) == 1
    assert WebhookDelivery.objects.get().endpoint == mine


def test_a_refused_delivery_is_tried_again_later_with_the_same_id(
    dewi: User, receiver: Receiver, now: dt.datetime
):
    endpoint, _secret = registered(dewi, receiver.url, now)
    webhooks.enqueue(endpoint.operator, LIST, key="list:1", data={}, at=now)
    receiver.status = 503
    assert webhooks.deliver_due(at=now).failed == 1
    assert webhooks.deliver_due(at=now + dt.timedelta(seconds=4)) == webhooks.DeliveryStats()
    receiver.status = 200
    assert webhooks.deliver_due(at=now + dt.timedelta(seconds=5)).delivered == 1
    ids = [headers["webhook-id"] for headers, _body in receiver.taken]
    assert len(ids) == 2
    assert len(set(ids)) == 1


def test_after_three_days_it_is_given_up_and_a_person_is_reported(
    dewi: User, receiver: Receiver, now: dt.datetime
):
    endpoint, _secret = registered(dewi, receiver.url, now)
    webhooks.enqueue(endpoint.operator, LIST, key="list:1", data={}, at=now)
    receiver.status = 500
    at = now
    for _attempt in range(10):
        webhooks.deliver_due(at=at)
        at = WebhookDelivery.objects.get().next_try_at
    delivery = WebhookDelivery.objects.get()
    assert (delivery.state, delivery.attempts, delivery.last_error) == ("given_up", 10, "http_500")
    assert dt.timedelta(days=3) < at - now < dt.timedelta(days=4)
    assert OutboxMessage.objects.get().kind == "operator_webhook_given_up"


def test_a_given_up_delivery_can_be_sent_again_by_a_person(dewi: User, receiver: Receiver, now: dt.datetime):
    endpoint, _secret = registered(dewi, receiver.url, now)
    webhooks.enqueue(endpoint.operator, LIST, key="list:1", data={}, at=now)
    delivery = WebhookDelivery.objects.get()
    with pytest.raises(WrongState, match="not_replayable"):
        webhooks.replay(delivery, by=actors.actor_for(dewi), at=now)
    webhooks.deliver_due(at=now)
    webhooks.replay(delivery, by=actors.actor_for(dewi), at=now)
    webhooks.deliver_due(at=now)
    first, second = (headers["webhook-id"] for headers, _body in receiver.taken)
    assert first == second


def test_gone_closes_the_endpoint(dewi: User, receiver: Receiver, now: dt.datetime):
    endpoint, _secret = registered(dewi, receiver.url, now)
    webhooks.enqueue(endpoint.operator, LIST, key="list:1", data={}, at=now)
    webhooks.enqueue(endpoint.operator, LIST, key="list:2", data={}, at=now)
    receiver.status = 410
    webhooks.deliver_due(at=now)
    endpoint.refresh_from_db()
    assert endpoint.closed_at == now
    assert set(WebhookDelivery.objects.values_list("state", flat=True)) == {"given_up"}


def test_a_redirect_is_not_followed(dewi: User, receiver: Receiver, now: dt.datetime):
    endpoint, _secret = registered(dewi, receiver.url, now)
    webhooks.enqueue(endpoint.operator, LIST, key="list:1", data={}, at=now)
    receiver.status = 302
    assert webhooks.deliver_due(at=now).failed == 1
    assert WebhookDelivery.objects.get().last_error == "http_302"


def test_a_receiver_that_is_away_costs_only_its_own_attempt(dewi: User, receiver: Receiver, now: dt.datetime):
    away, _secret = registered(dewi, "http://127.0.0.1:1025/", now)
    registered(dewi, receiver.url, now)
    webhooks.enqueue(away.operator, LIST, key="list:1", data={}, at=now)
    done = webhooks.deliver_due(at=now)
    assert (done.delivered, done.failed) == (1, 1)


def test_the_secret_is_not_in_the_database(dewi: User, receiver: Receiver, now: dt.datetime):
    endpoint, secret = registered(dewi, receiver.url, now)
    row = WebhookEndpoint.objects.values().get(pk=endpoint.pk)
    assert secret.removeprefix("whsec_").encode() not in bytes(row["secret_sealed"])
    assert webhooks.webhook_secret(endpoint) == secret


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/hook",
        "ftp://example.com/",
        "https://user:secret@example.com/",
        "https://example.com/#part",
        "https://example.com:22/",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://10.1.2.3/",
        "https://192.168.1.1/",
        "https://169.254.169.254/latest/meta-data/",
        "https://[fe80::1]/",
        "https://[fd00::1]/",
        "https://[::ffff:10.0.0.1]/",
        "https://[64:ff9b::a00:1]/",
        "https://[2002:a00:1::]/",
        "https://0.0.0.0/",
        "https://100.64.0.1/",
        "https://224.0.0.1/",
        "https://example.com/ hook",
        "https://exämple.com/",
        "https://example.com:notaport/",
        "https:///path",
        "",
    ],
)
def test_an_address_inside_is_refused_at_registration(dewi: User, now: dt.datetime, url: str):
    with pytest.raises(Invalid):
        registered(dewi, url, now)


@pytest.mark.parametrize("name", ["localhost", "127.1", "0x7f000001", "2130706433", "localhost."])
def test_a_name_that_leads_inside_is_refused_at_the_connection(name: str):
    with pytest.raises((Invalid, safe_http.Unreachable)) as refusal:
        safe_http.resolve(f"https://{name}/")
    assert getattr(refusal.value, "code", "") in {"url_private", "name_unknown"}


def test_every_address_of_a_name_must_be_public(monkeypatch):
    """A name with one public and one private address would be a way in on every second attempt."""
    both = [(2, 1, 6, "", ("93.184.216.34", 443)), (2, 1, 6, "", ("10.0.0.1", 443))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: both)
    with pytest.raises(Invalid, match="url_private"):
        safe_http.resolve("https://example.com/")


def test_without_the_development_setting_loopback_is_refused_also_when_it_was_registered_before(
    dewi: User, receiver: Receiver, now: dt.datetime, settings
):
    endpoint, _secret = registered(dewi, receiver.url, now)
    webhooks.enqueue(endpoint.operator, LIST, key="list:1", data={}, at=now)
    settings.WEBHOOKS_TO_LOOPBACK = False
    assert webhooks.deliver_due(at=now).failed == 1
    assert receiver.taken == []


def test_only_managers_of_the_operator_register_close_and_replay(
    dewi: User, eko: User, receiver: Receiver, now: dt.datetime
):
    endpoint, _secret = registered(dewi, receiver.url, now)
    outsider = actors.actor_for(eko)
    with pytest.raises(Forbidden, match="not_own"):
        webhooks.close(endpoint, by=outsider, at=now)
    with pytest.raises(Forbidden, match="not_own"):
        webhooks.register(endpoint.operator, by=outsider, url=receiver.url, events=[LIST], at=now)


def test_five_addresses_are_the_most(dewi: User, receiver: Receiver, now: dt.datetime):
    for number in range(5):
        registered(dewi, f"{receiver.url}&n={number}", now)
    with pytest.raises(DomainError, match="too_many_webhooks"):
        registered(dewi, f"{receiver.url}&n=6", now)
    with pytest.raises(WrongState, match="too_many_webhooks"):
        registered(dewi, receiver.url, now)


def test_a_webhook_secret_turns_over_to_a_new_master_key(dewi: User, receiver: Receiver, now, settings):
    """Before, it stayed under the old key, and deliveries ended when that was thrown away."""
    endpoint, secret = registered(dewi, receiver.url, now)
    new = base64.b64encode(os.urandom(32)).decode()
    settings.VAULT_KEYS = [new, *settings.VAULT_KEYS]
    assert webhooks.rewrap_secrets() == 1
    assert webhooks.rewrap_secrets() == 0
    settings.VAULT_KEYS = [new]
    endpoint.refresh_from_db()
    assert webhooks.webhook_secret(endpoint) == secret
