"""Takes an evidence file from quarantine to clean or refused, and links complaints with the same picture.

Started by jobs and safe to run beside itself: a claim that lapses after ten minutes keeps two workers from
one file, and only a file that is still in quarantine gets a result. A file whose worker dies again and again
waits longer each time; one that only cannot be examined now does not.
"""

from __future__ import annotations

import datetime as dt
import logging
import time
from typing import Final

from django.db import connection, transaction
from django.db.models import F

from aduan.cases import services as cases
from aduan.cases.dto import ContentsChange
from aduan.complaints.evidence import KINDS, processing, storage
from aduan.complaints.evidence.conversion import Part
from aduan.complaints.evidence.sandbox import SandboxResult
from aduan.complaints.fingerprints import SAME_PICTURE
from aduan.complaints.models import Complaint, Evidence, EvidencePart
from aduan.complaints.services.evidence_refusal import locked_owner, refuse
from aduan.complaints.services.evidence_store import require_store
from aduan.complaints.services.evidence_texts import request_text
from aduan.core import jobs, vault
from aduan.core.db import named_rows
from aduan.core.request_ids import under_request_id

_logger = logging.getLogger(__name__)
_CLAIM: Final = dt.timedelta(minutes=10)
_SOON: Final = dt.timedelta(minutes=1)  # when the scanner or the sandbox may be back
_LONGEST_WAIT: Final = dt.timedelta(hours=6)

SIMILAR: Final = """
    SELECT coalesce(c.duplicate_of_id, c.id) AS first_id FROM complaints_evidence e
    JOIN complaints_complaint c ON c.id = e.complaint_id
    WHERE c.case_id = %(case)s AND c.id < %(complaint)s AND c.withdrawn_at IS NULL
      AND e.state = 'clean' AND e.picture_hash IS NOT NULL
      AND least(bit_count((e.picture_hash # %(hash)s)::bit(64)),
                bit_count((e.picture_hash_mirrored # %(hash)s)::bit(64))) <= %(differ)s
    ORDER BY first_id LIMIT 1
"""


_WRITTEN: Final = (
    "derivative", "kind", "medium", "thumbnail", "picture_hash", "picture_hash_mirrored", "width", "height",
    "state", "examined_at", "note",
)  # fmt: skip


class _NotHere(Exception):
    """The file cannot be read here and now."""


def due_evidence(*, at: dt.datetime, limit: int = 100) -> list[int]:
    """Keys of files that are due, the longest waiting first."""
    due = Evidence.objects.filter(state=Evidence.State.QUARANTINED, next_try_at__lte=at)
    return list(due.order_by("next_try_at").values_list("pk", flat=True)[:limit])


def examine_due(*, seconds: float) -> int:
    """Examines what is due, the longest waiting first, and begins no file after so many seconds. How many.

    Ends at once when the scanner or the sandbox is away: it would keep each file waiting in turn. Raises
    StoreAway.
    """
    require_store()
    examined, end = 0, time.monotonic() + seconds
    for evidence_id in due_evidence(at=jobs.now()):
        if time.monotonic() > end:
            break
        try:
            _examine(evidence_id, jobs.now())
        except processing.TryAgainLater:
            break
        examined += 1
    return examined


def process_evidence(evidence_id: int, *, at: dt.datetime) -> str:
    """Scan and convert one file.

    Returns its state afterwards: `quarantined` when it has to wait. A missing file, a missing version of the
    master key and a damaged ciphertext are reasons to wait, never a verdict: a mount, a key file or a backup
    brings them back, and only a person declares a file lost. Raises StoreAway before anything is claimed.
    """
    require_store()
    try:
        return _examine(evidence_id, at)
    except processing.TryAgainLater:
        return Evidence.State.QUARANTINED


def _examine(evidence_id: int, at: dt.datetime) -> str:
    row = _claim(evidence_id, at)
    if row is None:
        return Evidence.objects.values_list("state", flat=True).get(pk=evidence_id)
    with under_request_id(row.request_id):
        try:
            result = _scan_and_convert(row)
        except processing.TryAgainLater:
            _logger.warning("evidence %s waits: scanner or sandbox away", row.uid)
            _wait(row, until=at + _SOON, attempts=row.attempts)
            raise
        except _NotHere as missing:
            _logger.warning("evidence %s waits: %s", row.uid, missing)
            _wait(row, until=at + _CLAIM, attempts=row.attempts + 1)
            return row.state
        state = _accept(row, result, at) if result.ok else refuse(row, Evidence.Refusal(result.reason), at)
        _logger.info("evidence %s examined: %s", row.uid, state)
        return state


