"""Retention: how long each class of data is kept is data (`RetentionPolicy`); a legal hold overrides it.

Every batch is a transaction of its own and starts from what is still there, so an interrupted purge goes on
where it stopped. Files go before their rows: a file without a row would be no one's.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from aduan.accounts.models import User
from aduan.cases import services as cases
from aduan.cases.workflow import IN_QUEUE
from aduan.complaints.evidence import storage
from aduan.complaints.models import (
    Complaint,
    ComplaintUpdate,
    Evidence,
    RetentionPolicy,
    SourceFingerprint,
)
from aduan.complaints.types import LINE_FIELDS
from aduan.core import audit_log, vault
from aduan.core.audit_actions import AuditAction
from aduan.core.contacts import mailbox_of
from aduan.notifications import services as notifications
from aduan.notifications.models import VerificationCode

_BATCH: Final = 200
# The original of a file that could not be used: long enough to notice and to object, no longer.
REFUSED_KEPT: Final = dt.timedelta(days=7)
Class = RetentionPolicy.DataClass


def purge(*, at: dt.datetime, dry_run: bool = False) -> dict[str, int]:
    """Forgets everything whose time has come. Returns how many items of each class; a dry run only counts."""
    before = at - REFUSED_KEPT
    done = {
        "refused": _due_refused(before).count()
        if dry_run
        else sum(_in_batches(_due_refused, _erase_original, before, at))
    }
    for rule in RetentionPolicy.objects.order_by("days"):
        due, erase_row = _RULES[Class(rule.data_class)]
        before = at - dt.timedelta(days=rule.days)
        done[rule.data_class] = (
            due(before).count() if dry_run else sum(_in_batches(due, erase_row, before, at))
        )
    return done


def erase(complaint: Complaint, *, by: User | None, at: dt.datetime) -> None:
    """A person asked for it (UU PDP): contact, words and files go; that a complaint was decided on stays."""
    with transaction.atomic():
        cases.purge_words([complaint.case_id])
        complaint = Complaint.objects.select_for_update(of=("self",)).get(pk=complaint.pk)
        for row in Evidence.objects.filter(complaint=complaint):
            _erase_evidence(row, at)
        _erase_contact(complaint, at)
        _erase_narrative(complaint, at)
        Complaint.objects.filter(pk=complaint.pk).update(erased_at=at)
        actor = f"user:{by.pk}" if by else "complainant"
        audit_log.record(AuditAction.COMPLAINT_ERASE, actor=actor, subject=f"complaint:{complaint.pk}", at=at)


def replay_erasures(tickets: Iterable[str], *, at: dt.datetime) -> int:
    """Erases again what a restored backup brought back. Returns how many; safe to repeat."""
    back = list(Complaint.objects.filter(ticket__in=list(tickets), erased_at=None))
    for complaint in back:
        erase(complaint, by=None, at=at)
    return len(back)


def complaints_of_contact(*, email: str = "", phone: str = "") -> list[Complaint]:
    """Everything one person filed, for a request of theirs. Either may be empty."""
    wanted = Q(pk__in=[])
    if email:
        wanted |= Q(email_index=vault.blind_index("email", mailbox_of(email)))
    if phone:
        wanted |= Q(phone_index=vault.blind_index("phone", phone))
    return list(Complaint.objects.filter(wanted).order_by("id"))


def _closed(prefix: str, before: dt.datetime) -> Q:
    """Its case was decided or closed before this day, no one objects, no court holds it."""
    ended = Q(**{f"{prefix}case__closed_at__lt": before}) | Q(
        **{f"{prefix}case__closed_at__isnull": True, f"{prefix}case__decided_at__lt": before}
    )
    return (
        ended
        & ~Q(**{f"{prefix}case__status__in": IN_QUEUE})
        & Q(**{f"{prefix}case__objection_since__isnull": True, f"{prefix}legal_hold_reason": ""})
    )


def _owner_closed(before: dt.datetime) -> Q:
    """Of an objection's file: it came before this day, and no one objects any more."""
    objected = Q(complaint=None, received_at__lt=before, case__objection_since__isnull=True)
    return _closed("complaint__", before) | objected


