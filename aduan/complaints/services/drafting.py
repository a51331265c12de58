"""A complaint as it will be written, but for its case: the same whichever way it is filed."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from aduan.cases.dto import ReportFacts
from aduan.complaints import dispositions, fingerprints, tickets
from aduan.complaints.models import Complaint, Evidence
from aduan.complaints.services.duplicates import SourceClaim, source_fingerprints
from aduan.complaints.types import LINE_FIELDS, ClientIdentity, ComplaintData, Disposition, can_be_reviewed
from aduan.core import vault
from aduan.core.contacts import mailbox_of
from aduan.numbers.models import PhoneNumber

_STORED_FIELDS: Final = (
    "number_raw", "channel", "category", "occurred_at", "narrative", "loss", "language", *LINE_FIELDS,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class SentForm:
    """What the complaints of one form have in common. `digest` is of what it says."""

    sender: ClientIdentity
    idempotency_key: uuid.UUID
    digest: bytes
    at: dt.datetime


def sources_of(data: ComplaintData, rows: Sequence[Evidence], form: SentForm) -> list[tuple[int, bytes]]:
    return source_fingerprints(form.sender, _contact_indexes(data), data.narrative, rows, form.at)


def draft(
    data: ComplaintData,
    number: PhoneNumber,
    claim: SourceClaim,
    form: SentForm,
    *,
    files: int,
    protected: bool,
) -> tuple[Complaint, ReportFacts]:
    """The complaint, and what it adds to its case. `protected`: its number must never be blocked."""
    disposition = dispositions.disposition_of(number.kind, protected=protected)
    facts = ReportFacts(
        channel=data.channel,
        category=data.category,
        loss=data.loss or 0,
        independent=claim.duplicate_of is None,
        evidence_count=files,
        suspected_spoofing=disposition == Disposition.SPOOFING or data.category == "SPOOFING",
        protected=disposition == Disposition.SPOOFING,
        complete=can_be_reviewed(data.narrative, files=files),
        fingerprint=f"complaint:{claim.complaint_id}",
    )
    complaint = _complaint(data, claim, disposition, form)
    complaint.number = number
    return complaint, facts


def _complaint(
    data: ComplaintData, claim: SourceClaim, disposition: Disposition, form: SentForm
) -> Complaint:
    return Complaint(
        pk=claim.complaint_id,
        secret_digest=tickets.digest_of(tickets.secret_of(form.idempotency_key)),
        idempotency_key=form.idempotency_key,
        body_digest=form.digest,
        disposition=disposition,
        **{name: getattr(data, name) for name in _STORED_FIELDS},
        filed_at=form.at,
        email_index=email_index(data),
        phone_index=_phone_index(data),
        text_bands=fingerprints.bands(data.narrative) or None,
        duplicate_of_id=claim.duplicate_of,
        duplicate_reason=claim.duplicate_reason,
    )


def encrypt_contacts(complaint: Complaint, email: str, phone: str) -> None:
    """Bound to the ticket, so it has to be done again when the ticket changes."""
    if not (email or phone):
        return
    key, complaint.subject_key = vault.new_subject_key(aad=complaint.aad_for("subject_key"))
    if email:
        complaint.email_encrypted = key.encrypt(email, aad=complaint.aad_for("email_encrypted"))
    if phone:
        complaint.phone_encrypted = key.encrypt(phone, aad=complaint.aad_for("phone_encrypted"))


def email_index(data: ComplaintData) -> bytes | None:
    return vault.blind_index("email", mailbox_of(data.contact_email)) if data.contact_email else None


def _phone_index(data: ComplaintData) -> bytes | None:
    return vault.blind_index("phone", data.contact_phone) if data.contact_phone else None


def _contact_indexes(data: ComplaintData) -> list[bytes]:
    return [index for index in (email_index(data), _phone_index(data)) if index]
