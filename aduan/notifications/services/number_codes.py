"""Codes by SMS that prove possession of a number.

A code belongs to the number and serves any person who types it, in any matter about it: what strangers ask
for only brings the holder one more code. No count of strangers keeps the holder from getting one.
"""

from __future__ import annotations

import datetime as dt
import hmac
import secrets
from typing import Final

from django.db import connection, transaction
from django.db.models import QuerySet

from aduan.core import vault
from aduan.core.networks import subscriber_network
from aduan.notifications.models import OutboxMessage, VerificationCode
from aduan.notifications.queries import number_subject
from aduan.notifications.services.verification_codes import CodeTarget, IssuedCode

VALID_FOR: Final = dt.timedelta(hours=24)
DIGITS: Final = 8  # a code lives for a day and is tried from many objections: 5 tries each of 100 million
PAUSE: Final = dt.timedelta(minutes=10)
PER_NUMBER_AND_DAY: Final = 3
PER_NETWORK_AND_HOUR: Final = 10
PER_DAY: Final = 2_000  # an SMS costs money


def number_target(number_id: int) -> CodeTarget:
    return CodeTarget(
        VerificationCode.Purpose.POSSESSION, OutboxMessage.Channel.SMS, number_subject(number_id)
    )


@transaction.atomic
def issue_number_code(
    number_id: int, *, recipient_index: bytes, address: str, at: dt.datetime
) -> IssuedCode | None:
    """Make a code, which the caller sends in the same transaction; None when an earlier one still serves.

    Limits only decide whether a *second* code is sent while one can still be typed: a number without one
    always gets one, so the messages of a day are bounded by the numbers that are blocked.
    """
    target, network = number_target(number_id), vault.blind_index("address", subscriber_network(address))
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('notifications_verificationcode'))")
    newest = _live(target, at).order_by("-id").first()
    if newest is not None and (newest.sent_at > at - PAUSE or _share_is_used_up(target, network, at)):
        return None
    digits = f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"
    row = VerificationCode.objects.create(
        purpose=target.purpose,
        channel=target.channel,
        subject=target.subject,
        digest=target.digest(digits),
        recipient_index=recipient_index,
        address_index=network,
        sent_at=at,
        expires_at=at + VALID_FOR,
    )
    return IssuedCode(key=f"code:{row.pk}", digits=digits, expires_at=row.expires_at)


@transaction.atomic
def use_number_code(number_id: int, *, code: str, at: dt.datetime) -> bool:
    """Use up the code of the number that was typed; False when there is none like it.

    The caller counts the tries, for each matter apart: strangers cannot use up those of the holder.
    """
    target = number_target(number_id)
    digest = target.digest("".join(code.split()))
    for row in _live(target, at).select_for_update():
        if hmac.compare_digest(bytes(row.digest), digest):
            row.used_at = at
            row.save(update_fields=["used_at"])
            return True
    return False


def _live(target: CodeTarget, at: dt.datetime) -> QuerySet[VerificationCode]:
    return target.codes().filter(used_at=None, expires_at__gt=at)


def _share_is_used_up(target: CodeTarget, network: bytes, at: dt.datetime) -> bool:
    day, hour = at - dt.timedelta(days=1), at - dt.timedelta(hours=1)
    codes = VerificationCode.objects.filter(purpose=target.purpose)
    return (
        target.codes().filter(sent_at__gt=day).count() >= PER_NUMBER_AND_DAY
        or codes.filter(address_index=network, sent_at__gt=hour).count() >= PER_NETWORK_AND_HOUR
        or codes.filter(channel=target.channel, sent_at__gt=day).count() >= PER_DAY
    )
