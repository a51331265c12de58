"""A file that is refused: by its contents, or because a person declared it lost."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from aduan.cases import services as cases
from aduan.cases.dto import ContentsChange
from aduan.complaints.models import Complaint, Evidence
from aduan.complaints.services import complainant_messages
from aduan.complaints.types import EvidenceRefusal


def locked_owner(row: Evidence) -> Complaint | None:
    """The complaint that the file came with, locked; None for a file of an objection: no case counts it."""
    if row.complaint_id is None:
        return None
    return Complaint.objects.select_for_update(of=("self",)).get(pk=row.complaint_id)


def refuse(row: Evidence, reason: EvidenceRefusal, at: dt.datetime) -> str:
    """It no longer counts, its sender learns why, and the original goes after a week (retention)."""
    with transaction.atomic():
        complaint = locked_owner(row)
        current = Evidence.objects.select_for_update().get(pk=row.pk)
        if current.state != Evidence.State.QUARANTINED:
            return current.state
        row.state, row.refusal, row.examined_at = Evidence.State.REFUSED, reason, at
        row.text_read = ""
        row.save(update_fields=["state", "refusal", "examined_at", "text_read"])
        if complaint is not None and complaint.withdrawn_at is None:
            change = ContentsChange(fingerprint=f"refused:{row.sha256}", evidence=-1, weaker=True)
            cases.update_contents(complaint.case, change=change, at=at)
            complainant_messages.send_evidence_refused(complaint, row, at=at)
    return row.state
