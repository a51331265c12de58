"""A file that is refused: by its contents, or because a person declared it lost."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from aduan.cases import services as cases
from aduan.cases.dto import ContentsChange
from aduan.complaints.evidence import storage
from aduan.complaints.models import Complaint, Evidence


def refuse(row: Evidence, reason: Evidence.Refusal, at: dt.datetime) -> str:
    """A file that is no evidence is not kept either."""
    with transaction.atomic():
        complaint = Complaint.objects.select_for_update(of=("self",)).get(pk=row.complaint_id)
        current = Evidence.objects.select_for_update().get(pk=row.pk)
        if current.state != Evidence.State.QUARANTINED:
            return current.state
        row.state, row.refusal, row.examined_at, row.shredded_at = Evidence.State.REFUSED, reason, at, at
        row.subject_key = None
        row.save(update_fields=["state", "refusal", "examined_at", "shredded_at", "subject_key"])
        if complaint.withdrawn_at is None:
            change = ContentsChange(fingerprint=f"refused:{row.sha256}", evidence=-1, weaker=True)
            cases.update_contents(complaint.case, change=change, at=at)
    storage.drop(row.original)
    return row.state
