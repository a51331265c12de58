"""Confirming that a contact is the complainant's: a six-digit code by e-mail or SMS.

It adds weight, nothing else.

The limits (AB4) are counted in the database, under one lock: pumping codes at strangers must not be possible
even when the cache is gone.
"""

from __future__ import annotations

import datetime as dt
import hmac
import secrets
from typing import Final

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from aduan.cases import services as cases
from aduan.cases.dto import ContentsChange
from aduan.complaints import tickets
from aduan.complaints.models import Complaint, ContactCode
from aduan.complaints.services import complainant_messages
from aduan.complaints.types import ClientIdentity
from aduan.core import vault
from aduan.core.errors import WrongState
from aduan.notifications import services as notifications
from aduan.notifications.models import OutboxMessage

Way = ContactCode.Way

VALID_FOR: Final = dt.timedelta(minutes=15)
MOST_TRIES: Final = 5
PER_CONTACT_AND_DAY: Final = 3
PER_ADDRESS_AND_HOUR: Final = 10
PER_DAY: Final = {Way.EMAIL: 20_000, Way.PHONE: 2_000}  # an SMS costs money


def send_code(complaint: Complaint, *, way: ContactCode.Way, sender: ClientIdentity, at: dt.datetime) -> None:
    """Posts a code to the contact that was left with the complaint.

    Raises WrongState when there is none, when it is confirmed already, or when a limit is reached
    (`too_many_codes`).
    """
    with transaction.atomic():
        complaint = Complaint.objects.select_for_update(of=("self",)).get(pk=complaint.pk)
        index = _index_of(complaint, way)
        source = vault.blind_index("address", sender.address)
        _keep_limits(index, source, way, at)
        code = f"{secrets.randbelow(10**6):06d}"
        row = ContactCode.objects.create(
            complaint=complaint,
            way=way,
            digest=_digest(complaint, way, code),
            contact_index=index,
            address_index=source,
            sent_at=at,
            expires_at=at + VALID_FOR,
        )
        notifications.enqueue_message(
            "contact_code",
            key=f"code:{row.pk}",
            to=complainant_messages.email_of(complaint)
            if way == Way.EMAIL
            else complainant_messages.phone_of(complaint),
            language=complaint.language,
            context={"code": code, "ticket": tickets.show(complaint.ticket)},
            at=at,
            channel=OutboxMessage.Channel.EMAIL if way == Way.EMAIL else OutboxMessage.Channel.SMS,
            expires_at=row.expires_at,
        )


def confirm_contact(complaint: Complaint, *, way: ContactCode.Way, code: str, at: dt.datetime) -> bool:
    """The person typed a code.

    False when it is wrong, too old or used; after five tries only a new one helps.

    No exception: it would roll the count of the tries back with the request.
    """
    row = _latest(complaint, way, at)
    if row is None or not hmac.compare_digest(bytes(row.digest), _digest(complaint, way, code.strip())):
        return False
    with transaction.atomic():
        complaint = Complaint.objects.select_for_update(of=("self",)).get(pk=complaint.pk)
        if ContactCode.objects.filter(pk=row.pk, used_at__isnull=True).update(used_at=at) != 1:
            return False
        first = complaint.email_confirmed_at is None and complaint.phone_confirmed_at is None
        setattr(complaint, "email_confirmed_at" if way == Way.EMAIL else "phone_confirmed_at", at)
        # People behind one shared address are distinguished by a confirmed contact.
        freed = complaint.duplicate_reason == Complaint.DuplicateReason.NETWORK
        if freed:
            complaint.duplicate_of, complaint.duplicate_reason = None, ""
        complaint.save(
            update_fields=["email_confirmed_at", "phone_confirmed_at", "duplicate_of", "duplicate_reason"]
        )
        if first and complaint.withdrawn_at is None:
            change = ContentsChange(
                fingerprint=f"confirmed:{complaint.pk}",
                confirmed=1,
                independent=int(freed and not complaint.mass_reporter),
            )
            cases.update_contents(complaint.case, change=change, at=at)
    return True


def _latest(complaint: Complaint, way: str, at: dt.datetime) -> ContactCode | None:
    with connection.cursor() as cursor:
        # Compare and set: parallel guesses each cost a try.
        cursor.execute(
            """UPDATE complaints_contactcode SET attempts = attempts + 1 WHERE id = (
                   SELECT id FROM complaints_contactcode WHERE complaint_id = %s AND way = %s
                   ORDER BY id DESC LIMIT 1
               ) AND attempts < %s AND expires_at > %s AND used_at IS NULL RETURNING id""",
            [complaint.pk, way, MOST_TRIES, at],
        )
        row = cursor.fetchone()
    return ContactCode.objects.get(pk=row[0]) if row else None


def _index_of(complaint: Complaint, way: ContactCode.Way) -> bytes:
    index = complaint.email_index if way == Way.EMAIL else complaint.phone_index
    done = complaint.email_confirmed_at if way == Way.EMAIL else complaint.phone_confirmed_at
    if index is None or complaint.withdrawn_at is not None:
        raise WrongState("no_contact", _("There is no contact to confirm."))
    if done is not None:
        raise WrongState("confirmed_already", _("This contact is confirmed already. Thank you."))
    return bytes(index)


def _keep_limits(contact: bytes, source: bytes, way: ContactCode.Way, at: dt.datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('complaints_contactcode'))")
        cursor.execute(
            """SELECT (SELECT count(*) FROM complaints_contactcode WHERE contact_index = %s AND sent_at > %s),
                      (SELECT count(*) FROM complaints_contactcode WHERE address_index = %s AND sent_at > %s),
                      (SELECT count(*) FROM complaints_contactcode WHERE way = %s AND sent_at > %s)""",
            [
                contact,
                at - dt.timedelta(days=1),
                source,
                at - dt.timedelta(hours=1),
                way,
                at - dt.timedelta(days=1),
            ],
        )
        to_contact, from_address, today = cursor.fetchone()
    if to_contact >= PER_CONTACT_AND_DAY or from_address >= PER_ADDRESS_AND_HOUR or today >= PER_DAY[way]:
        raise WrongState(
            "too_many_codes",
            _("Too many codes were sent. Please try again tomorrow; your complaint is safe without it."),
        )


def _digest(complaint: Complaint, way: str, code: str) -> bytes:
    return vault.derive("code", f"{complaint.pk}|{way}|{code}")
