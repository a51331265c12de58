"""Messages to complainants, put into the outbox in the transaction of the act itself."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from django.db import connection
from django.utils.translation import override

from aduan.cases.models import CaseNotice
from aduan.cases.next_steps import steps_named
from aduan.cases.queries import Announcement, announcement
from aduan.complaints import tickets
from aduan.complaints.evidence.advice import advice_for
from aduan.complaints.models import Complaint, Evidence
from aduan.core import vault
from aduan.core.db import named_rows
from aduan.notifications import services as notifications
from aduan.notifications.models import OutboxMessage

_PERIOD: Final = dt.timedelta(days=3)
UNCONFIRMED_PAUSE: Final = dt.timedelta(days=1)

# Every notice announced in the last days about which this complaint was not written to yet. By state, not by
# a watermark: one that commits late is found by the next round.
UNREPORTED_NOTICES: Final = """
    SELECT n.id AS notice_id, n.event_id, c.id AS complaint_id
    FROM cases_casenotice n
    JOIN complaints_complaint c ON c.case_id = n.case_id
    WHERE n.announced_at >= %(since)s AND n.announced_at <= %(at)s AND n.withdrawn_at IS NULL
      AND c.email_encrypted IS NOT NULL AND c.withdrawn_at IS NULL AND c.erased_at IS NULL
      AND coalesce(c.moved_at, c.filed_at) <= n.announced_at
      AND NOT EXISTS (
        SELECT 1 FROM notifications_outboxmessage m WHERE m.key = 'event:' || n.event_id || ':' || c.id)
    ORDER BY n.announced_at, n.id, c.id
    LIMIT %(limit)s
"""

# Whether no complaint of the last day names the mailbox, or its reader confirmed one.
MAY_RECEIVE: Final = """
    WITH named AS NOT MATERIALIZED (
        SELECT filed_at, email_confirmed_at FROM complaints_complaint WHERE email_index = %(mailbox)s
    )
    SELECT NOT EXISTS (SELECT FROM named WHERE filed_at > %(since)s)
        OR EXISTS (SELECT FROM named WHERE email_confirmed_at IS NOT NULL)
"""


def may_receive(complaint: Complaint, *, at: dt.datetime) -> bool:
    """Whether a complaint that is about to be written gets its receipt by e-mail.

    An unconfirmed mailbox gets one in a day, however many complaints name it: strangers may type
    any address.
    """
    if complaint.email_index is None:
        return False
    given: dict[str, Any] = {"mailbox": complaint.email_index, "since": at - UNCONFIRMED_PAUSE}
    with connection.cursor() as cursor:
        cursor.execute(MAY_RECEIVE, given)
        return bool(cursor.fetchone()[0])


def send_receipt(complaint: Complaint, email: str, *, at: dt.datetime) -> None:
    """The receipt by e-mail; none to no address."""
    if email:
        notifications.enqueue_message(**_receipt_letter(complaint, email, at))


def sealed_receipt(complaint: Complaint, email: str, *, at: dt.datetime) -> OutboxMessage:
    """The same letter, to be written by the one statement that files the complaint."""
    return notifications.sealed_message(**_receipt_letter(complaint, email, at))


def _receipt_letter(complaint: Complaint, email: str, at: dt.datetime) -> dict[str, Any]:
    """It does not name the number: others may read the mailbox."""
    return {
        "kind": "complaint_received",
        "key": f"received:{complaint.pk}",
        "to": email,
        "language": complaint.language,
        "context": context_of(complaint),
        "at": at,
        "topic": complaint.topic,
    }


def send_evidence_refused(complaint: Complaint, row: Evidence, *, at: dt.datetime) -> None:
    """Why a file could not be used and what to send instead, to a complainant who left an address."""
    if complaint.email_encrypted is None or complaint.erased_at is not None:
        return
    with override(complaint.language):
        reason, advice = str(row.get_refusal_display()), str(advice_for(row.refusal))
    notifications.enqueue_message(
        "evidence_refused",
        key=f"evidence_refused:{row.pk}",
        to=email_of(complaint),
        language=complaint.language,
        context={**context_of(complaint), "reason": reason, "advice": advice},
        at=at,
        topic=complaint.topic,
    )


def send_moved(complaint: Complaint, *, at: dt.datetime) -> None:
    """That the complaint now stands under another number than it was filed under."""
    if complaint.email_encrypted is None:
        return
    notifications.enqueue_message(
        "complaint_moved",
        key=f"moved:{complaint.pk}:{at.isoformat()}",
        to=email_of(complaint),
        language=complaint.language,
        context=context_of(complaint),
        at=at,
        topic=complaint.topic,
    )


def send_progress(*, at: dt.datetime, limit: int = 1000) -> int:
    """Writes to everybody with an address whose case has an announced decision: the same words to all.

    Returns how many messages were posted.
    """
    with connection.cursor() as cursor:
        cursor.execute(UNREPORTED_NOTICES, {"since": at - _PERIOD, "at": at, "limit": limit})
        unreported = named_rows(cursor)
    complaints = Complaint.objects.in_bulk({row["complaint_id"] for row in unreported})
    notices = CaseNotice.objects.select_related("event").in_bulk({row["notice_id"] for row in unreported})
    posted = 0
    for row in unreported:
        complaint, decision = complaints[row["complaint_id"]], announcement(notices[row["notice_id"]])
        posted += notifications.enqueue_message(
            f"case_{decision.action}",
            key=f"event:{decision.event_id}:{complaint.pk}",
            to=email_of(complaint),
            language=complaint.language,
            context={**context_of(complaint), **_decision_context(decision, complaint.language)},
            at=at,
            topic=complaint.topic,
        )
    return posted


def _decision_context(decision: Announcement, language: str) -> dict[str, Any]:
    with override(language):
        steps = [f"{step.text} {step.website}".strip() for step in steps_named(decision.text.next_steps)]
    return {
        "at": decision.at.isoformat(),
        "text": decision.text.in_language(language),
        "steps": steps,
        "referred": decision.referred,
    }


def context_of(complaint: Complaint) -> dict[str, str]:
    """What every letter may say: the ticket and the secret of its link."""
    return {
        "ticket": tickets.show(complaint.ticket),
        "secret": tickets.secret_for(complaint.idempotency_key, complaint.secret_digest),
        "disposition": complaint.disposition,
    }


def email_of(complaint: Complaint) -> str:
    """Opens the sealed address. Raises vault.Shredded after an erasure."""
    key = vault.unwrap(complaint.subject_key, aad=complaint.aad_for("subject_key"))
    return key.decrypt(complaint.email_encrypted or b"", aad=complaint.aad_for("email_encrypted"))


def phone_of(complaint: Complaint) -> str:
    key = vault.unwrap(complaint.subject_key, aad=complaint.aad_for("subject_key"))
    return key.decrypt(complaint.phone_encrypted or b"", aad=complaint.aad_for("phone_encrypted"))
