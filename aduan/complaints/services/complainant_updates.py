"""What complainants do after filing.

Complete what is missing, withdraw, say that a blocked number is still active.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from typing import Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from aduan.cases import services as cases
from aduan.cases.dto import ContentsChange
from aduan.cases.queries import announced_status
from aduan.cases.workflow import LIVE, Status
from aduan.complaints.evidence import clean_name
from aduan.complaints.evidence.advice import advice_for
from aduan.complaints.models import Complaint, ComplaintUpdate, Evidence, SourceFingerprint
from aduan.complaints.services import quarantine
from aduan.complaints.services.quarantine import Received
from aduan.complaints.types import Upload
from aduan.core.errors import Invalid, WrongState
from aduan.core.text import normalise_text

MAX_FILES: Final = 15  # over the whole life of a complaint
MAX_UPDATES: Final = 20
# Refusals that say nothing about the file: we lost it, or the machine could not read it then.
_MAY_COME_AGAIN: Final = frozenset(
    {Evidence.Refusal.LOST, Evidence.Refusal.UNREADABLE, Evidence.Refusal.TOO_SLOW}
)
STILL_ACTIVE_INTERVAL: Final = dt.timedelta(days=7)


def add_update(
    complaint: Complaint, *, text: str = "", evidence: Sequence[Upload] = (), at: dt.datetime
) -> Complaint:
    """Adds text and files. The same text or file sent twice is added once. Wakes a case that waits for it.

    A file that we lost is taken again. Raises Invalid for one that was refused before, with the reason.
    """
    text = normalise_text(text, field="text")
    files = quarantine.read_uploads(evidence)
    if not text and not files:
        raise Invalid("nothing_added", _("Write something or choose a file first."), field="text")
    files = _new_files(complaint, files)
    rows = quarantine.keep(files, at=at)
    try:
        with transaction.atomic():
            return _complete(_open(complaint), text, rows, at)
    except BaseException:
        quarantine.discard(rows)
        raise


def without_refused(complaint: Complaint, uploads: Sequence[Upload]) -> tuple[list[Upload], list[Invalid]]:
    """The files that may be added, and a refusal for each that was refused before: it costs no other file."""
    before = _refused_before(complaint)
    if not before:
        return list(uploads), []  # as nearly always: no file is read for it
    files = [(upload, _digest(upload)) for upload in uploads]
    refusals = [
        _refused_again(clean_name(upload.name), before[digest])
        for upload, digest in files
        if digest in before
    ]
    return [upload for upload, digest in files if digest not in before], refusals


def _refused_before(complaint: Complaint) -> dict[str, str]:
    """Digest and reason of what would only be refused a second time."""
    sent = list(Evidence.objects.filter(complaint=complaint).values_list("sha256", "state", "refusal"))
    taken = {digest for digest, state, _reason in sent if state != Evidence.State.REFUSED}
    return {
        digest: reason
        for digest, _state, reason in sent
        if digest not in taken and reason not in _MAY_COME_AGAIN
    }


def _new_files(complaint: Complaint, files: Sequence[Received]) -> list[Received]:
    """Those that are not here yet. Raises Invalid for one that was refused before."""
    before = _refused_before(complaint)
    for file in files:
        if file.sha256 in before:
            raise _refused_again(file.name, before[file.sha256])
    rows = Evidence.objects.filter(complaint=complaint).exclude(state=Evidence.State.REFUSED)
    here = set(rows.values_list("sha256", flat=True))
    return [file for file in files if file.sha256 not in here]


def _digest(upload: Upload) -> str:
    upload.file.seek(0)
    digest = hashlib.sha256(upload.file.read()).hexdigest()
    upload.file.seek(0)
    return digest


def _refused_again(name: str, reason: str) -> Invalid:
    said = {"name": name, "reason": Evidence.Refusal(reason).label, "advice": advice_for(reason)}
    message = _("“%(name)s” could not be used when you sent it before: %(reason)s. %(advice)s") % said
    return Invalid("refused_before", message, field="evidence", name=name)


def withdraw(complaint: Complaint, *, at: dt.datetime) -> Complaint:
    """Takes the complaint out of the count; the record that it existed stays.

    Raises WrongState when done already.
    """
    with transaction.atomic():
        complaint = _open(complaint)
        complaint.withdrawn_at = at
        complaint.save(update_fields=["withdrawn_at"])
        change = take_out(complaint, fingerprint=f"withdrawn:{complaint.pk}")
        cases.update_contents(complaint.case, change=change, at=at)
    return complaint


def take_out(complaint: Complaint, *, fingerprint: str) -> ContentsChange:
    """What its case loses with this complaint; its sources are free, and its oldest copy stands for it."""
    SourceFingerprint.objects.filter(complaint_id=complaint.pk).delete()
    heir = _pass_on(complaint)
    return ContentsChange(
        fingerprint=fingerprint,
        complaints=-1,
        independent=0 if complaint.duplicate_of_id or complaint.mass_reporter or heir else -1,
        confirmed=-int(bool(complaint.email_confirmed_at or complaint.phone_confirmed_at)),
        evidence=-counted_files(complaint),
        loss=-(complaint.loss or 0),
        weaker=True,
    )


def counted_files(complaint: Complaint) -> int:
    """How many files of it the case counts: all but the refused."""
    return Evidence.objects.filter(complaint=complaint).exclude(state=Evidence.State.REFUSED).count()


def report_still_active(complaint: Complaint, *, at: dt.datetime) -> Complaint:
    """The number goes on although its block was decided. At most once a week for each complaint."""
    with transaction.atomic():
        complaint = _open(complaint)
        if announced_status(complaint.case, at=at) != Status.CONFIRMED:
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
    if len(added) >= MAX_UPDATES or _files_of(complaint) + len(rows) > MAX_FILES:
        raise WrongState("full", _("This complaint holds as much as it can. File another one if needed."))
    if new_text:
        ComplaintUpdate.objects.create(complaint=complaint, text=text, at=at)
    quarantine.attach(rows, case_id=complaint.case_id, complaint=complaint)
    change = ContentsChange(
        fingerprint=f"completed:{complaint.pk}:{at.isoformat()}", evidence=len(rows), complete=True
    )
    cases.update_contents(complaint.case, change=change, at=at)
    return complaint


def _files_of(complaint: Complaint) -> int:
    """How many places are taken: what we lost takes none."""
    return complaint.evidence.exclude(refusal=Evidence.Refusal.LOST).count()


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
