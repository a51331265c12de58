"""Confirming that a contact is the complainant's: a six-digit code by e-mail or SMS.

It adds weight, nothing else.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from aduan.cases import services as cases
from aduan.cases.dto import ContentsChange
from aduan.complaints import queries, tickets
from aduan.complaints.models import Complaint
from aduan.complaints.services import complainant_messages
from aduan.complaints.types import ClientIdentity, ContactWay
from aduan.core.errors import WrongState
from aduan.notifications import services as notifications
from aduan.notifications.models import OutboxMessage, VerificationCode


@transaction.atomic
def send_code(complaint: Complaint, *, way: ContactWay, sender: ClientIdentity, at: dt.datetime) -> None:
    """Posts a code to the contact that was left with the complaint.

    Raises WrongState when there is none, when it is confirmed already, or when a limit is reached
    (`too_many_codes`).
    """
    complaint = Complaint.objects.select_for_update(of=("self",)).get(pk=complaint.pk)
    target = _target(complaint, way)
    code = notifications.issue_code(
        target, recipient_index=_index_of(complaint, way), address=sender.address, at=at
    )
    by_email = way == ContactWay.EMAIL
    notifications.enqueue_message(
        "contact_code",
        key=code.key,
        to=complainant_messages.email_of(complaint) if by_email else complainant_messages.phone_of(complaint),
        language=complaint.language,
        context={"code": code.digits, "ticket": tickets.show(complaint.ticket)},
        at=at,
        channel=target.channel,
        expires_at=code.expires_at,
        carries_code=True,
    )


@transaction.atomic
def confirm_contact(complaint: Complaint, *, way: ContactWay, code: str, at: dt.datetime) -> bool:
    """The person typed a code, for this complaint and for those of its form about further numbers.

    False when it is wrong, too old or used; after five tries only a new one helps.

    No exception: it would roll the count of the tries back with the request.
    """
    if not notifications.verify_code(_target(complaint, way), code=code, at=at):
        return False
    for one in [complaint, *queries.filed_together(complaint)]:
        _confirm(one.pk, way=way, same=_index(complaint, way), at=at)
    return True


def _confirm(pk: int, *, way: ContactWay, same: bytes | None, at: dt.datetime) -> None:
    """Only what has the contact `same` and is not confirmed yet: a further complaint may be erased."""
    complaint = Complaint.objects.select_for_update(of=("self",)).get(pk=pk)
    if _index(complaint, way) != same or _confirmed_at(complaint, way) is not None:
        return
    first = complaint.email_confirmed_at is None and complaint.phone_confirmed_at is None
    setattr(complaint, "email_confirmed_at" if way == ContactWay.EMAIL else "phone_confirmed_at", at)
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


def _target(complaint: Complaint, way: ContactWay) -> notifications.CodeTarget:
    channel = OutboxMessage.Channel.EMAIL if way == ContactWay.EMAIL else OutboxMessage.Channel.SMS
    return notifications.CodeTarget(VerificationCode.Purpose.CONTACT, channel, complaint.topic)


def _index(complaint: Complaint, way: ContactWay) -> bytes | None:
    index = complaint.email_index if way == ContactWay.EMAIL else complaint.phone_index
    return None if index is None else bytes(index)


def _confirmed_at(complaint: Complaint, way: ContactWay) -> dt.datetime | None:
    return complaint.email_confirmed_at if way == ContactWay.EMAIL else complaint.phone_confirmed_at


def _index_of(complaint: Complaint, way: ContactWay) -> bytes:
    index, done = _index(complaint, way), _confirmed_at(complaint, way)
    if index is None or complaint.withdrawn_at is not None:
        raise WrongState("no_contact", _("There is no contact to confirm."))
    if done is not None:
        raise WrongState("confirmed_already", _("This contact is confirmed already. Thank you."))
    return index
