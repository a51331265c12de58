"""Filing a complaint: files on disk first, then one transaction, then the receipt."""

from __future__ import annotations

import datetime as dt
import hmac
import uuid
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from aduan.cases import services as cases
from aduan.cases.dto import ReportFacts
from aduan.complaints import dispositions, fingerprints, tickets
from aduan.complaints.models import Complaint, Evidence
from aduan.complaints.queries import filed_together
from aduan.complaints.reading import MOST_NUMBERS
from aduan.complaints.services import complainant_messages, duplicates, quarantine
from aduan.complaints.services.form_contents import content_digest
from aduan.complaints.services.turns import in_turn
from aduan.complaints.services.validation import validate
from aduan.complaints.types import (
    LINE_FIELDS,
    ClientIdentity,
    ComplaintData,
    Disposition,
    FiledTogether,
    NumberAlso,
    Receipt,
    Upload,
    can_be_reviewed,
)
from aduan.core import vault
from aduan.core.contacts import mailbox_of
from aduan.core.db import insert_or_ignore
from aduan.core.errors import WrongState
from aduan.numbers import queries as protections
from aduan.numbers import services as numbers

if TYPE_CHECKING:
    from aduan.complaints.services.quarantine import Received

_TICKET_ATTEMPTS: Final = 5
_STORED_FIELDS: Final = (
    "number_raw", "channel", "category", "occurred_at", "narrative", "loss", "language", *LINE_FIELDS,
)  # fmt: skip


class _Repeated(Exception):
    """This form was filed before (or at this very moment by another connection): undo, and answer as then."""


def file_complaint(
    data: ComplaintData,
    *,
    evidence: Sequence[Upload] = (),
    sender: ClientIdentity,
    idempotency_key: uuid.UUID,
    at: dt.datetime,
) -> Receipt:
    """Takes in one complaint.

    When this returns (and the caller's transaction, if any, is committed) it is on disk.

    The same key with the same content gives the same receipt and files nothing twice; with other content it
    raises WrongState. Raises Invalid with the `field` for what cannot be accepted.
    """
    return file_together(
        data, also=(), evidence=evidence, sender=sender, idempotency_key=idempotency_key, at=at
    ).receipt


def file_together(
    data: ComplaintData,
    *,
    also: Sequence[NumberAlso],
    evidence: Sequence[Upload] = (),
    sender: ClientIdentity,
    idempotency_key: uuid.UUID,
    at: dt.datetime,
) -> FiledTogether:
    """One complaint about several numbers of one scam: a case each, linked as a campaign, all or none.

    Each case gets the story and the files, so that it can be decided by itself; the loss is counted with the
    first number only, as it was lost once. At most MOST_NUMBERS are taken: the answer says how many were
    left out. Otherwise as `file_complaint`.
    """
    each, left_out = _each_number(validate(data, at=at), also, at)
    files = quarantine.read_uploads(evidence)
    digest = content_digest(each, files)
    if files and (known := _known(idempotency_key, digest)):
        return replace(known, left_out=left_out)
    rows = _keep_for_each(files, len(each), at)
    try:
        with in_turn(), transaction.atomic():
            filed = _file_each(each, rows, sender, idempotency_key, digest, at)
    except _Repeated:
        quarantine.discard(row for of_one in rows for row in of_one)
        known = _known(idempotency_key, digest)
        if known is None:
            raise WrongState("try_again", _("Please send it once more.")) from None
        filed = known
    except BaseException:
        quarantine.discard(row for of_one in rows for row in of_one)
        raise
    return replace(filed, left_out=left_out)


def _each_number(
    data: ComplaintData, also: Sequence[NumberAlso], at: dt.datetime
) -> tuple[list[ComplaintData], int]:
    """The complaint about each number, the first one first, and how many numbers were too many."""
    numbers: dict[str, NumberAlso] = {}
    for one in also:
        if one.number.canonical != data.number.canonical:
            numbers.setdefault(one.number.canonical, one)
    others = list(numbers.values())
    taken = others[: MOST_NUMBERS - 1]
    each = [
        validate(replace(data, number=one.number, number_raw=one.typed, loss=None, loss_text=""), at=at)
        for one in taken
    ]
    return [data, *each], len(others) - len(taken)


def _keep_for_each(files: Sequence[Received], count: int, at: dt.datetime) -> list[list[Evidence]]:
    """The files once for every case, each copy sealed under a key of its own: cases end at their own time."""
    kept: list[list[Evidence]] = []
    try:
        for turn in range(count):
            copies = [replace(file, uid=uuid.uuid4()) for file in files] if turn else files
            kept.append(quarantine.keep(copies, at=at))
    except BaseException:
        quarantine.discard(row for of_one in kept for row in of_one)
        raise
    return kept


def _file_each(
    each: Sequence[ComplaintData],
    rows: Sequence[list[Evidence]],
    sender: ClientIdentity,
    idempotency_key: uuid.UUID,
    digest: bytes,
    at: dt.datetime,
) -> FiledTogether:
    # Always in one order: two people who name the same numbers cannot lock each other.
    places = sorted(range(len(each)), key=lambda place: each[place].number.canonical)
    drafts: dict[int, tuple[Complaint, ReportFacts]] = {}
    for place in places:
        key = tickets.key_together(idempotency_key, place)
        drafts[place] = _draft(each[place], rows[place], sender, key, digest, at)
    first, *others = [drafts[place][0] for place in range(len(each))]
    to = each[0].contact_email if complainant_messages.may_receive(first, at=at) else ""
    # From here to the commit all who report these numbers wait, so what could be done before was.
    for place in places:
        _count_and_write(*drafts[place], each[place], rows[place], at)
    if others:
        cases.cluster_cases(
            [cases.CaseSimilarity(first.case_id, other.case_id, "together") for other in others], at=at
        )
    complainant_messages.send_receipt(first, to, at=at)
    return FiledTogether(_receipt(first), tuple(_receipt(other) for other in others))


