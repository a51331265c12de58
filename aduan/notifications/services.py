"""Writing the outbox inside other rooms' transactions, and emptying it afterwards.

Promise: at most once per key. A message that a server refused is tried again; one whose sender was killed in
the middle may or may not have left, so it is not sent again by itself but shown to staff as `unsure`."""

from __future__ import annotations

import base64
import datetime as dt
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from aduan.core import vault
from aduan.core.db import insert_or_ignore
from aduan.core.errors import Invalid, WrongState
from aduan.notifications.models import Muted, OutboxMessage

MOST_ATTEMPTS: Final = 8
LONGEST_WAIT: Final = dt.timedelta(hours=24)
_FIRST_WAIT: Final = dt.timedelta(minutes=1)
_STALE: Final = dt.timedelta(hours=1)  # no honest attempt lasts this long

State = OutboxMessage.State


@dataclass(frozen=True, slots=True)
class Letter:
    """A message as its carrier needs it, opened. Lives only while it is being handed over."""

    key: str
    kind: str
    channel: str
    to: str
    language: str
    context: dict[str, Any]
    off_token: str  # empty when there is nothing to switch off


@dataclass(slots=True)
class Drained:
    """What one round did."""

    sent: int = 0
    failed: int = 0
    dead: int = 0
    skipped: int = 0
    errors: list[str] = field(default_factory=list)


def post(
    kind: str,
    *,
    key: str,
    to: str,
    language: str,
    context: dict[str, Any],
    at: dt.datetime,
    topic: str = "",
    channel: str = OutboxMessage.Channel.EMAIL,
    expires_at: dt.datetime | None = None,
) -> bool:
    """Put one message into the outbox, in the caller's transaction. False when this key was posted before.

    `topic` (such as "complaint:12") is what the recipient can switch off with one click; codes have none.
    """
    sealed = vault.encrypt(json.dumps({"to": to, "context": context}), aad=_aad_for(key))
    return insert_or_ignore(
        OutboxMessage(
            key=key,
            kind=kind,
            channel=channel,
            topic=topic,
            sealed=sealed,
            language=language,
            next_try_at=at,
            created_at=at,
            expires_at=expires_at,
        )
    )


def drain(deliver: Callable[[Letter], None], *, at: dt.datetime, limit: int = 100) -> Drained:
    """Hand over what is due, one message a transaction, beside any number of other drains.

    `deliver` raises when the message did not leave; whatever it raises is one failed attempt of that message
    alone.
    """
    done = Drained()
    OutboxMessage.objects.filter(state=State.SENDING, taken_at__lt=at - _STALE).update(
        state=State.UNSURE, last_error="the sender died while sending"
    )
    for _turn in range(limit):
        message = _take(at)
        if message is None:
            break
        if message.state != State.SENDING:
            done.skipped += 1
            continue
        _hand_over(message, deliver, at, done)
    return done


def send_again(message: OutboxMessage, *, at: dt.datetime) -> None:
    """A person decides that a message that was given up, or whose fate is unknown, is tried once more."""
    changed = OutboxMessage.objects.filter(pk=message.pk, state__in=[State.DEAD, State.UNSURE]).update(
        state=State.WAITING, attempts=0, next_try_at=at
    )
    if changed != 1:
        raise WrongState("not_given_up", _("Only a message that was given up can be sent again."))


def off_token(topic: str) -> str:
    """What the one-click link carries. Needs no row and never expires."""
    return f"{topic}.{_signature(topic)}"


def switch_off(token: str, *, at: dt.datetime) -> str:
    """Stop messages about a topic; doing it twice is fine. Returns the topic. Raises Invalid for a made-up
    token."""
    topic = topic_of(token)
    Muted.objects.get_or_create(topic=topic, defaults={"at": at})
    return topic


def switch_on(token: str) -> str:
    """The person wants to be told again after all. Returns the topic. Raises Invalid as above."""
    topic = topic_of(token)
    Muted.objects.filter(topic=topic).delete()
    return topic


def topic_of(token: str) -> str:
    """What the link in a message is about. Raises Invalid for a made-up token."""
    topic, _dot, signature = token.rpartition(".")
    if not topic or not hmac.compare_digest(signature.encode(), _signature(topic).encode()):
        raise Invalid("off_token_unknown", _("This link is not complete. Please copy all of it."))
    return topic


def _take(at: dt.datetime) -> OutboxMessage | None:
    """Claim the message that is due longest, in a transaction of its own, before anything leaves the
    house."""
    with transaction.atomic():
        message = (
            OutboxMessage.objects.select_for_update(skip_locked=True)
            .filter(state=State.WAITING, next_try_at__lte=at)
            .order_by("next_try_at", "id")
            .first()
        )
        if message is None:
            return None
        message.state = _fate(message, at)
        message.taken_at = at
        message.attempts += message.state == State.SENDING
        if message.state != State.SENDING:
            message.sealed = b""
        message.save(update_fields=["state", "taken_at", "attempts", "sealed"])
    return message


def _fate(message: OutboxMessage, at: dt.datetime) -> State:
    if message.expires_at is not None and message.expires_at <= at:
        return State.LATE
    if message.topic and Muted.objects.filter(topic=message.topic).exists():
        return State.MUTED
    return State.SENDING


def _hand_over(
    message: OutboxMessage, deliver: Callable[[Letter], None], at: dt.datetime, done: Drained
) -> None:
    try:
        deliver(_open(message))
    except Exception as error:  # the carrier's faults are many; each costs this one message an attempt
        _note_failure(message, error, at, done)
        return
    OutboxMessage.objects.filter(pk=message.pk, state=State.SENDING).update(
        state=State.SENT, sent_at=at, sealed=b"", last_error=""
    )
    done.sent += 1


def _note_failure(message: OutboxMessage, error: Exception, at: dt.datetime, done: Drained) -> None:
    given_up = message.attempts >= MOST_ATTEMPTS
    # The class only: a mail server's answer may quote the address.
    OutboxMessage.objects.filter(pk=message.pk, state=State.SENDING).update(
        state=State.DEAD if given_up else State.WAITING,
        next_try_at=at + wait_after(message.attempts),
        last_error=type(error).__name__,
    )
    done.dead += given_up
    done.failed += not given_up
    done.errors.append(type(error).__name__)


def wait_after(attempts: int) -> dt.timedelta:
    """One minute, four, sixteen … at most a day."""
    return min(LONGEST_WAIT, _FIRST_WAIT * int(4 ** (attempts - 1)))


def _open(message: OutboxMessage) -> Letter:
    content = json.loads(vault.decrypt(message.sealed, aad=_aad_for(message.key)))
    return Letter(
        key=message.key,
        kind=message.kind,
        channel=message.channel,
        to=content["to"],
        language=message.language,
        context=content["context"],
        off_token=off_token(message.topic) if message.topic else "",
    )


def _aad_for(key: str) -> str:
    return vault.aad_for("notifications_outboxmessage", "sealed", key)


def _signature(topic: str) -> str:
    return base64.urlsafe_b64encode(vault.derive("off", topic)[:16]).rstrip(b"=").decode()
