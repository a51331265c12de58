"""The transactional outbox: messages are enqueued in the transaction of the act and sent afterwards.

Promise: at most once per key. A message that a server refused is tried again; one whose sender was killed in
the middle may or may not have left, so it is not sent again by itself but shown to staff as `unsure`. The
exception are codes and one-time links: a person waits for them, and a second copy does no harm.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from email.utils import parseaddr
from typing import Any, Final

from django.conf import settings
from django.db import connection
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aduan.core import vault
from aduan.core.db import insert_or_ignore
from aduan.core.errors import WrongState
from aduan.core.prepared import RowOf
from aduan.core.request_ids import under_request_id
from aduan.notifications.models import OutboxMessage
from aduan.notifications.services.unsubscribing import unsubscribe_token

_logger = logging.getLogger(__name__)
MAX_ATTEMPTS: Final = 8
MAX_BACKOFF: Final = dt.timedelta(hours=24)
_FIRST_BACKOFF: Final = dt.timedelta(minutes=1)
_STALE: Final = dt.timedelta(hours=1)  # no honest attempt lasts this long
_STALE_CODE: Final = dt.timedelta(minutes=2)  # six times the patience with a mail server
_UNDELIVERED: Final = "not delivered to the phone"

State = OutboxMessage.State
MESSAGE_ROW: Final = RowOf(OutboxMessage, "message", without=("id",))  # part of complaints.services.at_once

_NOTE_SENT: Final = """
    UPDATE notifications_outboxmessage
    SET state = 'sent', sent_at = %(at)s, payload_encrypted = '', last_error = ''
    WHERE id = %(sent)s AND state = 'sending'
"""
_OF_KIND: Final = {None: "TRUE", True: "carries_code", False: "NOT carries_code"}
# In the order of its index, so that it reads one row and not all that wait; written out, since with
# carries_code = ANY(…) they are read and sorted for each letter.
_CLAIM_NEXT: Final = f"""
    WITH noted AS ({_NOTE_SENT}), due AS (
        SELECT id, CASE
            WHEN expires_at <= %(at)s THEN 'expired'
            WHEN topic > '' AND EXISTS (
                SELECT FROM notifications_unsubscribe u WHERE u.topic = m.topic) THEN 'unsubscribed'
            ELSE 'sending' END AS state
        FROM notifications_outboxmessage m
        WHERE state = 'waiting' AND next_try_at <= %(at)s AND {{of_kind}}
        ORDER BY next_try_at LIMIT 1 FOR UPDATE SKIP LOCKED
    )
    UPDATE notifications_outboxmessage m SET
        state = due.state, claimed_at = %(at)s, attempts = attempts + (due.state = 'sending')::int,
        payload_encrypted = CASE due.state WHEN 'sending' THEN payload_encrypted ELSE '' END
    FROM due WHERE m.id = due.id RETURNING m.*
