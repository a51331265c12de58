"""Delivering events to operators' machines: one round of exchanges, signed with the time of sending.

Called by `aduan.operators.webhooks`; secrets are sealed, each in its own column.
"""

from __future__ import annotations

import datetime as dt
import json
import time
from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet

from aduan.core import audit_log, vault
from aduan.core.audit_actions import AuditAction
from aduan.core.errors import Invalid
from aduan.operators import access_key_format, safe_http
from aduan.operators.alerts import notify_managers
from aduan.operators.models import WebhookAttempt, WebhookDelivery, WebhookEndpoint

_S, _M, _H = dt.timedelta(seconds=5), dt.timedelta(minutes=1), dt.timedelta(hours=1)
# Pauses after the first, second … failed attempt: ten attempts within three days, then a person is notified.
PAUSES: Final = (_S, 5 * _M, 30 * _M, 2 * _H, 5 * _H, 10 * _H, 14 * _H, 20 * _H, 24 * _H)
_IN_HAND: Final = dt.timedelta(minutes=2)  # an attempt that died leaves the delivery due again after this
_ROUND: Final = 60.0  # seconds; with one exchange more a round ends before its claims lapse
_BREAKER: Final = 5  # failures in a row after which an endpoint rests
_LONGEST_REST: Final = dt.timedelta(hours=1)
_GONE: Final = 410

_ATTEMPTS_KEPT: Final = 20  # of each endpoint


@dataclass(slots=True)
class DeliveryStats:
    """What one round of deliveries did."""

    delivered: int = 0
    failed: int = 0
    given_up: int = 0


@dataclass(frozen=True, slots=True)
class Exchange:
    """How one attempt ended: a status where there was an answer, a problem's code where it is no success."""

    status: int | None
    problem: str
    milliseconds: int


def deliver_due(*, at: dt.datetime, limit: int = 50) -> DeliveryStats:
    """Try what is due, beside any number of other rounds. Must not be called inside a transaction."""
    WebhookEndpoint.objects.filter(old_secret_until__lte=at).update(
        old_secret_sealed=None, old_secret_until=None
    )
    done, begun = DeliveryStats(), time.monotonic()
    for _turn in range(limit):
        elapsed = time.monotonic() - begun
        if elapsed > _ROUND:
            break
        delivery = _take(at)
        if delivery is None:
            break
        exchange = _attempt(delivery, at + dt.timedelta(seconds=elapsed))
        _keep(delivery, exchange, at=at)
        _note(delivery, exchange.status, exchange.problem, at=at, done=done)
    return done


def sealed(endpoint: WebhookEndpoint, secret: str, *, column: str = "secret_sealed") -> bytes:
    """A secret as it lies in its column of this endpoint, and nowhere else."""
    return vault.encrypt(secret, aad=_aad_for(endpoint, column))


def webhook_secret(endpoint: WebhookEndpoint) -> str:
    """The newest secret."""
    return vault.decrypt(endpoint.secret_sealed, aad=_aad_for(endpoint))


def webhook_secrets(endpoint: WebhookEndpoint, *, at: dt.datetime) -> list[str]:
    """The secrets that sign: the newest first, and while it overlaps the one before."""
    secrets = [webhook_secret(endpoint)]
    old, until = endpoint.old_secret_sealed, endpoint.old_secret_until
    if old is not None and until is not None and until > at:
        secrets.append(vault.decrypt(old, aad=_aad_for(endpoint, "old_secret_sealed")))
    return secrets


@transaction.atomic
def rewrap_secrets() -> int:
    """After a new master key: encrypts every secret that an older one encrypted again. How many."""
    renewed = 0
    for endpoint in WebhookEndpoint.objects.select_for_update().order_by("pk"):
        for column in ("secret_sealed", "old_secret_sealed"):
            stored = getattr(endpoint, column)
            if stored is not None and not vault.is_current(bytes(stored)):
                fresh = vault.reencrypt(stored, aad=_aad_for(endpoint, column))
                WebhookEndpoint.objects.filter(pk=endpoint.pk).update(**{column: fresh})
                renewed += 1
    return renewed


