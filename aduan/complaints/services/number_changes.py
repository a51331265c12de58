"""Complaints under the wrong number: moved, filed under a second one too, or merged, as two people agreed."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from aduan.accounts.models import User
from aduan.accounts.step_up import StepUp
from aduan.cases import services as cases
from aduan.cases.dto import ReportFacts
from aduan.cases.models import Case, ChangeRequest
from aduan.complaints import dispositions, tickets
from aduan.complaints.models import Complaint, Evidence, SourceFingerprint
from aduan.complaints.reading import MOST_NUMBERS
from aduan.complaints.services import complainant_messages as messages
from aduan.complaints.services import duplicates, quarantine
from aduan.complaints.services.complainant_updates import counted_files, take_out
from aduan.complaints.services.submit import insert_complaint
from aduan.complaints.types import LINE_FIELDS, ClientIdentity, Disposition, can_be_reviewed
from aduan.core.errors import Invalid, WrongState
from aduan.numbers import queries as protections
from aduan.numbers import services as numbers
from aduan.numbers.models import PhoneNumber
from aduan.numbers.parsing import Parsed

_NOWHERE: Final = ClientIdentity()
_COPIED: Final = (
    *("body_digest", "number_raw", "channel", "category", "occurred_at", "narrative", "language"),
    *("filed_at", "email_index", "phone_index", "email_confirmed_at", "phone_confirmed_at"),
    *("text_bands", "mass_reporter"),
    *(name for name in LINE_FIELDS if name != "loss_text"),  # the loss counts once, with the first number
)


@transaction.atomic
def request_number_change(
    case: Case,
    *,
    kind: str,
    complaint: Complaint | None,
    number: Parsed,
    reason: str,
    by: User,
    step_up: StepUp,
    at: dt.datetime,
    seen_digest: str,
) -> ChangeRequest:
    """Asks that a complaint (of a merge: all of the case) stands under this number.

    Raises Invalid for the number that it stands under already, and where the complaint is no longer there.
    """
    if number.canonical == case.number_text:
        raise Invalid("same_number", _("It stands under this number already."), field="number")
    if kind != ChangeRequest.Kind.MERGE:
        _require_there(complaint, case)
    numbers.register(number, at=at)
    request = ChangeRequest(
        kind=kind,
        ticket=complaint.ticket if complaint and kind != ChangeRequest.Kind.MERGE else "",
        pattern=number.canonical,
        reason=reason.strip(),
        seen_digest=seen_digest,
    )
    return cases.open_number_change(request, case, by=by, step_up=step_up, at=at)


@transaction.atomic
def confirm_number_change(
    request: ChangeRequest, *, by: User, step_up: StepUp, at: dt.datetime, seen_digest: str
) -> Case:
    """The second person: the complaints stand under the right number now, and their complainants hear of it.

    Returns the case of that number.
    """
    source, request = cases.settle_number_change(
        request, by=by, step_up=step_up, at=at, seen_digest=seen_digest
    )
    number = PhoneNumber.objects.get(canonical=request.pattern)
    moved = Complaint.objects.select_for_update(of=("self",)).select_related("case")
    moved = moved.filter(case=source, withdrawn_at=None, erased_at=None)
    if request.ticket:
        moved = moved.filter(ticket=request.ticket)
    complaints = list(moved.order_by("pk"))
    if not complaints:
        raise WrongState("no_complaint", _("The complaint is no longer in this case."))
    put = _file_again if request.kind == ChangeRequest.Kind.SPLIT else _put_under
    for complaint in complaints:
        messages.send_moved(put(complaint, number, at), at=at)
    target = Case.objects.filter(number=number).order_by("-pk")[0]
    if request.kind == ChangeRequest.Kind.SPLIT:
        cases.cluster_cases([cases.CaseSimilarity(source.pk, target.pk, "together")], at=at)
    cases.record_number_change(source, target, request, by=by, at=at)
    return target


def _require_there(complaint: Complaint | None, case: Case) -> None:
    if complaint is None or complaint.case_id != case.pk or complaint.withdrawn_at or complaint.erased_at:
        raise Invalid("no_complaint", _("Choose a complaint of this case."), field="complaint")


def _put_under(complaint: Complaint, number: PhoneNumber, at: dt.datetime) -> Complaint:
    sources = _sources_of(complaint)
    out = take_out(complaint, fingerprint=f"moved:{complaint.pk}")
    cases.update_contents(complaint.case, change=out, at=at)
    claim = duplicates.claim_sources(number.pk, sources)
    SourceFingerprint.objects.filter(complaint_id=claim.complaint_id).update(complaint_id=complaint.pk)
    _stand_under(complaint, number, claim, loss=complaint.loss or 0, files=counted_files(complaint), at=at)
    complaint.save(
        update_fields=[
            *("number", "case", "disposition", "duplicate_of", "duplicate_reason", "moved_at"),
        ]
    )
    return complaint


def _file_again(complaint: Complaint, number: PhoneNumber, at: dt.datetime) -> Complaint:
    """The same story and files under a second number, with a ticket and a code of its own."""
    claim = duplicates.claim_sources(number.pk, _sources_of(complaint))
    key = _free_key(complaint)
    copy = Complaint(
        pk=claim.complaint_id,
        idempotency_key=key,
        secret_digest=tickets.digest_of(tickets.secret_of(key)),
        **{name: getattr(complaint, name) for name in _COPIED},
    )
    files = quarantine.copy_files(complaint, at=at)
    _stand_under(copy, number, claim, loss=0, files=len(files), at=at)
    email = messages.email_of(complaint) if complaint.email_encrypted else ""
    phone = messages.phone_of(complaint) if complaint.phone_encrypted else ""
    insert_complaint(copy, email=email, phone=phone)
    quarantine.attach(files, case_id=copy.case_id, complaint=copy)
    return copy


def _stand_under(
    complaint: Complaint,
    number: PhoneNumber,
    claim: duplicates.SourceClaim,
    *,
    loss: int,
    files: int,
    at: dt.datetime,
) -> None:
    """Counts it in the case of this number, and says so in the complaint, which is not saved here."""
    protected = protections.protection_of(number.canonical) is not None
    disposition = dispositions.disposition_of(number.kind, protected=protected)
    spoofing = disposition == Disposition.SPOOFING
    facts = ReportFacts(
        channel=complaint.channel,
        category=complaint.category,
        loss=loss,
        confirmed=bool(complaint.email_confirmed_at or complaint.phone_confirmed_at),
        independent=claim.duplicate_of is None and not complaint.mass_reporter,
        evidence_count=files,
        suspected_spoofing=spoofing or complaint.category == "SPOOFING",
        protected=spoofing,
        complete=can_be_reviewed(complaint.narrative, files=files),
        fingerprint=f"moved:{complaint.pk}",
    )
    complaint.case = cases.open_or_join(number, report=facts, at=at)
    complaint.number, complaint.disposition, complaint.moved_at = number, disposition, at
    complaint.duplicate_of_id, complaint.duplicate_reason = claim.duplicate_of, claim.duplicate_reason


def _sources_of(complaint: Complaint) -> list[tuple[int, bytes]]:
    """Its sources under the number that it leaves, and those that its contents tell."""
    kept = SourceFingerprint.objects.filter(complaint_id=complaint.pk).values_list("kind", "value")
    contacts = [bytes(index) for index in (complaint.email_index, complaint.phone_index) if index]
    files = list(Evidence.objects.filter(complaint=complaint))
    known = duplicates.source_fingerprints(_NOWHERE, contacts, complaint.narrative, files, complaint.filed_at)
    return sorted({*((kind, bytes(value)) for kind, value in kept), *known})


def _free_key(complaint: Complaint) -> uuid.UUID:
    """As if its form had named one number more: the complainant finds both from either page."""
    keys = [tickets.key_together(complaint.idempotency_key, place) for place in range(1, MOST_NUMBERS)]
    taken = set(Complaint.objects.filter(idempotency_key__in=keys).values_list("idempotency_key", flat=True))
    for key in keys:
        if key not in taken:
            return key
    raise WrongState("too_many_numbers", _("This complaint names as many numbers as one can."))
