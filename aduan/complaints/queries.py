"""What pages ask: a complaint by ticket and secret, its honest timeline, and what reviewers see of a case."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, F, OuterRef, Subquery
from django.utils.translation import get_language

from aduan.cases import queries as cases
from aduan.cases.models import Case
from aduan.complaints import tickets, timeline
from aduan.complaints.evidence.advice import advice_for
from aduan.complaints.models import Complaint, ComplaintUpdate, ContactAccess, Evidence
from aduan.complaints.reading import MOST_NUMBERS
from aduan.complaints.types import (
    LINE_FIELDS,
    Channel,
    Disposition,
    EvidenceStatus,
    Progress,
    can_be_reviewed,
)
from aduan.core import vault
from aduan.core.contacts import mailbox_of
from aduan.numbers.parsing import is_usual_spelling


def complaint_of(ticket: str, secret: str) -> Complaint | None:
    """The complaint that these two open together.

    None alike for a wrong ticket and for a wrong secret, after the same work.
    """
    read = tickets.read(ticket)
    complaint = Complaint.objects.select_related("number__operator", "case").filter(ticket=read or "").first()
    known = tickets.opens(secret, complaint.secret_digest if complaint else None)
    return complaint if known else None


def filed_together(complaint: Complaint) -> list[Complaint]:
    """The complaints about the further numbers of one form, in its order; none for any but its first."""
    keys = [tickets.key_together(complaint.idempotency_key, place) for place in range(1, MOST_NUMBERS)]
    found = Complaint.objects.select_related("number").filter(idempotency_key__in=keys)
    return sorted(found, key=lambda one: keys.index(one.idempotency_key))


def cases_of_email(email: str) -> list[int]:
    """Cases in which this mailbox complained, by its keyed digest. Empty also for what is no address."""
    index = vault.blind_index("email", mailbox_of(email))
    found = Complaint.objects.filter(email_index=index).values_list("case_id", flat=True).distinct()
    return list(found) if "@" in email else []


def erased_tickets(*, since: dt.datetime | None = None) -> list[str]:
    """Tickets of complaints that were erased at their person's request: they stay so after a restore."""
    erased = Complaint.objects.filter(erased_at__isnull=False)
    if since is not None:
        erased = erased.filter(erased_at__gte=since)
    return list(erased.order_by("erased_at", "pk").values_list("ticket", flat=True))


def progress(complaint: Complaint, *, at: dt.datetime) -> Progress:
    """The tracking page. The interface adds what lists and operators say (blocklists.queries)."""
    disposition = Disposition(complaint.disposition)
    status = cases.announced_status(complaint.case, at=at)
    announced = cases.announcements(complaint.case, since=complaint.here_since, at=at)
    evidence = list(complaint.evidence.order_by("id"))
    open_ = complaint.withdrawn_at is None and complaint.erased_at is None
    live = open_ and status in timeline.LIVE
    email, phone = _masked(complaint)
    question = timeline.open_question(status, announced) if live else None
    return Progress(
        complaint_id=complaint.pk,
        ticket=tickets.show(complaint.ticket),
        number=complaint.number.canonical,
        operator=complaint.number.operator.name if complaint.number.operator else "",
        category=complaint.category,
        channel=complaint.channel,
        received_at=complaint.filed_at,
        disposition=disposition,
        message=timeline.message_for(disposition),
        steps=timeline.steps_of(
            complaint,
            status=status,
            announced=announced,
            joined=None if announced else cases.newest_announcement(complaint.case, at=at),
            own_acts=_own_acts(complaint, evidence),
            at=at,
        ),
        evidence=[_evidence_status(row) for row in evidence],
        asked=question.text.in_language(get_language() or "id") if question else "",
        email_shown=email,
        email_confirmed=complaint.email_confirmed_at is not None,
        phone_shown=phone,
        phone_confirmed=complaint.phone_confirmed_at is not None,
        may_complete=live,
        may_withdraw=live,
        may_say_still_active=live and status == timeline.CONFIRMED,
        case_id=complaint.case_id,
    )


def _own_acts(complaint: Complaint, evidence: Sequence[Evidence]) -> list[dt.datetime]:
    """When this complainant gave something that can be reviewed: a story long enough, files, additions."""
    acts = [row.received_at for row in evidence]
    acts += complaint.updates.values_list("at", flat=True)
    if can_be_reviewed(complaint.narrative, files=0):
        acts.append(complaint.filed_at)
    return acts


def _masked(complaint: Complaint) -> tuple[str, str]:
    """`s…i@example.id` and `+62812****890`: enough to recognise one's own."""
    if not complaint.subject_key:
        return "", ""
    key = vault.unwrap(complaint.subject_key, aad=complaint.aad_for("subject_key"))
    email = phone = ""
    if complaint.email_encrypted:
        name, _at, domain = key.decrypt(
            complaint.email_encrypted, aad=complaint.aad_for("email_encrypted")
        ).rpartition("@")
        email = f"{name[:1]}…{name[-1:] if len(name) > 2 else ''}@{domain}"
    if complaint.phone_encrypted:
        number = key.decrypt(complaint.phone_encrypted, aad=complaint.aad_for("phone_encrypted"))
        phone = f"{number[:6]}****{number[-3:]}"
    return email, phone


