"""Staff see a complainant's contact only when they ask for it and say why.

Every access and its reason stay readable for leads and auditors; that there was one is in the audit log.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Final

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from aduan.accounts.models import User
from aduan.accounts.queries import log_ins_of
from aduan.accounts.roles import Permission
from aduan.cases.models import Alarm, PaceLimits
from aduan.cases.services import raise_alarm
from aduan.complaints.models import Complaint, ContactAccess
from aduan.core import audit_log, vault
from aduan.core.audit_actions import AuditAction
from aduan.core.errors import Forbidden, Invalid, WrongState

_SHORTEST_REASON: Final = 10
_FEWEST_WORDS: Final = 3  # different ones: "xxx xxx xxx xxx" is no reason
_WORD: Final = re.compile(r"[^\W\d_]{2,}")
_ROLLED: Final = re.compile(r"(.{1,3})\1+")  # "aaaa", "hahaha", "asdasd"
_ROWS: Final = ("qwertyuiop", "asdfghjkl", "zxcvbnm", "abcdefghijklmnopqrstuvwxyz")
_TRYING: Final = frozenset({"tes", "test", "coba", "cek", "lorem", "ipsum", "dolor"})


@dataclass(frozen=True, slots=True)
class Contact:
    email: str
    phone: str


@transaction.atomic
def reveal_contact(complaint: Complaint, *, by: User, reason: str, at: dt.datetime) -> Contact:
    """Opens the contact for one person.

    Raises Forbidden without the permission or after as many accesses in a day as PaceLimits says, WrongState
    when there is nothing to open (any more).
    """
    by.require(Permission.REVEAL)
    reason = reason.strip()
    if len(reason) < _SHORTEST_REASON or len(_words_of(reason)) < _FEWEST_WORDS:
        raise Invalid("reason_missing", _("Say in a few words why you need it."), field="reason")
    if complaint.subject_key is None:
        raise WrongState("no_contact", _("There is no contact, or it was erased."))
    earlier = _accesses_today(by, at)
    limits = PaceLimits.current()
    if earlier >= limits.contacts_per_day:
        raise Forbidden(
            "too_many_accesses",
            _("You have opened %(count)d contacts today. Ask your lead.") % {"count": earlier},
        )
    key = vault.unwrap(complaint.subject_key, aad=complaint.aad_for("subject_key"))
    access = ContactAccess(complaint=complaint, by=by, at=at)
    access.reason_encrypted = key.encrypt(reason, aad=access.aad_for("reason_encrypted"))
    access.save()
    # The person may go on after the first of the two.
    if earlier + 1 in (limits.contacts_alarm, limits.contacts_per_day):
        raise_alarm(Alarm.Kind.CONTACTS_REVEALED, person=by, at=at, detail={"revealed": earlier + 1})
    contact = Contact(_opened(complaint, key, "email_encrypted"), _opened(complaint, key, "phone_encrypted"))
    audit_log.record(
        AuditAction.COMPLAINT_REVEAL,
        actor=f"user:{by.pk}",
        subject=f"complaint:{complaint.pk}",
        at=at,
        detail={"case": complaint.case_id, "access": access.pk},
    )
    return contact


def _words_of(reason: str) -> set[str]:
    """Its different words, without what a hand types that only wants to get on."""
    return {
        word
        for word in _WORD.findall(reason.casefold())
        if not (word in _TRYING or _ROLLED.fullmatch(word) or any(word in row for row in _ROWS))
    }


def _accesses_today(by: User, at: dt.datetime) -> int:
    """Counted one transaction after the other per person, so that parallel requests do not slip through."""
    people = log_ins_of(by)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('complaints_contact_access'), %s)", people[:1])
    return ContactAccess.objects.filter(by__in=people, at__gt=at - dt.timedelta(days=1)).count()


def _opened(complaint: Complaint, key: vault.SubjectKey, column: str) -> str:
    sealed: bytes | None = getattr(complaint, column)
    return key.decrypt(sealed, aad=complaint.aad_for(column)) if sealed else ""
