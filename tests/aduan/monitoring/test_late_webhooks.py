"""Only what we try to send can be late: an operator that paused its address opened an incident of ours."""

from __future__ import annotations

import datetime as dt
import socket
from collections.abc import Iterator

import pytest

from aduan.accounts.models import User
from aduan.monitoring.conditions import Condition, thresholds
from aduan.monitoring.figures import exported_figures
from aduan.monitoring.queries import findings
from aduan.operators import actors, webhooks
from aduan.operators.models import WebhookEndpoint
from tests.aduan.operators.test_webhooks import LIST, registered

pytestmark = pytest.mark.django_db
HOUR, SECOND = dt.timedelta(hours=1), dt.timedelta(seconds=1)


@pytest.fixture
def endpoint(dewi: User, now: dt.datetime, settings) -> Iterator[WebhookEndpoint]:
    settings.WEBHOOKS_TO_LOOPBACK = True
    with socket.socket() as refusing:
        refusing.bind(("127.0.0.1", 0))  # taken, and no one listens
        made, _ = registered(dewi, f"http://127.0.0.1:{refusing.getsockname()[1]}/hook", now)
        webhooks.enqueue(made.operator, LIST, key="list:1", data={}, at=now)
        yield made


def _late(at: dt.datetime) -> int:
    found = {one.condition: one.amount for one in findings(at=at, limits=thresholds())}
    return found.get(Condition.WEBHOOK_LATE, 0)


def _oldest_seconds(at: dt.datetime) -> float:
    figures = {figure.name: figure.values for figure in exported_figures(at=at)}
    return figures.get("webhooks_oldest_seconds", {}).get("", 0)


def test_a_delivery_that_no_one_tries_is_late(endpoint: WebhookEndpoint, now: dt.datetime):
    assert (_late(now + HOUR), _oldest_seconds(now + HOUR)) == (0, 3600)
    assert _late(now + HOUR + SECOND) == 1


def test_an_address_that_refuses_is_late_whatever_the_pause_until_the_next_try(
    endpoint: WebhookEndpoint, now: dt.datetime
):
    at = now
    while at < now + 3 * HOUR:
        webhooks.deliver_due(at=at)
        at += HOUR / 4
    assert endpoint.deliveries.get().attempts > 1
    assert (_late(at), _oldest_seconds(at)) == (1, 3 * 3600)


def test_what_waits_through_its_operators_pause_is_not_late(
    endpoint: WebhookEndpoint, dewi: User, now: dt.datetime
):
    dewis = actors.actor_for(dewi)
    webhooks.stop(endpoint, by=dewis, at=now)
    monday = now + 72 * HOUR
    assert (_late(monday), _oldest_seconds(monday)) == (0, 0)
    webhooks.resume(endpoint, by=dewis, at=monday)
    assert (_late(monday + SECOND), _oldest_seconds(monday + SECOND)) == (0, 1), "due since a second"
    assert _late(monday + HOUR + SECOND) == 1, "the hour counts from the end of the pause"