def _draft(
    data: ComplaintData,
    rows: list[Evidence],
    sender: ClientIdentity,
    idempotency_key: uuid.UUID,
    digest: bytes,
    at: dt.datetime,
) -> tuple[Complaint, ReportFacts]:
    """The complaint but for its case, and what it adds to that; number and sources are on disk already."""
    number = numbers.register(data.number, at=at)
    disposition = dispositions.disposition_of(
        number.kind, protected=protections.protection_of(data.number) is not None
    )
    claim = duplicates.claim_sources(
        number.pk, duplicates.source_fingerprints(sender, _contact_indexes(data), data.narrative, rows, at)
    )
    facts = ReportFacts(
        channel=data.channel,
        category=data.category,
        loss=data.loss or 0,
        independent=claim.duplicate_of is None,
        evidence_count=len(rows),
        suspected_spoofing=disposition == Disposition.SPOOFING or data.category == "SPOOFING",
        protected=disposition == Disposition.SPOOFING,
        complete=can_be_reviewed(data.narrative, files=len(rows)),
        fingerprint=f"complaint:{claim.complaint_id}",
    )
    complaint = _complaint(data, claim, disposition, idempotency_key, digest, at)
    complaint.number = number
    return complaint, facts


def _count_and_write(
    complaint: Complaint, facts: ReportFacts, data: ComplaintData, rows: list[Evidence], at: dt.datetime
) -> None:
    complaint.case = cases.open_or_join(complaint.number, report=facts, at=at)
    insert_complaint(complaint, email=data.contact_email, phone=data.contact_phone)
    quarantine.attach(rows, case_id=complaint.case_id, complaint=complaint)


def _complaint(
    data: ComplaintData,
    claim: duplicates.SourceClaim,
    disposition: Disposition,
    idempotency_key: uuid.UUID,
    digest: bytes,
    at: dt.datetime,
) -> Complaint:
    return Complaint(
        pk=claim.complaint_id,
        secret_digest=tickets.digest_of(tickets.secret_of(idempotency_key)),
        idempotency_key=idempotency_key,
        body_digest=digest,
        disposition=disposition,
        **{name: getattr(data, name) for name in _STORED_FIELDS},
        filed_at=at,
        email_index=_email_index(data),
        phone_index=_phone_index(data),
        text_bands=fingerprints.bands(data.narrative) or None,
        duplicate_of_id=claim.duplicate_of,
        duplicate_reason=claim.duplicate_reason,
    )


def insert_complaint(complaint: Complaint, *, email: str, phone: str) -> None:
    """Raises _Repeated when the form's key is there already; a ticket that is taken is drawn again."""
    for _try in range(_TICKET_ATTEMPTS):
        complaint.ticket = tickets.new_ticket()
        encrypt_contacts(complaint, email, phone)
        if insert_or_ignore(complaint):
            return
        if Complaint.objects.filter(idempotency_key=complaint.idempotency_key).exists():
            raise _Repeated
    raise WrongState("no_ticket", _("Please send it once more."))


def encrypt_contacts(complaint: Complaint, email: str, phone: str) -> None:
    """Bound to the ticket, so it has to be done again when the ticket changes."""
    if not (email or phone):
        return
    key, complaint.subject_key = vault.new_subject_key(aad=complaint.aad_for("subject_key"))
    if email:
        complaint.email_encrypted = key.encrypt(email, aad=complaint.aad_for("email_encrypted"))
    if phone:
        complaint.phone_encrypted = key.encrypt(phone, aad=complaint.aad_for("phone_encrypted"))


def _known(idempotency_key: uuid.UUID, digest: bytes) -> FiledTogether | None:
    """The receipt of a form that was filed before. Raises WrongState when it said something else then."""
    complaint = Complaint.objects.filter(idempotency_key=idempotency_key).first()
    if complaint is None:
        return None
    if not hmac.compare_digest(bytes(complaint.body_digest), digest):
        raise WrongState(
            "form_used",
            _(
                "A complaint was already sent with this form. To add something to it, open it with its "
                "ticket number. If this is another complaint, send it once more."
            ),
        )
    others = filed_together(complaint)
    return FiledTogether(
        _receipt(complaint, repeated=True), tuple(_receipt(other, repeated=True) for other in others)
    )


def _receipt(complaint: Complaint, *, repeated: bool = False) -> Receipt:
    disposition = Disposition(complaint.disposition)
    return Receipt(
        complaint_id=complaint.pk,
        ticket=tickets.show(complaint.ticket),
        secret=tickets.secret_for(complaint.idempotency_key, complaint.secret_digest),
        disposition=disposition,
        message=dispositions.message_for(disposition),
        repeated=repeated,
    )


def _email_index(data: ComplaintData) -> bytes | None:
    return vault.blind_index("email", mailbox_of(data.contact_email)) if data.contact_email else None


def _phone_index(data: ComplaintData) -> bytes | None:
    return vault.blind_index("phone", data.contact_phone) if data.contact_phone else None


def _contact_indexes(data: ComplaintData) -> list[bytes]:
    return [index for index in (_email_index(data), _phone_index(data)) if index]
