"""Taking files in: sealed at once, on disk before the complaint is.

What no one claims within a day is swept; what waits for a form that was not sent, after two hours.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext_lazy as _

from aduan.complaints import evidence
from aduan.complaints.evidence import acceptance, storage
from aduan.complaints.models import Complaint, Evidence
from aduan.complaints.services.evidence_store import StoreAway, require_store
from aduan.complaints.types import Upload
from aduan.core import vault
from aduan.core.errors import WrongState

ORPHAN_AFTER: Final = dt.timedelta(hours=24)
STAGED_FOR: Final = dt.timedelta(hours=2)
SWEEP_EVERY: Final = dt.timedelta(minutes=20)  # as portal.tasks.schedule has it
_FOLDERS_A_RUN: Final = 4


@dataclass(frozen=True, slots=True)
class Received:
    """One file of the request, read, with nothing written yet."""

    uid: uuid.UUID
    kind: evidence.Kind
    name: str
    sha256: str
    data: bytes
    text_read: str = ""


def read_uploads(uploads: Sequence[Upload]) -> list[Received]:
    """Checks and reads at most MAX_FILES files; the same file chosen twice is one.

    Raises Invalid with a message for the person.
    """
    received: dict[str, Received] = {}
    for upload, kind in zip(uploads, acceptance.check(uploads), strict=True):
        data = upload.file.read(kind.limit + 1)
        digest = hashlib.sha256(data).hexdigest()
        name = evidence.clean_name(upload.name)
        file = Received(uuid.uuid4(), kind, name, digest, data, upload.text_read)
        if digest not in received or (file.text_read and not received[digest].text_read):
            received[digest] = file
    return list(received.values())


def keep(files: Sequence[Received], *, at: dt.datetime) -> list[Evidence]:
    """Seals each file under a key of its own and writes it durably.

    Returns unsaved rows without a complaint. Raises StoreAway.
    """
    if files:
        require_store()
    rows: list[Evidence] = []
    try:
        for file in files:
            rows.append(_keep_one(file, at))
    except BaseException:
        discard(rows)
        raise
    return rows


def copy_files(complaint: Complaint, *, at: dt.datetime) -> list[Evidence]:
    """The files of a complaint once more, each under a key of its own, to be examined for another complaint.

    Unsaved rows without a complaint, as of `keep`. Refused and erased files are left out. Raises WrongState
    while one of the others cannot be read.
    """
    there = Evidence.objects.filter(complaint=complaint).exclude(state=Evidence.State.REFUSED)
    try:
        files = [_read_again(row) for row in there.exclude(original="", derivative="").order_by("pk")]
        return keep(files, at=at)
    except (StoreAway, OSError, vault.Tampered, vault.KeyUnknown) as error:
        message = _("The files of this complaint cannot be read at the moment. Try again later.")
        raise WrongState("evidence_away", message) from error


def _read_again(row: Evidence) -> Received:
    """From the original, or from what was made of it once the original is erased."""
    if row.original and row.subject_key:
        key = vault.unwrap(row.subject_key, aad=row.aad_for("subject_key"))
        data = key.decrypt_bytes(storage.fetch(row.original), aad=row.aad_for("original"))
    else:
        data = storage.fetch(row.derivative)
    digest = hashlib.sha256(data).hexdigest()
    return Received(uuid.uuid4(), evidence.KINDS[row.kind], row.name, digest, data, row.text_read)


def attach(
    rows: Sequence[Evidence],
    *,
    case_id: int,
    complaint: Complaint | None = None,
    objection: uuid.UUID | None = None,
) -> None:
    """One INSERT for all files of a complaint, or of a person who objects; none without files."""
    for row in rows:
        row.case_id, row.complaint, row.objection = case_id, complaint, objection
    Evidence.objects.bulk_create(rows)


def discard(rows: Iterable[Evidence]) -> None:
    """Files of a complaint that did not come to be."""
    storage.drop(*(row.original for row in rows))


def folders_due(*, at: dt.datetime) -> list[str]:
    """The folders that a run at this time lists: those of unsent forms, and the next few of the rest.

    By the time alone, so that no run has to remember anything: every folder is due once in 22 hours.
    """
    first = int(at.timestamp() // SWEEP_EVERY.total_seconds()) * _FOLDERS_A_RUN
    spread = storage.FOLDERS[:256]
    return [storage.STAGED, *(spread[(first + turn) % 256] for turn in range(_FOLDERS_A_RUN))]


def purge_orphaned_files(*, at: dt.datetime, folders: Iterable[str] = storage.FOLDERS) -> list[str]:
    """Deletes files older than a day that no row names: the server died between file and commit.

    Files of forms that were not sent go after STAGED_FOR. Raises StoreAway: in another installation's store
    every file would be an orphan.
    """
    require_store()
    swept: list[str] = []
    for batch in _batches(_old_files(folders, at), 500):
        known = set(
            Evidence.objects.filter(uid__in={uid for uid, _name in batch if uid}).values_list(
                "uid", flat=True
            )
        )
        for uid, name in batch:
            if uid not in known:
                storage.drop(name)
                swept.append(name)
    return swept


def _keep_one(file: Received, at: dt.datetime) -> Evidence:
    row = Evidence(
        uid=file.uid,
        medium=file.kind.family,
        kind=file.kind.code,
        name=file.name,
        size=len(file.data),
        sha256=file.sha256,
        text_read=file.text_read,
        next_try_at=at,
        received_at=at,
    )
    key, row.subject_key = vault.new_subject_key(aad=row.aad_for("subject_key"))
    row.original = storage.keep(
        storage.name_for(file.uid, "original"), key.encrypt_bytes(file.data, aad=row.aad_for("original"))
    )
    return row


def _old_files(folders: Iterable[str], at: dt.datetime) -> Iterator[tuple[uuid.UUID | None, str]]:
    for folder in folders:
        for path, changed in storage.listed(folder):
            kept_for = STAGED_FOR if path.endswith(f".{storage.STAGED}") else ORPHAN_AFTER
            if changed < at - kept_for:
                yield _uid_of(path.rpartition("/")[2]), path


def _uid_of(name: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(hex=name.split(".")[0])
    except ValueError:
        return None  # a leftover `.….part`


def _batches(
    files: Iterator[tuple[uuid.UUID | None, str]], size: int
) -> Iterator[list[tuple[uuid.UUID | None, str]]]:
    batch: list[tuple[uuid.UUID | None, str]] = []
    for file in files:
        batch.append(file)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch
