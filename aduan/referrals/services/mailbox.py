"""Mail of platforms is stored as text and waits for a person."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from aduan.accounts.roles import Permission
from aduan.core.db import insert_or_ignore
from aduan.core.errors import WrongState
from aduan.referrals.incoming_mail import read_mail
from aduan.referrals.models import PlatformMail, Referral

if TYPE_CHECKING:
    import datetime as dt

    from aduan.accounts.models import User

_REFERENCE: Final = re.compile(r"\bR-([0-9]{8,12})\b")


@transaction.atomic
def store_mail(raw: bytes, *, at: dt.datetime) -> PlatformMail | None:
    """One mail as it came from a pipe or a mailbox; None when it is stored already.

    Which referral it is about is a guess by thread or reference, which a person confirms. Raises Invalid for
    what is no mail.
    """
    mail = read_mail(raw)
    row = PlatformMail(
        referral=_referral(mail.thread, f"{mail.subject}\n{mail.text}"),
        raw_sha256=mail.raw_sha256,
        message_id=mail.message_id,
        sender=mail.sender,
        authentication=mail.authentication,
        subject=mail.subject,
        text=mail.text,
        cut=mail.cut,
        attachments=list(mail.attachments),
        received_at=at,
    )
    return row if insert_or_ignore(row) else None


@transaction.atomic
def mark_handled(mail: PlatformMail, *, by: User, at: dt.datetime) -> None:
    """A person read a mail that answers nothing. Raises WrongState when it was dealt with."""
    by.require(Permission.DECIDE)
    if PlatformMail.objects.filter(pk=mail.pk, handled_at=None).update(handled_by=by, handled_at=at) != 1:
        raise WrongState("mail_handled", _("Someone has dealt with this mail already."))


def _referral(thread: tuple[str, ...], text: str) -> Referral | None:
    """By what it says it answers: the thread, else the first reference in the text."""
    known = {one.mail_id: one for one in Referral.objects.filter(mail_id__in=thread)}
    for named in thread:
        if named in known:
            return known[named]
    found = _REFERENCE.search(text)
    return Referral.objects.filter(pk=int(found[1])).first() if found else None