"""  # noqa: S608 - constants


@dataclass(frozen=True, slots=True)
class OutgoingMessage:
    """A decrypted message for the carrier. It exists only while it is being sent."""

    key: str
    kind: str
    channel: str
    to: str
    language: str
    context: dict[str, Any]
    unsubscribe_token: str  # empty when there is nothing to unsubscribe from
    reference: str = ""  # by which a gateway reports what became of it: the row's primary key


@dataclass(slots=True)
class SendStats:
    """What one run of `send_due` did."""

    sent: int = 0
    failed: int = 0
    dead: int = 0
    skipped: int = 0
    errors: list[str] = field(default_factory=list)

    @property
    def taken(self) -> int:
        return self.sent + self.failed + self.dead + self.skipped


def enqueue_message(
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
    carries_code: bool = False,
) -> bool:
    """Put one message into the outbox, in the caller's transaction. False when this key is known already.

    `topic` (such as "complaint:12") is what the recipient can unsubscribe from; codes have none. A message
    that carries a code or a one-time link (`carries_code`) is sent apart from the others.
    """
    message = sealed_message(kind, key=key, to=to, language=language, context=context, at=at, topic=topic)
    message.channel, message.expires_at, message.carries_code = channel, expires_at, carries_code
    return insert_or_ignore(message)


def sealed_message(
    kind: str, *, key: str, to: str, language: str, context: dict[str, Any], at: dt.datetime, topic: str
) -> OutboxMessage:
    """The row of an e-mail, not written yet."""
    sealed = vault.encrypt(json.dumps({"to": to, "context": context}), aad=_aad_for(key))
    row = OutboxMessage(key=key, kind=kind, topic=topic, payload_encrypted=sealed, language=language)
    row.next_try_at = row.created_at = at
    return row


def send_due(
    deliver: Callable[[OutgoingMessage], None],
    *,
    at: dt.datetime,
    codes: bool | None = None,
    kind: str = "",
    limit: int = 100,
) -> SendStats:
    """Send what is due, one message per transaction; any number of processes may do so at once.

    `codes`: only messages that carry a code, or only the others; both when it is None. `kind`: only these.

    `deliver` raises when the message did not leave; whatever it raises is one failed attempt of that message
    alone.
    """
    done = SendStats()
    _take_up_interrupted(at)
    left: OutboxMessage | None = None  # the carrier has it, and its row says so with the next claim
    for _turn in range(limit):
        message, left = _claim_next(left, at, codes, kind), None
        if message is None:
            break
        if message.state != State.SENDING:
            done.skipped += 1
            continue
        with under_request_id(message.request_id):
            left = message if _send(message, deliver, at, done) else None
    if left is not None:
        _note_sent(left, at)
    return done


def _take_up_interrupted(at: dt.datetime) -> None:
    """Messages whose sender was killed: sent again when a person waits for them, otherwise left to staff."""
    interrupted = OutboxMessage.objects.filter(state=State.SENDING)
    error = "the sender died while sending"
    interrupted.filter(carries_code=True, claimed_at__lt=at - _STALE_CODE, attempts__lt=MAX_ATTEMPTS).update(
        state=State.WAITING, next_try_at=at, last_error=error
    )
    interrupted.filter(claimed_at__lt=at - _STALE).update(state=State.UNSURE, last_error=error)


def resend(message: OutboxMessage, *, at: dt.datetime) -> None:
    """A member of staff lets a message be tried again that was given up or may not have left."""
    if not message.payload_encrypted:
        raise WrongState("nothing_to_send", _("The text of this message was deleted when it was sent."))
    changed = OutboxMessage.objects.filter(pk=message.pk, state__in=[State.DEAD, State.UNSURE]).update(
        state=State.WAITING, attempts=0, next_try_at=at
    )
    if changed != 1:
        raise WrongState("not_given_up", _("Only a message that was given up can be sent again."))


def note_delivery(reference: str, *, delivered: bool) -> bool:
    """What a gateway says of a message that it took. False when no such message was sent.

    Gateways repeat themselves until they are answered: the same word twice changes nothing.
    """
    known = Q(state__in=[State.SENT, State.UNSURE]) | Q(state=State.DEAD, last_error=_UNDELIVERED)
    if not (reference.isascii() and reference.isdecimal() and len(reference) < 19):
        return False
    found = OutboxMessage.objects.filter(known, channel=OutboxMessage.Channel.SMS, pk=int(reference))
    if delivered:
        return found.exists()
    return found.update(state=State.DEAD, last_error=_UNDELIVERED) == 1


def _claim_next(
    sent: OutboxMessage | None, at: dt.datetime, codes: bool | None, kind: str
) -> OutboxMessage | None:
    """Notes what was sent and claims the message that has been due longest, before it is sent.

    One statement a message, on disk when it returns: the sender can be killed at any moment.
    """
    given = {"sent": sent and sent.pk, "at": at, "kind": kind}
    return next(iter(OutboxMessage.objects.raw(claim_statement(codes=codes, kind=kind), given)), None)


def claim_statement(*, codes: bool | None, kind: str = "") -> str:
    of_kind = f"{_OF_KIND[codes]} AND kind = %(kind)s" if kind else _OF_KIND[codes]
    return _CLAIM_NEXT.format(of_kind=of_kind)


def _note_sent(message: OutboxMessage, at: dt.datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_NOTE_SENT, {"sent": message.pk, "at": at})


def _send(
    message: OutboxMessage, deliver: Callable[[OutgoingMessage], None], at: dt.datetime, done: SendStats
) -> bool:
    try:
        deliver(_decrypt(message))
    except Exception as error:  # the carrier's faults are many; each costs this one message an attempt
        _note_failure(message, error, at, done)
        return False
    _logger.info("message %s of kind %s sent", message.pk, message.kind)
    done.sent += 1
    return True


def _note_failure(message: OutboxMessage, error: Exception, at: dt.datetime, done: SendStats) -> None:
    given_up = message.attempts >= MAX_ATTEMPTS
    # The class only: a mail server's answer may quote the address.
    OutboxMessage.objects.filter(pk=message.pk, state=State.SENDING).update(
        state=State.DEAD if given_up else State.WAITING,
        next_try_at=at + backoff_after(message.attempts),
        last_error=type(error).__name__,
    )
    _logger.warning("message %s of kind %s not sent: %s", message.pk, message.kind, type(error).__name__)
    done.dead += given_up
    done.failed += not given_up
    done.errors.append(type(error).__name__)


def backoff_after(attempts: int) -> dt.timedelta:
    """One minute, four, sixteen … at most a day."""
    return min(MAX_BACKOFF, _FIRST_BACKOFF * int(4 ** (attempts - 1)))


def _decrypt(message: OutboxMessage) -> OutgoingMessage:
    content = json.loads(vault.decrypt(message.payload_encrypted, aad=_aad_for(message.key)))
    return OutgoingMessage(
        key=message.key,
        kind=message.kind,
        channel=message.channel,
        to=content["to"],
        language=message.language,
        context=content["context"],
        unsubscribe_token=unsubscribe_token(message.topic) if message.topic else "",
        reference=str(message.pk),
    )


def _aad_for(key: str) -> str:
    return vault.aad_for("notifications_outboxmessage", "payload_encrypted", key)


def message_id(key: str) -> str:
    """Message-ID of the mail of this key: the same for every attempt, so that a mailbox shows it once."""
    host = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:32]}@{host}>"
