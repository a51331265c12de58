"""Where evidence lies: a private folder that nothing serves, written so that it survives the next power cut.

Any Django storage can stand in its place (settings.STORAGES["evidence"]); for S3 there is evidence.s3.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import tempfile
import uuid
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

from django.core.files.base import ContentFile, File
from django.core.files.storage import FileSystemStorage, Storage, storages

from aduan.core import vault

MARKER: Final = "this-store-belongs-to"
STAGED: Final = "staged"
FOLDERS: Final = (*(f"{number:02x}" for number in range(256)), STAGED)


class PrivateFileStorage(FileSystemStorage):
    """FileSystemStorage whose files are on disk, with their directory entry, when save() returns."""

    def _save(self, name: str, content: Any) -> str:
        target = Path(self.path(name))
        self._make_folder(target.parent)
        part = target.with_name(f".{target.name}.part")
        handle = os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        try:
            with os.fdopen(handle, "wb") as out:
                for chunk in content.chunks():
                    out.write(chunk)
                out.flush()
                os.fsync(out.fileno())
            part.rename(target)
        except BaseException:
            with contextlib.suppress(FileNotFoundError):
                part.unlink()
            raise
        _sync_folder(target.parent)
        return name

    def url(self, name: str | None) -> str:  # noqa: ARG002 - Django's signature
        raise ValueError("evidence has no address: a view hands it out")

    def listed(self, folder: str) -> Iterator[tuple[str, dt.datetime]]:
        """Name and time of each file in a folder; nothing where there is none."""
        with contextlib.suppress(FileNotFoundError), os.scandir(self.path(folder)) as entries:
            for entry in entries:
                with contextlib.suppress(FileNotFoundError):  # deleted at this moment
                    changed = dt.datetime.fromtimestamp(entry.stat().st_mtime, dt.UTC)
                    yield f"{folder}/{entry.name}", changed

    def _make_folder(self, folder: Path) -> None:
        if not folder.is_dir():
            self._make_folder(folder.parent)
            folder.mkdir(mode=0o700, exist_ok=True)
            _sync_folder(folder.parent)


def evidence_storage() -> Storage:
    return storages["evidence"]


def local_folder() -> Path | None:
    """The folder of this machine where evidence lies, or the nearest one that exists; None if none has it."""
    store = evidence_storage()
    if not isinstance(store, FileSystemStorage):  # S3Storage has a `location` too, which is no folder
        return None
    folder = Path(store.location)
    while not folder.exists():
        folder = folder.parent
    return folder


def name_for(uid: uuid.UUID, part: str) -> str:
    """`part` is original, clean, thumbnail or staged.

    Two letters of the random uid spread the files over 256 folders; what waits for its form lies apart, so
    that it is found without listing the rest.
    """
    return f"{STAGED if part == STAGED else uid.hex[:2]}/{uid.hex}.{part}"


def listed(folder: str) -> Iterator[tuple[str, dt.datetime]]:
    """Name and time of each file in one folder, without holding them all."""
    storage = evidence_storage()
    if hasattr(storage, "listed"):
        yield from storage.listed(folder)
        return
    for name in storage.listdir(folder)[1]:
        yield f"{folder}/{name}", storage.get_modified_time(f"{folder}/{name}")


def keep(name: str, data: bytes) -> str:
    """Writes a file durably under exactly this name; what an interrupted attempt left there is replaced."""
    return _save(name, ContentFile(data))


class _Pieces(File[bytes]):
    """A file that is made while it is written, once."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        super().__init__(None)
        self._pieces = pieces

    def chunks(self, _chunk_size: int | None = None) -> Iterator[bytes]:
        yield from self._pieces


def keep_pieces(name: str, pieces: Iterable[bytes]) -> str:
    """As `keep`, for what is made piece by piece and is never whole in memory.

    A folder takes the pieces as they come; any other store wants a file that it can begin anew.
    """
    if isinstance(evidence_storage(), PrivateFileStorage):
        return _save(name, _Pieces(pieces))
    with tempfile.TemporaryFile() as gathered:
        gathered.writelines(pieces)
        gathered.seek(0)
        return _save(name, File(gathered))


def _save(name: str, content: File[bytes]) -> str:
    storage = evidence_storage()
    if not getattr(storage, "file_overwrite", False) and storage.exists(name):
        storage.delete(name)
    return storage.save(name, content)


def fetch(name: str) -> bytes:
    with evidence_storage().open(name, "rb") as stored:
        return bytes(stored.read())


def read_marker() -> str | None:
    """Whose the store says it is; None when it says nothing. Raises the driver's error when it is away."""
    try:
        return fetch(MARKER).decode("ascii", "replace").strip()
    except FileNotFoundError:
        return None


def write_marker() -> None:
    with contextlib.suppress(FileExistsError):  # another process writes the same text at this moment
        keep(MARKER, f"{own_marker()}\n".encode())


def own_marker() -> str:
    """The text that only this installation writes: its databases and nodes share ADUAN_BLIND_INDEX_KEY."""
    return vault.derive("evidence store", "marker").hex()


def drop(*names: str) -> None:
    """Deletes what is there; a name that is gone already is fine."""
    storage = evidence_storage()
    for name in filter(None, names):
        storage.delete(name)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