def _claim(evidence_id: int, at: dt.datetime) -> Evidence | None:
    due = Evidence.objects.filter(pk=evidence_id, state=Evidence.State.QUARANTINED, next_try_at__lte=at)
    row = due.first()
    if row is None:
        return None
    wait = min(_LONGEST_WAIT, _CLAIM * int(2 ** min(row.attempts, 8)))
    if due.update(next_try_at=at + wait, attempts=F("attempts") + 1) != 1:
        return None  # another worker was faster: its claim is the one that holds
    return row


def _wait(row: Evidence, *, until: dt.datetime, attempts: int) -> None:
    """Gives the claim back."""
    waiting = Evidence.objects.filter(pk=row.pk, state=Evidence.State.QUARANTINED)
    waiting.update(next_try_at=until, attempts=attempts)


def _scan_and_convert(row: Evidence) -> SandboxResult:
    try:
        key = vault.unwrap(row.subject_key, aad=row.aad_for("subject_key"))
        data = key.decrypt_bytes(storage.fetch(row.original), aad=row.aad_for("original"))
    except vault.Shredded:
        return SandboxResult(ok=False, reason="lost")
    except (vault.Tampered, vault.KeyUnknown, OSError) as error:
        raise _NotHere(f"{type(error).__name__}: {error}") from error
    return processing.scan_and_convert(data)


def _accept(row: Evidence, result: SandboxResult, at: dt.datetime) -> str:
    """Derivatives are durable before the row says `clean`. What only sounded like a video is a recording."""
    kind = KINDS[result.kind]
    if kind.family == "sound":
        row.kind, row.medium = kind.code, kind.family
    row.derivative = storage.keep(storage.name_for(row.uid, "clean"), result.clean)
    if result.thumbnail:
        row.thumbnail = storage.keep(storage.name_for(row.uid, "thumbnail"), result.thumbnail)
        row.picture_hash, row.picture_hash_mirrored = _signed(result.hash), _signed(result.mirrored)
        row.width, row.height = result.width, result.height
    row.note = result.note
    parts = [_kept_part(row, position, part) for position, part in enumerate(result.parts, start=1)]
    with transaction.atomic():
        complaint = locked_owner(row)
        current = Evidence.objects.select_for_update().get(pk=row.pk)
        if current.state != Evidence.State.QUARANTINED:
            return current.state
        row.state, row.examined_at = Evidence.State.CLEAN, at
        row.save(update_fields=_WRITTEN)
        EvidencePart.objects.bulk_create(parts)
        if complaint is None:
            return row.state
        if not row.text_read and row.medium == Evidence.Medium.IMAGE:
            request_text(row, at=at)
        copied = _link_picture(complaint, row)
        change = ContentsChange(fingerprint=f"clean:{row.sha256}", independent=-copied, complete=True)
        if complaint.withdrawn_at is None:
            cases.update_contents(complaint.case, change=change, at=at)
    return row.state


def _kept_part(row: Evidence, position: int, part: Part) -> EvidencePart:
    name = storage.keep(storage.name_for(row.uid, f"part-{position:02}"), part.data)
    return EvidencePart(
        evidence=row,
        position=position,
        role=part.role,
        kind=part.kind,
        file=name,
        width=part.width,
        height=part.height,
        second=part.second,
    )


def _link_picture(complaint: Complaint, row: Evidence) -> int:
    """Links a complaint whose picture shows that it repeats an earlier one about the same number.

    1 when it was counted so far.
    """
    if (
        row.picture_hash is None
        or complaint.duplicate_of_id is not None
        or complaint.withdrawn_at is not None
    ):
        return 0
    with connection.cursor() as cursor:
        cursor.execute(
            SIMILAR,
            {
                "case": complaint.case_id,
                "complaint": complaint.pk,
                "hash": row.picture_hash,
                "differ": SAME_PICTURE,
            },
        )
        similar = named_rows(cursor)
    if not similar:
        return 0
    first_id = similar[0]["first_id"]
    complaint.duplicate_of_id, complaint.duplicate_reason = first_id, Complaint.DuplicateReason.PICTURE
    complaint.save(update_fields=["duplicate_of", "duplicate_reason"])
    Complaint.objects.filter(duplicate_of=complaint.pk).update(duplicate_of=first_id)
    return int(not complaint.mass_reporter)


def _signed(value: int) -> int:
    return value - 2**64 if value >= 2**63 else value
