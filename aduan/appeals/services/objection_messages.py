"""Messages to the person who objects, put into the outbox in the transaction of the act itself."""

from __future__ import annotations

import datetime as dt

from aduan.appeals.models import Objection
from aduan.appeals.queries import secret_of
from aduan.core import vault
from aduan.notifications import services as notifications
from aduan.notifications.models import OutboxMessage


def send_receipt(objection: Objection, *, at: dt.datetime) -> None:
    """The private link by e-mail. It does not name the number: others may read the mailbox."""
    _write("objection_received", objection, at=at)


def send_answer(objection: Objection, *, at: dt.datetime) -> None:
    _write("objection_answered", objection, at=at)


def send_possession_code(objection: Objection, code: notifications.IssuedCode, *, at: dt.datetime) -> None:
    """The code goes to the number itself: anyone who reads it holds the number."""
    notifications.enqueue_message(
        "objection_code",
        key=code.key,
        to=objection.number.canonical,
        language=objection.language,
        context={"code": code.digits},
        at=at,
        channel=OutboxMessage.Channel.SMS,
        expires_at=code.expires_at,
        carries_code=True,
    )


def objector_email(objection: Objection) -> str:
    """The address that was left, empty without one."""
    if objection.email_encrypted is None:
        return ""
    return vault.decrypt(objection.email_encrypted, aad=objection.aad_for("email_encrypted"))


def _write(kind: str, objection: Objection, *, at: dt.datetime) -> None:
    to = objector_email(objection)
    if not to:
        return
    notifications.enqueue_message(
        kind,
        key=f"{kind}:{objection.pk}",
        to=to,
        language=objection.language,
        context={
            "objection": str(objection.uid),
            "reference": objection.reference,
            "secret": secret_of(objection.uid),
        },
        at=at,
        topic=objection.topic,
    )