def body_of(delivery: WebhookDelivery) -> bytes:
    """The same bytes at every attempt."""
    happened = delivery.happened_at.astimezone(dt.UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    content = {"type": delivery.event, "timestamp": happened, "data": delivery.data}
    return json.dumps(content, separators=(",", ":"), sort_keys=True).encode()


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
            .filter(state=WebhookDelivery.State.WAITING, next_try_at__lte=at, endpoint__stopped_at=None)
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


def _attempt(delivery: WebhookDelivery, at: dt.datetime) -> Exchange:
    """`at` is the moment of sending: receivers refuse what is minutes old."""
    body, timestamp = body_of(delivery), int(at.timestamp())
    uid = f"msg_{delivery.uid.hex}"
    signatures = [
        access_key_format.webhook_signature(secret, uid=uid, timestamp=timestamp, body=body)
        for secret in webhook_secrets(delivery.endpoint, at=at)
    ]
    headers = {
        "content-type": "application/json",
        "user-agent": "aduan-nomor-webhooks/1",
        "webhook-id": uid,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(signatures),
    }
    begun = time.monotonic()
    status: int | None = None
    try:
        status = safe_http.post_pinned(delivery.endpoint.url, body, headers, loopback=loopback())
        problem = "" if 200 <= status < 300 else f"http_{status}"
    except (safe_http.Unreachable, Invalid) as error:
        problem = error.code
    return Exchange(status, problem, int((time.monotonic() - begun) * 1000))


def _keep(delivery: WebhookDelivery, exchange: Exchange, *, at: dt.datetime) -> None:
    """Write the attempt down, and forget all but the newest of this endpoint."""
    WebhookAttempt.objects.create(
        endpoint_id=delivery.endpoint_id,
        delivery=delivery,
        at=at,
        milliseconds=exchange.milliseconds,
        status=exchange.status,
        problem=exchange.problem,
    )
    mine = WebhookAttempt.objects.filter(endpoint=delivery.endpoint_id)
    mine.exclude(pk__in=list(mine.values_list("pk", flat=True)[:_ATTEMPTS_KEPT])).delete()


def _note(
    delivery: WebhookDelivery, status: int | None, problem: str, *, at: dt.datetime, done: DeliveryStats
) -> None:
    _release(delivery, failed=bool(problem), at=at)
    mine = WebhookDelivery.objects.filter(
        pk=delivery.pk, state=WebhookDelivery.State.WAITING, attempts=delivery.attempts
    )
    if not problem:
        mine.update(state=WebhookDelivery.State.DELIVERED, delivered_at=at, last_status=status, last_error="")
        done.delivered += 1
        return
    if status == _GONE or delivery.attempts > len(PAUSES):
        with transaction.atomic():
            mine.update(state=WebhookDelivery.State.GIVEN_UP, last_status=status, last_error=problem)
            if status == _GONE:
                close_endpoint(delivery.endpoint, actor="webhook:410", at=at)
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


def close_endpoint(endpoint: WebhookEndpoint, *, actor: str, at: dt.datetime) -> None:
    """Nothing more goes there. What waits is given up, and waits again when the address is reopened."""
    if WebhookEndpoint.objects.filter(pk=endpoint.pk, closed_at=None).update(closed_at=at):
        endpoint.deliveries.filter(state=WebhookDelivery.State.WAITING).update(
            state=WebhookDelivery.State.GIVEN_UP, last_error=WebhookDelivery.Problem.CLOSED
        )
        audit_log.record(
            AuditAction.WEBHOOK_CLOSE,
            actor=actor,
            subject=f"operator:{endpoint.operator_id}",
            at=at,
            detail={"webhook": endpoint.pk},
        )


def loopback() -> bool:
    """Whether plain http to this machine is allowed: a developer's, or the tests'."""
    return bool(getattr(settings, "WEBHOOKS_TO_LOOPBACK", False))


def _aad_for(endpoint: WebhookEndpoint, column: str = "secret_sealed") -> str:
    return vault.aad_for("operators_webhookendpoint", column, endpoint.uid)
