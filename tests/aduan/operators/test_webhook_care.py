"""An operator looks after its webhooks without losing an event: new secrets, pauses, tests, reopening.

Seen to fail on 0.1.0: a secret could not be replaced at its address, closing dropped what waited for good,
and what a receiver had answered could not be seen.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
import time

import pytest
from django.test import Client

from aduan.accounts.models import User
from aduan.core.errors import Forbidden, Invalid, WrongState
from aduan.operators import actors, safe_http, webhooks
from aduan.operators.models import WebhookAttempt, WebhookDelivery, WebhookEndpoint
from tests.aduan.operators.test_webhooks import LIST, Receiver, receiver, registered
from tests.portal.operators.conftest import at_desk

pytestmark = pytest.mark.django_db
__all__ = ["receiver"]
DAY = dt.timedelta(days=1)


def enqueued(endpoint: WebhookEndpoint, key: str, at: dt.datetime) -> None:
    webhooks.enqueue(endpoint.operator, LIST, key=key, data={}, at=at)


def signed_by(secret: str, headers: dict[str, str], body: bytes) -> bool:
    """As a standard client judges: one of the signatures is that of the secret it knows."""
    said = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    key = base64.b64decode(secret.removeprefix("whsec_"))
    wanted = "v1," + base64.b64encode(hmac.new(key, said, hashlib.sha256).digest()).decode()
    return wanted in headers["webhook-signature"].split(" ")


def test_two_secrets_sign_while_they_overlap(dewi: User, receiver: Receiver, now: dt.datetime):
    endpoint, old = registered(dewi, receiver.url, now)
    dewis = actors.actor_for(dewi)
    new = webhooks.rotate_secret(endpoint, by=dewis, overlap=2 * DAY, at=now)
    enqueued(endpoint, "list:1", now)
    webhooks.deliver_due(at=now)
    assert [signed_by(secret, *receiver.taken[0]) for secret in (old, new)] == [True, True]
    with pytest.raises(WrongState, match="secret_replaced"):
        webhooks.rotate_secret(endpoint, by=dewis, at=now + DAY)
    enqueued(endpoint, "list:2", now + 3 * DAY)
    webhooks.deliver_due(at=now + 3 * DAY)
    assert [signed_by(secret, *receiver.taken[1]) for secret in (old, new)] == [False, True]
    endpoint.refresh_from_db()
    assert endpoint.old_secret_sealed is None
    assert webhooks.webhook_secret(endpoint) == new


def test_without_overlap_the_old_secret_ends_at_once(dewi: User, receiver: Receiver, now: dt.datetime):
    endpoint, old = registered(dewi, receiver.url, now)
    dewis = actors.actor_for(dewi)
    with pytest.raises(Invalid, match="overlap_too_long"):
        webhooks.rotate_secret(endpoint, by=dewis, overlap=8 * DAY, at=now)
    new = webhooks.rotate_secret(endpoint, by=dewis, overlap=dt.timedelta(), at=now)
    enqueued(endpoint, "list:1", now)
    webhooks.deliver_due(at=now)
    assert [signed_by(secret, *receiver.taken[0]) for secret in (old, new)] == [False, True]


def test_events_wait_through_a_pause(dewi: User, receiver: Receiver, now: dt.datetime):
    endpoint, _secret = registered(dewi, receiver.url, now)
    dewis = actors.actor_for(dewi)
    webhooks.stop(endpoint, by=dewis, at=now)
    enqueued(endpoint, "list:1", now)
    assert webhooks.deliver_due(at=now + 5 * DAY).delivered == 0
    assert WebhookDelivery.objects.get().attempts == 0
    webhooks.resume(endpoint, by=dewis, at=now + 5 * DAY)
    assert webhooks.deliver_due(at=now + 5 * DAY).delivered == 1


def test_what_a_closing_dropped_is_sent_when_the_address_is_opened_again(
    dewi: User, receiver: Receiver, now: dt.datetime
):
    endpoint, old = registered(dewi, receiver.url, now)
    dewis = actors.actor_for(dewi)
    enqueued(endpoint, "list:1", now)
    webhooks.close(endpoint, by=dewis, at=now)
    assert webhooks.deliver_due(at=now).delivered == 0
    assert webhooks.closed_endpoints(endpoint.operator) == [endpoint]
    new = webhooks.reopen(endpoint, by=dewis, at=now + DAY)
    assert webhooks.deliver_due(at=now + DAY).delivered == 1
    assert [signed_by(secret, *receiver.taken[0]) for secret in (old, new)] == [False, True]
    with pytest.raises(WrongState, match="webhook_open"):
        webhooks.reopen(endpoint, by=dewis, at=now + DAY)


def test_an_address_that_was_registered_anew_is_not_opened_twice(
    dewi: User, receiver: Receiver, now: dt.datetime
):
    endpoint, _secret = registered(dewi, receiver.url, now)
    dewis = actors.actor_for(dewi)
    webhooks.close(endpoint, by=dewis, at=now)
    registered(dewi, receiver.url, now)
    assert webhooks.closed_endpoints(endpoint.operator) == []
    with pytest.raises(WrongState, match="url_taken"):
        webhooks.reopen(endpoint, by=dewis, at=now)


def test_a_test_is_an_event_like_any_other_and_its_answer_is_kept(
    dewi: User, receiver: Receiver, now: dt.datetime
):
    endpoint, secret = registered(dewi, receiver.url, now)
    dewis = actors.actor_for(dewi)
    receiver.status = 503
    webhooks.send_test(endpoint, by=dewis, at=now)
    with pytest.raises(WrongState, match="test_underway"):
        webhooks.send_test(endpoint, by=dewis, at=now + DAY)
    webhooks.deliver_due(at=now)
    receiver.status = 204
    webhooks.deliver_due(at=now + dt.timedelta(minutes=1))
    assert [b'"type":"webhook.test"' in body for _headers, body in receiver.taken] == [True, True]
    assert signed_by(secret, *receiver.taken[1])
    answers = webhooks.attempts_of(endpoint.operator)
    assert [(answer.status, answer.problem) for answer in answers] == [(204, ""), (503, "http_503")]


def test_the_newest_answers_of_an_address_are_kept_and_no_more(
    dewi: User, receiver: Receiver, now: dt.datetime
):
    endpoint, _secret = registered(dewi, receiver.url, now)
    for nth in range(23):
        enqueued(endpoint, f"list:{nth}", now)
    webhooks.deliver_due(at=now)
    assert (len(receiver.taken), WebhookAttempt.objects.count()) == (23, 20)


def test_a_message_is_signed_with_the_time_at_which_it_is_sent(
    dewi: User, receiver: Receiver, now: dt.datetime, monkeypatch
):
    """The last of a long round would be minutes old otherwise, and refused by receivers."""
    endpoint, _secret = registered(dewi, receiver.url, now)
    for nth in range(2):
        enqueued(endpoint, f"list:{nth}", now)
    post, clock = safe_http.post_pinned, [100.0]

    def slowly(*args, **more):
        clock[0] += 40
        return post(*args, **more)

    monkeypatch.setattr(safe_http, "post_pinned", slowly)
    monkeypatch.setattr(time, "monotonic", lambda: clock[0])
    webhooks.deliver_due(at=now)
    sent = [int(headers["webhook-timestamp"]) for headers, _body in receiver.taken]
    assert sent == [int(now.timestamp()), int(now.timestamp()) + 40]


def test_an_outsider_may_do_none_of_it(dewi: User, eko: User, receiver: Receiver, now: dt.datetime):
    endpoint, _secret = registered(dewi, receiver.url, now)
    outsider = actors.actor_for(eko)
    for act in (webhooks.rotate_secret, webhooks.stop, webhooks.resume, webhooks.send_test, webhooks.reopen):
        with pytest.raises(Forbidden, match="not_own"):
            act(endpoint, by=outsider, at=now)


def test_all_of_it_from_the_page(dewi: User, eko: User, receiver: Receiver, now: dt.datetime):
    endpoint, old = registered(dewi, receiver.url, now)
    desk: Client = at_desk(dewi)
    here = f"/operator/webhook/{endpoint.uid}"
    for name, word in (("jeda", "Paused"), ("lanjut", "Resumed"), ("uji", "A test is sent")):
        assert word in desk.post(f"{here}/{name}/", follow=True).content.decode(), name
    webhooks.deliver_due(at=dt.datetime.now(dt.UTC))
    assert "HTTP 204" in desk.get("/operator/webhook/").content.decode()
    shown = desk.post(f"{here}/rahasia/", {"overlap": "1"}).content.decode()
    endpoint.refresh_from_db()
    assert webhooks.webhook_secret(endpoint) in shown
    assert webhooks.webhook_secret(endpoint) != old
    assert "Two secrets until" in desk.get("/operator/webhook/").content.decode()
    desk.post(f"{here}/tutup/")
    assert "Open again" in desk.get("/operator/webhook/").content.decode()
    assert "whsec_" in desk.post(f"{here}/buka/").content.decode()
    stranger = at_desk(eko)
    for name in ("jeda", "lanjut", "uji", "rahasia", "buka"):
        assert stranger.post(f"{here}/{name}/").status_code == 404, name
