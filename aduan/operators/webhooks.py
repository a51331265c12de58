"""Webhooks: telling an operator's machine that something happened, until it says that it heard.

`enqueue` belongs in the transaction of the act; `deliver_due` is called by the clock. At least once: a
receiver drops repeats by the header `webhook-id`, which never changes for one event.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from aduan.core import audit_log
from aduan.core.audit_actions import AuditAction
from aduan.core.errors import Forbidden, Invalid, WrongState
from aduan.operators import access_key_format, safe_http
from aduan.operators.models import Operator, WebhookAttempt, WebhookDelivery, WebhookEndpoint
from aduan.operators.webhook_delivery import (
    PAUSES,
    DeliveryStats,
    body_of,
    close_endpoint,
    deliver_due,
    loopback,
    rewrap_secrets,
    sealed,
    webhook_secret,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aduan.operators.actors import Actor

__all__ = [
    "PAUSES",
    "DeliveryStats",
    "attempts_of",
    "body_of",
    "close",
    "closed_endpoints",
    "deliver_due",
    "deliveries_of",
    "enqueue",
    "register",
    "reopen",
    "replay",
    "resume",
    "rewrap_secrets",
    "rotate_secret",
    "send_test",
    "stop",
    "webhook_secret",
]

MOST_ENDPOINTS: Final = 5
LONGEST_OVERLAP: Final = dt.timedelta(days=7)
TESTED_EVERY: Final = dt.timedelta(seconds=30)
# What can be asked for; a test is sent on request.
SUBSCRIBABLE: Final = tuple(event for event in WebhookEndpoint.Event if event != WebhookEndpoint.Event.TEST)


@transaction.atomic
def register(
    operator: Operator, *, by: Actor, url: str, events: Sequence[str], at: dt.datetime
) -> tuple[WebhookEndpoint, str]:
    """A new endpoint and its signing secret, which can be shown once.

    Raises Invalid, Forbidden, WrongState.
    """
    user = _manager_of(operator, by)
    safe_http.check_url(url, loopback=loopback())
    if not events or set(events) - {str(event) for event in SUBSCRIBABLE}:
        raise Invalid("event_unknown", _("Choose what you want to be told."))
    _must_be_below_the_limit(operator)
    secret = access_key_format.new_webhook_secret()
    endpoint = WebhookEndpoint(
        operator=operator, url=url, events=sorted(set(events)), created_by=user, created_at=at
    )
    endpoint.secret_sealed = sealed(endpoint, secret)
    _save(endpoint)
    _record(AuditAction.WEBHOOK_REGISTER, endpoint, by=by, at=at)
    return endpoint, secret


@transaction.atomic
def close(endpoint: WebhookEndpoint, *, by: Actor, at: dt.datetime) -> None:
    """Nothing more is sent there; what waits is given up until the address is reopened. Twice is fine."""
    _manager_of(endpoint.operator, by)
    close_endpoint(endpoint, actor=by.label, at=at)


@transaction.atomic
def reopen(endpoint: WebhookEndpoint, *, by: Actor, at: dt.datetime) -> str:
    """A closed address is sent to again, with a new secret; what the closing gave up waits again.

    Raises WrongState for one that is open, or whose address was registered anew.
    """
    _manager_of(endpoint.operator, by)
    _must_be_below_the_limit(endpoint.operator)
    endpoint = WebhookEndpoint.objects.select_for_update().get(pk=endpoint.pk)
    if endpoint.closed_at is None:
        raise WrongState("webhook_open", _("This address is open."))
    secret = access_key_format.new_webhook_secret()
    endpoint.secret_sealed, endpoint.old_secret_sealed = sealed(endpoint, secret), None
    endpoint.closed_at = endpoint.stopped_at = endpoint.paused_until = endpoint.old_secret_until = None
    endpoint.failures = 0
    _save(endpoint)
    endpoint.deliveries.filter(
        state=WebhookDelivery.State.GIVEN_UP, last_error=WebhookDelivery.Problem.CLOSED
    ).update(state=WebhookDelivery.State.WAITING, attempts=0, next_try_at=at)
    _record(AuditAction.WEBHOOK_REOPEN, endpoint, by=by, at=at)
    return secret


@transaction.atomic
def rotate_secret(
    endpoint: WebhookEndpoint, *, by: Actor, overlap: dt.timedelta = LONGEST_OVERLAP, at: dt.datetime
) -> str:
    """A new secret at the same address. Messages carry both signatures for `overlap`, a week at most.

    Raises Invalid for a longer one, WrongState while the secret before still overlaps.
    """
    _manager_of(endpoint.operator, by)
    if not dt.timedelta() <= overlap <= LONGEST_OVERLAP:
        raise Invalid("overlap_too_long", _("Both secrets can be good together for seven days at most."))
    endpoint = WebhookEndpoint.objects.select_for_update().get(pk=endpoint.pk)
    _must_be_open(endpoint)
    if endpoint.old_secret_until is not None and endpoint.old_secret_until > at:
        raise WrongState("secret_replaced", _("The secret before is still good. Wait until it has ended."))
    old = sealed(endpoint, webhook_secret(endpoint), column="old_secret_sealed")
    endpoint.old_secret_sealed = old if overlap else None
    endpoint.old_secret_until = at + overlap if overlap else None
    secret = access_key_format.new_webhook_secret()
    endpoint.secret_sealed = sealed(endpoint, secret)
    endpoint.save(update_fields=["secret_sealed", "old_secret_sealed", "old_secret_until"])
    _record(AuditAction.WEBHOOK_ROTATE, endpoint, by=by, at=at)
    return secret


@transaction.atomic
def stop(endpoint: WebhookEndpoint, *, by: Actor, at: dt.datetime) -> None:
    """Pause: nothing is sent, and everything waits, until `resume`. Twice is fine."""
    _manager_of(endpoint.operator, by)
    waiting = WebhookEndpoint.objects.filter(pk=endpoint.pk, closed_at=None, stopped_at=None)
    if waiting.update(stopped_at=at):
        _record(AuditAction.WEBHOOK_STOP, endpoint, by=by, at=at)


@transaction.atomic
def resume(endpoint: WebhookEndpoint, *, by: Actor, at: dt.datetime) -> None:
    """End a pause, and the rest after failures: what waits is tried at once. Twice is fine."""
    _manager_of(endpoint.operator, by)
    stopped = WebhookEndpoint.objects.filter(pk=endpoint.pk, closed_at=None).exclude(stopped_at=None)
    if stopped.update(stopped_at=None, paused_until=None, failures=0):
        endpoint.deliveries.filter(state=WebhookDelivery.State.WAITING).update(next_try_at=at)
        _record(AuditAction.WEBHOOK_RESUME, endpoint, by=by, at=at)


@transaction.atomic
def send_test(endpoint: WebhookEndpoint, *, by: Actor, at: dt.datetime) -> WebhookDelivery:
    """An event `webhook.test` to this address alone, like any other. Raises WrongState for one too many."""
    _manager_of(endpoint.operator, by)
    endpoint = WebhookEndpoint.objects.select_for_update().get(pk=endpoint.pk)
    _must_be_open(endpoint)
    tests = endpoint.deliveries.filter(event=WebhookEndpoint.Event.TEST)
    if (
        tests.filter(happened_at__gt=at - TESTED_EVERY).exists()
        or tests.filter(state=WebhookDelivery.State.WAITING).exists()
    ):
        raise WrongState("test_underway", _("A test is on its way already. Wait a moment."))
    test = WebhookDelivery.objects.create(
        endpoint=endpoint,
        event=WebhookEndpoint.Event.TEST,
        key=f"test:{at.isoformat()}",
        data={"test": True},
        next_try_at=at,
        happened_at=at,
    )
    _record(AuditAction.WEBHOOK_TEST, endpoint, by=by, at=at)
    return test


def enqueue(operator: Operator, event: str, *, key: str, data: dict[str, Any], at: dt.datetime) -> int:
    """Write down what happened for each endpoint that asked; in the caller's transaction, once per `key`.

    `data` goes out as it is: ids, counts and digests, never a person's data. Returns how many will be
    notified.
    """
    endpoints = WebhookEndpoint.objects.filter(operator=operator, closed_at=None, events__contains=[event])
    rows = [
        WebhookDelivery(endpoint=endpoint, event=event, key=key, data=data, next_try_at=at, happened_at=at)
        for endpoint in endpoints
    ]
    return len(WebhookDelivery.objects.bulk_create(rows, ignore_conflicts=True))


@transaction.atomic
def replay(delivery: WebhookDelivery, *, by: Actor, at: dt.datetime) -> None:
    """Send an event once more, delivered or given up; it keeps its id. Raises WrongState while it waits."""
    _manager_of(delivery.endpoint.operator, by)
    changed = WebhookDelivery.objects.filter(
        pk=delivery.pk,
        state__in=[WebhookDelivery.State.DELIVERED, WebhookDelivery.State.GIVEN_UP],
        endpoint__closed_at=None,
    ).update(state=WebhookDelivery.State.WAITING, attempts=0, next_try_at=at)
    if changed != 1:
        raise WrongState(
            "not_replayable", _("This delivery is on its way already, or its address was closed.")
        )
    audit_log.record(
        AuditAction.WEBHOOK_REPLAY,
        actor=by.label,
        subject=f"operator:{delivery.endpoint.operator_id}",
        at=at,
        detail={"delivery": delivery.pk},
    )


def closed_endpoints(operator: Operator) -> list[WebhookEndpoint]:
    """The addresses that were closed last and are not registered anew; each can be opened again."""
    open_urls = operator.webhooks.filter(closed_at=None).values("url")
    closed = operator.webhooks.exclude(closed_at=None).exclude(url__in=open_urls)
    return list(closed.order_by("-closed_at")[:MOST_ENDPOINTS])


def deliveries_of(operator: Operator, *, limit: int = 50) -> list[WebhookDelivery]:
    """The newest deliveries, for the page on which they can be sent again."""
    found = WebhookDelivery.objects.filter(endpoint__operator=operator).select_related("endpoint")
    return list(found[:limit])


def attempts_of(operator: Operator) -> list[WebhookAttempt]:
    """The newest attempts at each of the operator's addresses, newest first: what was answered."""
    found = WebhookAttempt.objects.filter(endpoint__operator=operator, endpoint__closed_at=None)
    return list(found.select_related("delivery"))


def _must_be_below_the_limit(operator: Operator) -> None:
    Operator.objects.select_for_update().get(pk=operator.pk)
    if operator.webhooks.filter(closed_at=None).count() >= MOST_ENDPOINTS:
        raise WrongState("too_many_webhooks", _("Five addresses are the most. Close one first."))


def _save(endpoint: WebhookEndpoint) -> None:
    try:
        with transaction.atomic():
            endpoint.save()
    except IntegrityError as error:
        raise WrongState("url_taken", _("This address is registered already.")) from error


def _must_be_open(endpoint: WebhookEndpoint) -> None:
    if endpoint.closed_at is not None:
        raise WrongState("webhook_closed", _("This address was closed."))


def _record(action: AuditAction, endpoint: WebhookEndpoint, *, by: Actor, at: dt.datetime) -> None:
    audit_log.record(
        action,
        actor=by.label,
        subject=f"operator:{endpoint.operator_id}",
        at=at,
        detail={"webhook": endpoint.pk},
    )


def _manager_of(operator: Operator, by: Actor) -> Any:
    if by.operator.pk != operator.pk:
        raise Forbidden("not_own", _("This belongs to another organisation."))
    return by.must_manage()