def _due_originals(before: dt.datetime) -> QuerySet[Evidence]:
    return Evidence.objects.filter(_owner_closed(before), shredded_at__isnull=True).exclude(
        state=Evidence.State.QUARANTINED
    )


def _due_refused(before: dt.datetime) -> QuerySet[Evidence]:
    return Evidence.objects.filter(
        state=Evidence.State.REFUSED, examined_at__lt=before, shredded_at__isnull=True
    ).filter(Q(complaint__legal_hold_reason="") | Q(complaint=None))


def _due_evidence(before: dt.datetime) -> QuerySet[Evidence]:
    return Evidence.objects.filter(_owner_closed(before)).exclude(original="", derivative="", thumbnail="")


def _due_contacts(before: dt.datetime) -> QuerySet[Complaint]:
    return Complaint.objects.filter(_closed("", before), subject_key__isnull=False)


def _due_narratives(before: dt.datetime) -> QuerySet[Complaint]:
    read = Evidence.objects.filter(complaint=OuterRef("pk")).exclude(text_read="")
    return Complaint.objects.filter(_closed("", before)).filter(
        ~Q(narrative="", number_raw="") | Exists(read)
    )


def _erase_original(row: Evidence, at: dt.datetime) -> None:
    storage.drop(row.original)
    Evidence.objects.filter(pk=row.pk).update(
        subject_key=None, original="", shredded_at=Coalesce("shredded_at", at)
    )


def _erase_evidence(row: Evidence, at: dt.datetime) -> None:
    storage.drop(row.original, row.derivative, row.thumbnail, *row.parts.values_list("file", flat=True))
    row.parts.all().delete()
    Evidence.objects.filter(pk=row.pk).update(
        subject_key=None,
        original="",
        derivative="",
        thumbnail="",
        name="",
        text_read="",
        shredded_at=Coalesce("shredded_at", at),
    )


def _erase_contact(complaint: Complaint, _at: dt.datetime) -> None:
    """The key goes, and with it every copy of the address, also the ones in backups."""
    Complaint.objects.filter(pk=complaint.pk).update(
        subject_key=None, email_encrypted=None, phone_encrypted=None, email_index=None, phone_index=None
    )
    notifications.delete_codes(purpose=VerificationCode.Purpose.CONTACT, subject=complaint.topic)
    SourceFingerprint.objects.filter(complaint_id=complaint.pk).delete()


def _erase_narrative(complaint: Complaint, _at: dt.datetime) -> None:
    Complaint.objects.filter(pk=complaint.pk).update(
        narrative="", number_raw="", text_bands=None, **dict.fromkeys(LINE_FIELDS, "")
    )
    ComplaintUpdate.objects.filter(complaint=complaint).delete()
    Evidence.objects.filter(complaint=complaint).update(text_read="")


_RULES: Final[
    dict[Class, tuple[Callable[..., QuerySet[Evidence] | QuerySet[Complaint]], Callable[..., None]]]
] = {
    Class.ORIGINAL: (_due_originals, _erase_original),
    Class.EVIDENCE: (_due_evidence, _erase_evidence),
    Class.CONTACT: (_due_contacts, _erase_contact),
    Class.NARRATIVE: (_due_narratives, _erase_narrative),
}
# What these erase is what a case is found by.
_SEARCHED: Final = frozenset({_erase_evidence, _erase_narrative})


def _in_batches(
    due: Callable[..., QuerySet[Evidence] | QuerySet[Complaint]],
    erase_row: Callable[..., None],
    before: dt.datetime,
    at: dt.datetime,
) -> Iterator[int]:
    while True:
        with transaction.atomic():
            found: list[Evidence | Complaint] = list(due(before).order_by("pk")[:_BATCH])
            if erase_row in _SEARCHED:
                cases.purge_words(_case_ids(found))
            locked = due(before).select_for_update(skip_locked=True, of=("self",))
            rows = list(locked.filter(pk__in=[row.pk for row in found]).order_by("pk"))
            for row in rows:
                erase_row(row, at)
        yield len(rows)
        if len(rows) < _BATCH:
            return


def _case_ids(rows: Sequence[Evidence | Complaint]) -> Iterable[int]:
    owners = [row.pk if isinstance(row, Complaint) else row.complaint_id for row in rows]
    return Complaint.objects.filter(pk__in=filter(None, owners)).values_list("case_id", flat=True)
