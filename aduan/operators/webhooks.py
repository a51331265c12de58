"""Webhooks: telling an operator's machine that something happened, until it says that it heard.

`enqueue` belongs in the transaction of the act; `deliver_due` is called by the clock. At least once: a
receiver drops repeats by the header `webhook-id`, which never changes for one event.
"""

from __future__ import annotations

import datetime as dt
import json
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from aduan.core import audit_log, vault
from aduan.core.audit_actions import AuditAction
from aduan.core.errors import Forbidden, Invalid, WrongState
from aduan.operators import access_key_format, safe_http
from aduan.operators.alerts import notify_managers
from aduan.operators.models import Operator, WebhookDelivery, WebhookEndpoint

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aduan.operators.actors import Actor

MOST_ENDPOINTS: Final = 5
_S, _M, _H = dt.timedelta(seconds=5), dt.timedelta(minutes=1), dt.timedelta(hours=1)
# Pauses after the first, second … failed attempt: ten attempts within three days, then a person is notified.
PAUSES: Final = (_S, 5 * _M, 30 * _M, 2 * _H, 5 * _H, 10 * _H, 14 * _H, 20 * _H, 24 * _H)
_IN_HAND: Final = dt.timedelta(minutes=2)  # an attempt that died leaves the delivery due again after this
_ROUND: Final = 60.0  # seconds; with one exchange more a round ends before its claims lapse
_BREAKER: Final = 5  # failures in a row after which an endpoint rests
_LONGEST_REST: Final = dt.timedelta(hours=1)
_GONE: Final = 410

State = WebhookDelivery.State


@dataclass(slots=True)
class DeliveryStats:
    """What one round of deliveries did."""

    delivered: int = 0
    failed: int = 0
    given_up: int = 0


@transaction.atomic
def register(
    operator: Operator, *, by: Actor, url: str, events: Sequence[str], at: dt.datetime
) -> tuple[WebhookEndpoint, str]:
    """A new endpoint and its signing secret, which can be shown once.

    Raises Invalid, Forbidden, WrongState.
    """
    user = _manager_of(operator, by)
    safe_http.check_url(url, loopback=_loopback())
    if not events or set(events) - set(WebhookEndpoint.Event.values):
        raise Invalid("event_unknown", _("Choose what you want to be told."))
    Operator.objects.select_for_update().get(pk=operator.pk)
    if operator.webhooks.filter(closed_at=None).count() >= MOST_ENDPOINTS:
        raise WrongState("too_many_webhooks", _("Five addresses are the most. Close one first."))
    secret = access_key_format.new_webhook_secret()
    endpoint = WebhookEndpoint(
        operator=operator, url=url, events=sorted(set(events)), created_by=user, created_at=at
    )
    endpoint.secret_sealed = vault.encrypt(secret, aad=_aad_for(endpoint))
    try:
        with transaction.atomic():
            endpoint.save()
    except IntegrityError as error:
        raise WrongState("url_taken", _("This address is registered already.")) from error
    audit_log.record(
        AuditAction.WEBHOOK_REGISTER,
        actor=by.label,
        subject=f"operator:{operator.pk}",
        at=at,
        detail={"webhook": endpoint.pk},
    )
    return endpoint, secret


@transaction.atomic
def close(endpoint: WebhookEndpoint, *, by: Actor, at: dt.datetime) -> None:
    """Nothing more is sent there; what waits is given up. Twice is fine."""
    _manager_of(endpoint.operator, by)
    _close(endpoint, actor=by.label, at=at)


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
        pk=delivery.pk, state__in=[State.DELIVERED, State.GIVEN_UP], endpoint__closed_at=None
    ).update(state=State.WAITING, attempts=0, next_try_at=at)
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


def deliver_due(*, at: dt.datetime, limit: int = 50) -> DeliveryStats:
    """Try what is due, beside any number of other rounds. Must not be called inside a transaction."""
    done = DeliveryStats()
    end = time.monotonic() + _ROUND
    for _turn in range(limit):
        if time.monotonic() > end:
            break
        delivery = _take(at)
        if delivery is None:
            break
        status, problem = _attempt(delivery, at)
        _note(delivery, status, problem, at=at, done=done)
    return done


def webhook_secret(endpoint: WebhookEndpoint) -> str:
    return vault.decrypt(endpoint.secret_sealed, aad=_aad_for(endpoint))


@transaction.atomic
def rewrap_secrets() -> int:
    """After a new master key: encrypts every secret that an older one encrypted again. How many."""
    renewed = 0
    for endpoint in WebhookEndpoint.objects.select_for_update().order_by("pk"):
        if not vault.is_current(bytes(endpoint.secret_sealed)):
            sealed = vault.reencrypt(endpoint.secret_sealed, aad=_aad_for(endpoint))
            WebhookEndpoint.objects.filter(pk=endpoint.pk).update(secret_sealed=sealed)
            renewed += 1
    return renewed


