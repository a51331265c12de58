"""What a person may ask for (UU 27/2022 art. 7): everything that is kept about them as a complainant."""

from __future__ import annotations

import datetime as dt
from typing import Any

from aduan.complaints.models import Complaint, ComplaintUpdate, ContactAccess, Evidence
from aduan.complaints.services.retention import complaints_of_contact
from aduan.complaints.types import LINE_FIELDS
from aduan.core import audit_log, vault
from aduan.core.audit_actions import AuditAction


def disclose_personal_data(*, email: str = "", phone: str = "", at: dt.datetime) -> list[dict[str, Any]]:
    """Every complaint of one contact with all that was given in it, as plain values for JSON.

    The caller has made sure that the contact is the person's own. On record in the audit log.
    """
    found = complaints_of_contact(email=email, phone=phone)
    for complaint in found:
        audit_log.record(
            AuditAction.COMPLAINT_DISCLOSE, actor="console", subject=f"complaint:{complaint.pk}", at=at
        )
    return [_everything(complaint) for complaint in found]


def _everything(complaint: Complaint) -> dict[str, Any]:
    accesses = ContactAccess.objects.filter(complaint=complaint).order_by("pk")
    return {
        "ticket": complaint.ticket,
        "filed_at": complaint.filed_at.isoformat(),
        "number_as_typed": complaint.number_raw,
        "channel": complaint.channel,
        "category": complaint.category,
        "occurred_at": complaint.occurred_at and complaint.occurred_at.isoformat(),
        "narrative": complaint.narrative,
        "loss_rupiah": complaint.loss,
        **{name: getattr(complaint, name) for name in LINE_FIELDS},
        **_contact(complaint),
        "updates": [
            {"at": update.at.isoformat(), "text": update.text}
            for update in ComplaintUpdate.objects.filter(complaint=complaint).order_by("pk")
        ],
        "files": [
            {
                "name": row.name,
                "sha256": row.sha256,
                "bytes": row.size,
                "state": row.state,
                "read_by_machine": row.text_read,
            }
            for row in Evidence.objects.filter(complaint=complaint).order_by("pk")
        ],
        "contact_was_read_at": [access.at.isoformat() for access in accesses],
    }


def _contact(complaint: Complaint) -> dict[str, str]:
    if not complaint.subject_key:
        return {}
    key = vault.unwrap(complaint.subject_key, aad=complaint.aad_for("subject_key"))
    sealed = {"email": complaint.email_encrypted, "phone": complaint.phone_encrypted}
    return {
        name: key.decrypt(value, aad=complaint.aad_for(f"{name}_encrypted"))
        for name, value in sealed.items()
        if value
    }
