"""Filing a complaint: files on disk first, then one transaction, then the receipt."""

from __future__ import annotations

import datetime as dt
import hmac
import uuid
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from aduan.cases import services as cases
from aduan.cases.dto import ReportFacts
from aduan.complaints import dispositions, tickets
from aduan.complaints.models import Complaint, Evidence
from aduan.complaints.queries import filed_together
from aduan.complaints.reading import MOST_NUMBERS
from aduan.complaints.services import complainant_messages, duplicates, quarantine
from aduan.complaints.services.at_once import NotAtOnce, file_at_once
from aduan.complaints.services.drafting import SentForm, draft, encrypt_contacts, sources_of
from aduan.complaints.services.form_contents import content_digest
from aduan.complaints.services.turns import in_turn
from aduan.complaints.services.validation import validate
from aduan.complaints.types import (
    ClientIdentity,
    ComplaintData,
    Disposition,
    FiledTogether,
    NumberAlso,
    Receipt,
    Upload,
)
from aduan.core.db import insert_or_ignore
from aduan.core.errors import WrongState
from aduan.numbers import queries as protections
from aduan.numbers import services as numbers

if TYPE_CHECKING:
    from aduan.complaints.services.quarantine import Received

_TICKET_ATTEMPTS: Final = 5


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
        filed = _filed(each, rows, SentForm(sender, idempotency_key, digest, at))
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


def _filed(each: Sequence[ComplaintData], rows: Sequence[list[Evidence]], form: SentForm) -> FiledTogether:
    """In one statement what nothing stands in the way of; all else step by step, from the beginning."""
    if len(each) == 1 and not rows[0]:
        with suppress(NotAtOnce), in_turn(), transaction.atomic():
            return FiledTogether(_receipt(file_at_once(each[0], form)))
    with in_turn(), transaction.atomic():
        return _file_each(each, rows, form)


def _file_each(
    each: Sequence[ComplaintData], rows: Sequence[list[Evidence]], form: SentForm
) -> FiledTogether:
    at = form.at
    # Always in one order: two people who name the same numbers cannot lock each other.
    places = sorted(range(len(each)), key=lambda place: each[place].number.canonical)
    drafts: dict[int, tuple[Complaint, ReportFacts]] = {}
    for place in places:
        own = replace(form, idempotency_key=tickets.key_together(form.idempotency_key, place))
        drafts[place] = _draft_with_sources(each[place], rows[place], own)
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


def _draft_with_sources(
    data: ComplaintData, rows: list[Evidence], form: SentForm
) -> tuple[Complaint, ReportFacts]:
    """The complaint but for its case, and what it adds to that; number and sources are on disk already."""
    number = numbers.register(data.number, at=form.at)
    claim = duplicates.claim_sources(number.pk, sources_of(data, rows, form))
    protected = protections.is_protected(data.number)
    return draft(data, number, claim, form, files=len(rows), protected=protected)


def _count_and_write(
    complaint: Complaint, facts: ReportFacts, data: ComplaintData, rows: list[Evidence], at: dt.datetime
) -> None:
    complaint.case = cases.open_or_join(complaint.number, report=facts, at=at)
    insert_complaint(complaint, email=data.contact_email, phone=data.contact_phone)
    quarantine.attach(rows, case_id=complaint.case_id, complaint=complaint)


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
