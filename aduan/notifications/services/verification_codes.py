"""Six-digit codes sent by e-mail or SMS: who types one back reads that mailbox or holds that number.

The limits are counted in the database, under one lock: pumping codes at strangers must not be possible even
when the cache is gone.
"""

from __future__ import annotations

import datetime as dt
import hmac
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from aduan.core import vault
from aduan.core.errors import WrongState
from aduan.core.networks import subscriber_network
from aduan.notifications.models import OutboxMessage, VerificationCode

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

_Channel = OutboxMessage.Channel
Purpose = VerificationCode.Purpose

VALID_FOR: Final = dt.timedelta(minutes=15)
MAX_TRIES: Final = 5
PER_RECIPIENT_AND_DAY: Final = 3
PER_SUBJECT_AND_DAY: Final = 6  # of one complaint, to whichever contacts
# Strangers can use these up: they end second codes only, so that each complaint gets its first.
PER_ADDRESS_AND_HOUR: Final = 200
PER_DAY: Final = {  # an SMS costs money
    (Purpose.CONTACT, _Channel.EMAIL): 20_000,
    (Purpose.CONTACT, _Channel.SMS): 2_000,
}
_TOO_MANY: Final[dict[Purpose, StrOrPromise]] = {
    Purpose.CONTACT: _(
        "Too many codes were sent. Please try again tomorrow; your complaint is safe without it."
    ),
}


@dataclass(frozen=True, slots=True)
class CodeTarget:
    """What a code proves. `subject` names the row it belongs to, such as "complaint:12"."""

    purpose: VerificationCode.Purpose
    channel: OutboxMessage.Channel
    subject: str

    def codes(self) -> QuerySet[VerificationCode]:
        return VerificationCode.objects.filter(
            subject=self.subject, purpose=self.purpose, channel=self.channel
        )

    def digest(self, code: str) -> bytes:
        return vault.derive("code", f"{self.purpose}|{self.channel}|{self.subject}|{code}")


@dataclass(frozen=True, slots=True)
class IssuedCode:
    """A code in clear, only until its message is enqueued under `key`."""

    key: str
    digits: str
    expires_at: dt.datetime


@transaction.atomic
def issue_code(target: CodeTarget, *, recipient_index: bytes, address: str, at: dt.datetime) -> IssuedCode:
    """Make a fresh code, which the caller sends in the same transaction.

    `recipient_index` is the blind index of the mailbox or number it goes to, `address` the network address
    that asked. Raises WrongState (`too_many_codes`) when the mailbox or the subject has had its share, and
    for a second code of a subject also when the address or the whole day has.
    """
    address_index = vault.blind_index("address", subscriber_network(address))
    _check_limits(target, recipient_index, address_index, at)
    digits = f"{secrets.randbelow(10**6):06d}"
    row = VerificationCode.objects.create(
        purpose=target.purpose,
        channel=target.channel,
        subject=target.subject,
        digest=target.digest(digits),
        recipient_index=recipient_index,
        address_index=address_index,
        sent_at=at,
        expires_at=at + VALID_FOR,
    )
    return IssuedCode(key=f"code:{row.pk}", digits=digits, expires_at=row.expires_at)


@transaction.atomic
def verify_code(target: CodeTarget, *, code: str, at: dt.datetime) -> bool:
    """Count one try of the newest code, and use it up when it is right.

    False when it is wrong, too old, used or tried five times. No exception: it would roll the count of the
    tries back with the request.
    """
    # Locked until the transaction ends: parallel guesses each cost a try, and only one of them uses it.
    row = target.codes().select_for_update().order_by("-id").first()
    if row is None or row.used_at is not None or row.attempts >= MAX_TRIES or row.expires_at <= at:
        return False
    row.attempts += 1
    if hmac.compare_digest(bytes(row.digest), target.digest(code.strip())):
        row.used_at = at
    row.save(update_fields=["attempts", "used_at"])
    return row.used_at is not None


def delete_codes(*, purpose: VerificationCode.Purpose, subject: str) -> None:
    """Erase the codes of one subject, together with the contact they went to."""
    VerificationCode.objects.filter(purpose=purpose, subject=subject).delete()


def _check_limits(target: CodeTarget, recipient_index: bytes, address_index: bytes, at: dt.datetime) -> None:
    day, hour = at - dt.timedelta(days=1), at - dt.timedelta(hours=1)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('notifications_verificationcode'))")
    # Four counts, each from an index of its own: one aggregate would read the whole day.
    codes = VerificationCode.objects.filter(purpose=target.purpose)
    own = codes.filter(subject=target.subject, sent_at__gt=day).count()
    if (
        own >= PER_SUBJECT_AND_DAY
        or codes.filter(recipient_index=recipient_index, sent_at__gt=day).count() >= PER_RECIPIENT_AND_DAY
        or (
            own
            and (
                codes.filter(address_index=address_index, sent_at__gt=hour).count() >= PER_ADDRESS_AND_HOUR
                or codes.filter(channel=target.channel, sent_at__gt=day).count()
                >= PER_DAY[target.purpose, target.channel]
            )
        )
    ):
        raise WrongState("too_many_codes", _TOO_MANY[target.purpose])
