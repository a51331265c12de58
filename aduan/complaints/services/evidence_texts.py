"""What stands on a clean picture that was not read while its form waited.

After the verdict and by itself: a reading takes many times as long and gives way to everything else, so a
busy machine would keep all other files in quarantine behind it. Nothing depends on it.
"""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Final

from django.db import transaction

from aduan.cases import services as cases
from aduan.cases.dto import ContentsChange
from aduan.complaints import reading
from aduan.complaints.evidence import processing, storage
from aduan.complaints.models import Evidence
from aduan.complaints.services.evidence_refusal import locked_owner
from aduan.core import jobs
from aduan.core.periods import local_date

READ_TEXT: Final = "read_evidence"  # the kind of the job
_AGAIN: Final = dt.timedelta(minutes=10)  # for a picture or a sandbox that is away


def request_text(row: Evidence, *, at: dt.datetime) -> None:
    """Asks for a picture to be read, in the transaction that makes it clean."""
    jobs.enqueue(READ_TEXT, row.uid.hex, at=at)


def read_texts(*, limit: int = 1) -> int:
    """Reads pictures that wait, the longest waiting first, and adds the text to their cases. How many."""
    done = 0
    for key in jobs.runnable_keys(READ_TEXT, limit=limit):
        with jobs.lease(READ_TEXT, key) as lease:
            if lease is None:
                continue
            now, row = jobs.now(), _unread(key)
            text = _text_on(row, now) if row else ""
            with transaction.atomic():
                if text is None:
                    lease.release(again_after=_AGAIN)
                    continue
                if row and text:
                    _add(row, text, now)
                lease.finish()
                done += 1
    return done


def _unread(key: str) -> Evidence | None:
    """None when it is there no more, or what people wrote with it was erased meanwhile."""
    row = Evidence.objects.select_related("complaint").filter(uid=uuid.UUID(hex=key)).first()
    if row is None or row.complaint is None:
        return None
    if row.state != Evidence.State.CLEAN or not row.derivative or row.text_read:
        return None
    written = row.complaint.erased_at is None and (row.complaint.narrative or row.complaint.number_raw)
    return row if written else None


def _text_on(row: Evidence, at: dt.datetime) -> str | None:
    """None when it cannot be read here and now."""
    try:
        found = processing.read_picture(storage.fetch(row.derivative))
    except (processing.TryAgainLater, OSError):
        return None
    sizes = [(page.width, page.height) for page in found.pages]
    return reading.offers_of_picture(found.words, sizes, today=local_date(at)).text if found.ok else ""


def _add(row: Evidence, text: str, at: dt.datetime) -> None:
    """Reviewers see it, so a signature given before it came does not count."""
    complaint = locked_owner(row)
    if complaint is None or _unread(row.uid.hex) is None:
        return
    Evidence.objects.filter(pk=row.pk).update(text_read=text)
    if complaint.withdrawn_at is None:
        change = ContentsChange(fingerprint=f"read:{row.sha256}")
        cases.update_contents(complaint.case, change=change, at=at)
