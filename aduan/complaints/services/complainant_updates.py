"""What complainants do after filing.

Complete what is missing, withdraw, say that a blocked number is still active.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from aduan.cases import services as cases
from aduan.cases.dto import ContentsChange
from aduan.cases.queries import announced_status
from aduan.cases.workflow import LIVE, Status
from aduan.complaints.models import Complaint, ComplaintUpdate, Evidence, SourceFingerprint
from aduan.complaints.services import quarantine
from aduan.complaints.types import Upload
from aduan.core.errors import Invalid, WrongState
from aduan.core.text import normalise_text

MAX_FILES: Final = 15  # over the whole life of a complaint
MAX_UPDATES: Final = 20
STILL_ACTIVE_INTERVAL: Final = dt.timedelta(days=7)


def add_update(
    complaint: Complaint, *, text: str = "", evidence: Sequence[Upload] = (), at: dt.datetime
) -> Complaint:
    """Adds text and files. The same text or file sent twice is added once. Wakes a case that waits for it."""
    text = normalise_text(text, field="text")
    files = quarantine.read_uploads(evidence)
    if not text and not files:
        raise Invalid("nothing_added", _("Write something or choose a file first."), field="text")
    known = set(Evidence.objects.filter(complaint=complaint).values_list("sha256", flat=True))
    files = [file for file in files if file.sha256 not in known]
    rows = quarantine.keep(files, at=at)
    try:
        with transaction.atomic():
            return _complete(_open(complaint), text, rows, at)
    except BaseException:
        quarantine.discard(rows)
        raise


def withdraw(complaint: Complaint, *, at: dt.datetime) -> Complaint:
    """Takes the complaint out of the count; the record that it existed stays.

    Raises WrongState when done already.
    """
    with transaction.atomic():
        complaint = _open(complaint)
        complaint.withdrawn_at = at
        complaint.save(update_fields=["withdrawn_at"])
        SourceFingerprint.objects.filter(complaint_id=complaint.pk).delete()
        heir = _pass_on(complaint)
        files = Evidence.objects.filter(complaint=complaint).exclude(state=Evidence.State.REFUSED).count()
        confirmed = bool(complaint.email_confirmed_at or complaint.phone_confirmed_at)
        change = ContentsChange(
            fingerprint=f"withdrawn:{complaint.pk}",
            complaints=-1,
            independent=0 if complaint.duplicate_of_id or complaint.mass_reporter or heir else -1,
            confirmed=-int(confirmed),
            evidence=-files,
            loss=-(complaint.loss or 0),
            weaker=True,
        )
        cases.update_contents(complaint.case, change=change, at=at)
    return complaint


def report_still_active(complaint: Complaint, *, at: dt.datetime) -> Complaint:
    """The number goes on although its block was decided. At most once a week for each complaint."""
    with transaction.atomic():
        complaint = _open(complaint)
        if announced_status(complaint.case) != Status.CONFIRMED:
            raise WrongState("not_blocked", _("This number has not been blocked yet."))
        last = complaint.still_active_at
        if last is not None and at - last < STILL_ACTIVE_INTERVAL:
            raise WrongState("said_already", _("Thank you, you have told us this already."))
        complaint.still_active_at = at
        complaint.save(update_fields=["still_active_at"])
        change = ContentsChange(fingerprint=f"still_active:{complaint.pk}:{at.isoformat()}")
        cases.update_contents(complaint.case, change=change, at=at)
    return complaint


def _complete(complaint: Complaint, text: str, rows: list[Evidence], at: dt.datetime) -> Complaint:
    added = list(complaint.updates.values_list("text", flat=True))
    new_text = bool(text) and text not in added and text != complaint.narrative
    if not new_text and not rows:
        return complaint
    if len(added) >= MAX_UPDATES or complaint.evidence.count() + len(rows) > MAX_FILES:
        raise WrongState("full", _("This complaint holds as much as it can. File another one if needed."))
    if new_text:
        ComplaintUpdate.objects.create(complaint=complaint, text=text, at=at)
    quarantine.attach(rows, complaint)
    change = ContentsChange(
        fingerprint=f"completed:{complaint.pk}:{at.isoformat()}", evidence=len(rows), complete=True
    )
    cases.update_contents(complaint.case, change=change, at=at)
    return complaint


def _open(complaint: Complaint) -> Complaint:
    """The complaint as it is now, locked. Raises WrongState when nothing can be done with it any more."""
    complaint = Complaint.objects.select_for_update(of=("self",)).select_related("case").get(pk=complaint.pk)
    if complaint.withdrawn_at is not None or complaint.erased_at is not None:
        raise WrongState("withdrawn", _("This complaint was withdrawn."))
    if complaint.case.status not in LIVE:
        raise WrongState("closed", _("This case is closed. File a new complaint if it happened again."))
    return complaint


def _pass_on(complaint: Complaint) -> Complaint | None:
    """When a first complaint leaves, the oldest of its copies stands in its place."""
    heir = complaint.duplicates.filter(withdrawn_at__isnull=True).order_by("id").first()
    if heir is None:
        return None
    Complaint.objects.filter(duplicate_of=complaint).exclude(pk=heir.pk).update(duplicate_of=heir)
    Complaint.objects.filter(pk=heir.pk).update(
        duplicate_of=None, duplicate_reason="", mass_reporter=complaint.mass_reporter
    )
    return heir