def _evidence_status(row: Evidence) -> EvidenceStatus:
    reason = advice = ""
    if row.state == Evidence.State.REFUSED:
        reason, advice = str(row.get_refusal_display()), str(advice_for(row.refusal))
    return EvidenceStatus(
        row.uid, row.name, row.size, row.state, Evidence.State(row.state).label, reason, advice
    )


@dataclass(frozen=True, slots=True)
class ComplaintDetail:
    """One complaint as reviewers see it: everything but who sent it."""

    id: int
    ticket: str
    filed_at: dt.datetime
    channel: str
    category: str
    occurred_at: dt.datetime | None
    narrative: str
    updates: list[tuple[dt.datetime, str]]
    loss: int | None
    lines: dict[str, str]  # by name, see types.LINE_FIELDS
    number_raw: str
    number_differs: bool  # typed otherwise than it is read, in more than its grouping
    disposition: str
    confirmed: bool
    has_contact: bool
    duplicate_of: int | None
    duplicate_reason: str
    duplicate_reason_label: str
    mass_reporter: bool
    duplicates: int
    withdrawn_at: dt.datetime | None
    still_active_at: dt.datetime | None


def complaints_of(case: Case, *, limit: int = 50, before: int | None = None) -> list[ComplaintDetail]:
    """The complaints of a case, newest first, in one statement that reads no more of them than it shows.

    `before` is the id of the last one shown: the next page.
    """
    rows = Complaint.objects.filter(case=case)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    duplicates = (
        Complaint.objects.filter(duplicate_of=OuterRef("pk"), withdrawn_at=None)
        .order_by()
        .values("duplicate_of")
    )
    updates = ComplaintUpdate.objects.filter(complaint=OuterRef("pk")).order_by("id")
    rows = rows.annotate(
        duplicate_count=Subquery(duplicates.annotate(count=Count("*")).values("count")),
        added_at=ArraySubquery(updates.values("at")),
        added_text=ArraySubquery(updates.values("text")),
        number_canonical=F("number__canonical"),
    )
    return [_complaint_detail(row) for row in rows.order_by("-pk")[:limit]]


def calls_of(case_ids: Sequence[int], *, limit: int = 50) -> dict[int, list[dt.datetime]]:
    """When the calls were that complaints tell of, newest first: what an operator needs to trace them."""
    reported: dict[int, list[dt.datetime]] = {}
    calls = Complaint.objects.filter(
        case_id__in=case_ids, channel=Channel.CALL, occurred_at__isnull=False, withdrawn_at=None
    ).order_by("-occurred_at")
    for case_id, occurred_at in calls.values_list("case_id", "occurred_at"):
        if occurred_at and len(times := reported.setdefault(case_id, [])) < limit:
            times.append(occurred_at)
    return reported


def _complaint_detail(row: Any) -> ComplaintDetail:
    """A complaint with the four columns that `complaints_of` adds."""
    return ComplaintDetail(
        id=row.pk,
        ticket=tickets.show(row.ticket),
        filed_at=row.filed_at,
        channel=row.channel,
        category=row.category,
        occurred_at=row.occurred_at,
        narrative=row.narrative,
        updates=list(zip(row.added_at, row.added_text, strict=True)),
        loss=row.loss,
        lines={name: getattr(row, name) for name in LINE_FIELDS},
        number_raw=row.number_raw,
        number_differs=bool(row.number_raw) and not is_usual_spelling(row.number_raw, row.number_canonical),
        disposition=row.disposition,
        confirmed=bool(row.email_confirmed_at or row.phone_confirmed_at),
        has_contact=row.subject_key is not None,
        duplicate_of=row.duplicate_of_id,
        duplicate_reason=row.duplicate_reason,
        duplicate_reason_label=str(row.get_duplicate_reason_display()),
        mass_reporter=row.mass_reporter,
        duplicates=row.duplicate_count or 0,
        withdrawn_at=row.withdrawn_at,
        still_active_at=row.still_active_at,
    )


@dataclass(frozen=True, slots=True)
class ContactAccessRow:
    """A person looked at a contact. `reason` is empty when it was erased with the contact."""

    id: int
    at: dt.datetime
    by: str
    case_id: int
    ticket: str
    reason: str


def contact_accesses_by_person(*, since: dt.datetime, at: dt.datetime) -> dict[int, int]:
    """How many contacts each person was shown, by their id; who was shown none is not in it."""
    rows = ContactAccess.objects.filter(at__gt=since, at__lte=at).values("by").annotate(count=Count("*"))
    return {row["by"]: row["count"] for row in rows.order_by()}


def contact_accesses(*, before: int | None = None, size: int = 50) -> list[ContactAccessRow]:
    """The newest first, for leads and auditors."""
    rows = ContactAccess.objects.select_related("by", "complaint").order_by("-pk")
    return [_contact_access_row(row) for row in (rows.filter(pk__lt=before) if before else rows)[:size]]


def _contact_access_row(row: ContactAccess) -> ContactAccessRow:
    reported, reason = row.complaint, ""
    if reported.subject_key is not None:
        key = vault.unwrap(reported.subject_key, aad=reported.aad_for("subject_key"))
        reason = key.decrypt(row.reason_encrypted, aad=row.aad_for("reason_encrypted"))
    return ContactAccessRow(
        row.pk, row.at, row.by.name, reported.case_id, tickets.show(reported.ticket), reason
    )
