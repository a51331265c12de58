"""Files that wait for a form that is not sent yet: sealed in the store, and pictures read while they wait.

A file is known only by its random uid. What is never sent is swept after two hours, with what was read in it
(quarantine.purge_orphaned_files goes by the names' end).
"""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Iterator
from enum import StrEnum
from typing import BinaryIO, Final

from aduan.complaints import reading
from aduan.complaints.evidence import processing, storage
from aduan.complaints.reading import Reading
from aduan.core import jobs, vault
from aduan.core.periods import local_date

READ: Final = "read_staged"  # the kind of the job
MOST_WAITING: Final = 60  # readings; with more, new ones are not taken in: a person can type
LONGEST_WAIT: Final = dt.timedelta(seconds=45)  # afterwards no one waits for the offers any more
_LEASE: Final = dt.timedelta(minutes=2)
_PIECE: Final = 65_536  # bytes


class ReadingState(StrEnum):
    WAITING = "waiting"
    READY = "ready"
    NONE = "none"  # not asked for, shed, waited too long, or the picture cannot be read


def keep_staged(file: BinaryIO, *, at_most: int) -> uuid.UUID:
    """Seals the file and writes it durably, up to `at_most` bytes of it, never whole in memory."""
    uid = uuid.uuid4()
    pieces = vault.encrypt_pieces(_pieces(file, at_most), aad=_aad_for(uid, "staged"))
    storage.keep_pieces(storage.name_for(uid, "staged"), pieces)
    return uid


def _pieces(file: BinaryIO, at_most: int) -> Iterator[bytes]:
    while at_most > 0 and (piece := file.read(min(_PIECE, at_most))):
        at_most -= len(piece)
        yield piece


def is_staged(uid: uuid.UUID) -> bool:
    return storage.evidence_storage().exists(storage.name_for(uid, "staged"))


def open_staged(uid: uuid.UUID) -> bytes:
    return _fetch(uid, "staged")


def request_reading(uid: uuid.UUID, *, at: dt.datetime) -> bool:
    """Asks for a picture to be read, again where that came too late; nothing depends on it.

    False when so many wait that this one is shed.
    """
    if len(jobs.runnable_keys(READ, limit=MOST_WAITING)) >= MOST_WAITING:
        return False
    jobs.forget(READ, uid.hex, older_than=LONGEST_WAIT)
    return jobs.enqueue(READ, uid.hex, payload={"asked": at.timestamp()}, at=at)


def read_waiting(*, limit: int = 20) -> int:
    """Reads the pictures that wait, each once; those that waited too long are let go. Returns how many."""
    done = 0
    for key in jobs.runnable_keys(READ, limit=limit):
        with jobs.lease(READ, key, duration=_LEASE) as lease:
            if lease is None:
                continue
            now = jobs.now()
            waited = now.timestamp() - float(lease.payload.get("asked", 0))
            if waited <= LONGEST_WAIT.total_seconds():
                _read(uuid.UUID(hex=key), at=now)
                done += 1
            lease.finish()
    return done


def state_of(uid: uuid.UUID) -> ReadingState:
    """How far the reading of a waiting picture is."""
    if storage.evidence_storage().exists(storage.name_for(uid, "reading.staged")):
        return ReadingState.READY
    waits = jobs.is_open(READ, uid.hex, within=LONGEST_WAIT)
    return ReadingState.WAITING if waits else ReadingState.NONE


def reading_of(uid: uuid.UUID) -> Reading | None:
    """What was read on a waiting picture; None when it was not, or not yet."""
    try:
        stored = json.loads(_fetch(uid, "reading.staged"))
    except FileNotFoundError:
        return None
    return Reading.from_json(stored)


def page_of(uid: uuid.UUID, page: int) -> bytes | None:
    """A page of a waiting picture as JPEG, for cut-outs beside the offers."""
    try:
        return _fetch(uid, f"page-{page}.staged")
    except FileNotFoundError:
        return None


def _read(uid: uuid.UUID, *, at: dt.datetime) -> None:
    """Pages first, then the reading: who finds the reading finds its pages."""
    try:
        found = processing.read_picture(open_staged(uid))
    except (processing.TryAgainLater, FileNotFoundError):
        return
    sizes = [(page.width, page.height) for page in found.pages]
    for number, page in enumerate(found.pages):
        _keep(uid, f"page-{number}.staged", page.data)
    read = reading.offers_of_picture(found.words, sizes, today=local_date(at)) if found.ok else Reading()
    _keep(uid, "reading.staged", json.dumps(read.as_json()).encode())


def _keep(uid: uuid.UUID, part: str, data: bytes) -> None:
    storage.keep(storage.name_for(uid, part), vault.encrypt_bytes(data, aad=_aad_for(uid, part)))


def _fetch(uid: uuid.UUID, part: str) -> bytes:
    return vault.decrypt_bytes(storage.fetch(storage.name_for(uid, part)), aad=_aad_for(uid, part))


def _aad_for(uid: uuid.UUID, part: str) -> str:
    return vault.aad_for("staged", "file" if part == "staged" else part, uid)