def body_of(delivery: WebhookDelivery) -> bytes:
    """The same bytes at every attempt."""
    happened = delivery.happened_at.astimezone(dt.UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    content = {"type": delivery.event, "timestamp": happened, "data": delivery.data}
    return json.dumps(content, separators=(",", ":"), sort_keys=True).encode()


def deliveries_of(operator: Operator, *, limit: int = 50) -> list[WebhookDelivery]:
    """The newest deliveries, for the page on which they can be sent again."""
    found = WebhookDelivery.objects.filter(endpoint__operator=operator).select_related("endpoint")
    return list(found[:limit])


def _take(at: dt.datetime) -> WebhookDelivery | None:
    """Claim the delivery that waits longest, and its endpoint, in a transaction of its own.

    One attempt at a time is in flight for an endpoint, and none while it rests after failures.
    """
    with transaction.atomic():
        delivery = (
            WebhookDelivery.objects.select_for_update(skip_locked=True, of=["self", "endpoint"])
            .select_related("endpoint__operator")
            .filter(Q(endpoint__busy_until=None) | Q(endpoint__busy_until__lte=at))
            .filter(Q(endpoint__paused_until=None) | Q(endpoint__paused_until__lte=at))
            .filter(state=State.WAITING, next_try_at__lte=at)
            .order_by("next_try_at", "id")
            .first()
        )
        if delivery is not None:
            delivery.attempts += 1
            delivery.next_try_at = at + _IN_HAND
            delivery.save(update_fields=["attempts", "next_try_at"])
            _endpoint_row(delivery).update(busy_until=at + _IN_HAND)
    return delivery


def _endpoint_row(delivery: WebhookDelivery) -> QuerySet[WebhookEndpoint]:
    return WebhookEndpoint.objects.filter(pk=delivery.endpoint_id)


def _release(delivery: WebhookDelivery, *, failed: bool, at: dt.datetime) -> None:
    """The endpoint may be tried again: at once, or after a rest that doubles with every further failure."""
    if not failed:
        _endpoint_row(delivery).update(busy_until=None, failures=0, paused_until=None)
        return
    failures = delivery.endpoint.failures + 1
    rest = min(_LONGEST_REST, _M * 2 ** min(failures - _BREAKER, 6)) if failures >= _BREAKER else None
    _endpoint_row(delivery).update(
        busy_until=None, failures=failures, paused_until=at + rest if rest else None
    )


def _attempt(delivery: WebhookDelivery, at: dt.datetime) -> tuple[int | None, str]:
    body, timestamp = body_of(delivery), int(at.timestamp())
    uid = f"msg_{delivery.uid.hex}"
    secret = webhook_secret(delivery.endpoint)
    headers = {
        "content-type": "application/json",
        "user-agent": "aduan-nomor-webhooks/1",
        "webhook-id": uid,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": access_key_format.webhook_signature(
            secret, uid=uid, timestamp=timestamp, body=body
        ),
    }
    try:
        status = safe_http.post_pinned(delivery.endpoint.url, body, headers, loopback=_loopback())
    except safe_http.Unreachable as error:
        return None, error.code
    except Invalid as error:
        return None, error.code
    return status, "" if 200 <= status < 300 else f"http_{status}"


def _note(
    delivery: WebhookDelivery, status: int | None, problem: str, *, at: dt.datetime, done: DeliveryStats
) -> None:
    _release(delivery, failed=bool(problem), at=at)
    mine = WebhookDelivery.objects.filter(pk=delivery.pk, state=State.WAITING, attempts=delivery.attempts)
    if not problem:
        mine.update(state=State.DELIVERED, delivered_at=at, last_status=status, last_error="")
        done.delivered += 1
        return
    if status == _GONE or delivery.attempts > len(PAUSES):
        with transaction.atomic():
            mine.update(state=State.GIVEN_UP, last_status=status, last_error=problem)
            if status == _GONE:
                _close(delivery.endpoint, actor="webhook:410", at=at)
            notify_managers(
                delivery.endpoint.operator,
                "webhook_given_up",
                once=f"endpoint:{delivery.endpoint_id}:{at:%Y%m%d}",
                at=at,
                url=delivery.endpoint.url,
            )
        done.given_up += 1
        return
    pause = PAUSES[delivery.attempts - 1]
    mine.update(next_try_at=at + pause, last_status=status, last_error=problem)
    done.failed += 1


def _close(endpoint: WebhookEndpoint, *, actor: str, at: dt.datetime) -> None:
    if WebhookEndpoint.objects.filter(pk=endpoint.pk, closed_at=None).update(closed_at=at):
        endpoint.deliveries.filter(state=State.WAITING).update(
            state=State.GIVEN_UP, last_error=WebhookDelivery.Problem.CLOSED
        )
        audit_log.record(
            AuditAction.WEBHOOK_CLOSE,
            actor=actor,
            subject=f"operator:{endpoint.operator_id}",
            at=at,
            detail={"webhook": endpoint.pk},
        )


def _manager_of(operator: Operator, by: Actor) -> Any:
    if by.operator.pk != operator.pk:
        raise Forbidden("not_own", _("This belongs to another organisation."))
    return by.must_manage()


def _loopback() -> bool:
    return bool(getattr(settings, "WEBHOOKS_TO_LOOPBACK", False))


def _aad_for(endpoint: WebhookEndpoint) -> str:
    return vault.aad_for("operators_webhookendpoint", "secret_sealed", endpoint.uid)
