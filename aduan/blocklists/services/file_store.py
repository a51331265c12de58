"""The files of lists on the disk: staged, synced, installed by one rename, verified later.

The database is the truth: a file that is lost or differs by one bit is made again from the entries and must
come out with the digest that was signed.
"""

from __future__ import annotations

import datetime as dt
import gzip
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

from aduan.blocklists import formats, signing
from aduan.blocklists.formats import FILE_NAMES, PARTS, FileDigest, PartWriter, digest_of, sync_folder
from aduan.blocklists.manifest import FILE_NAME as MANIFEST
from aduan.blocklists.models import BlockList, ListFile, ListSeries
from aduan.blocklists.services.entries import ListEntries
from aduan.core import failpoints

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

STAGING = ".staging"


def root() -> Path:
    return Path(settings.PUBLISH_ROOT)


class NotReproducible(Exception):
    """The entries no longer give the bytes that were signed: a person has to look at the database."""


class ListFiles:
    """The files of one list: `stage`, `write`, `sign`, `install` make them; `verify`, `restore` keep them.

    A new list has only a staging folder until `install` has moved it to `folder`.
    """

    def __init__(self, block_list: BlockList) -> None:
        self._list = block_list
        self._staging: Path | None = None

    @property
    def folder(self) -> Path:
        """Where the files are installed."""
        return root() / self._list.folder

    @property
    def staging(self) -> Path:
        if self._staging is None:
            raise RuntimeError("stage() comes first")
        return self._staging

    def stage(self, name: str) -> None:
        """Begin in an empty staging folder; what a dead worker left under the same name is removed."""
        self._staging = _empty_staging(name)

    def write(self) -> dict[str, FileDigest]:
        """Write the nine files of the list from its entries to the staging folder.

        The first list of a series adds everything it holds: its `added.*` are the same files under a second
        name.
        """
        digests: dict[str, FileDigest] = {}
        columns = formats.columns_of(
            referral=self._list.series == ListSeries.REFERRAL, version=self._list.format_version
        )
        for part in PARTS:
            if part == "added" and self._list.previous_id is None:
                digests |= _link_added_to_block(self.staging, digests)
                continue
            writer = PartWriter(self.staging, part, columns=columns)
            try:
                ListEntries(self._list).copy(part, into=writer.buffered(), columns=columns)
            except BaseException:
                writer.abandon()
                raise
            digests |= {file.name: file for file in writer.finish()}
        return digests

    def write_manifest(self) -> FileDigest:
        return _write_bytes(self.staging / MANIFEST, self._list.manifest_bytes)

    def sign(self, names: Iterable[str], key: Ed25519PrivateKey) -> dict[str, bytes]:
        """Detached signatures by name, also written beside the files as `<name>.sig`."""
        signatures: dict[str, bytes] = {}
        by_inode: dict[int, bytes] = {}
        for name in names:
            path = self.staging / name
            inode = path.stat().st_ino
            signature = by_inode.get(inode) or signing.sign_file(path, key)
            signatures[name] = by_inode[inode] = signature
            _write_bytes(path.with_name(f"{name}.sig"), signature)
        return signatures

    def install(self) -> None:
        """Move the staging folder into place by one rename; an installed folder is moved away first."""
        self.folder.parent.mkdir(parents=True, exist_ok=True, mode=0o750)
        sync_folder(self.staging)
        failpoints.reached("before_rename")
        if self.folder.exists():
            aside = _empty_staging(f"replaced-{self._list.pk}")
            self.folder.rename(aside / "old")
            self.staging.rename(self.folder)
            shutil.rmtree(aside)
        else:
            self.staging.rename(self.folder)
        sync_folder(self.folder.parent)
        failpoints.reached("after_rename")

    def verify(self) -> list[str]:
        """Names of files that are missing or whose bytes are not those that were signed."""
        bad = []
        for file in self._list.files.all():
            path = self.folder / file.name
            if not path.exists() or digest_of(path) != FileDigest(file.name, file.size, file.sha256):
                bad.append(file.name)
            elif file.signature is not None and not _holds(
                path.with_name(f"{file.name}.sig"), file.signature
            ):
                bad.append(f"{file.name}.sig")
        return bad

    def quarantine(self, names: Iterable[str]) -> None:
        """Rename damaged files, so that they are not served; a later `restore` replaces all."""
        for name in names:
            path = self.folder / name
            if path.exists():
                path.rename(path.with_name(f"{name}.damaged"))

    def restore(self) -> None:
        """Make all files again from the database and install them. Raises NotReproducible."""
        folder = self.rebuild()
        for file in self._list.files.filter(name__endswith=".gz"):
            compress_file(folder, file.name.removesuffix(".gz"))
        self.install()

    def rebuild(self) -> Path:
        """Make the list again in a staging folder. Raises NotReproducible when a digest differs."""
        self.stage(f"rebuilt-{self._list.pk}")
        digests = self.write()
        digests[MANIFEST] = self.write_manifest()
        recorded = {
            file.name: FileDigest(file.name, file.size, file.sha256)
            for file in self._list.files.exclude(name__endswith=".gz")
        }
        if digests != recorded:
            wrong = sorted(name for name in recorded if digests.get(name) != recorded[name])
            raise NotReproducible(f"list {self._list.pk}: {', '.join(wrong)}")
        for file in self._list.files.exclude(signature=None):
            _write_bytes(self.staging / f"{file.name}.sig", bytes(file.signature or b""))
        return self.staging

    def is_compressed(self) -> bool:
        """Whether every variant is there: a worker may have died between two of them."""
        return self._list.files.filter(name__endswith=".gz").count() == len(FILE_NAMES)

    def compress(self) -> None:
        """The variants for transport: `gzip -n` of every file (no name, no time: the same bytes always)."""
        have = set(self._list.files.values_list("name", flat=True))
        for name in FILE_NAMES:
            if f"{name}.gz" in have:
                continue
            digest = compress_file(self.folder, name)
            ListFile.objects.bulk_create(
                [ListFile(block_list=self._list, name=digest.name, size=digest.size, sha256=digest.sha256)],
                ignore_conflicts=True,
            )


def compress_file(folder: Path, name: str) -> FileDigest:
    part, final = folder / f"{name}.gz.part", folder / f"{name}.gz"
    with (
        (folder / name).open("rb") as plain,
        part.open("wb") as raw,
        gzip.GzipFile(filename="", mode="wb", compresslevel=6, fileobj=raw, mtime=0) as packed,
    ):
        shutil.copyfileobj(plain, packed, formats.CHUNK)
    failpoints.reached("mid_compress")
    part.rename(final)
    return digest_of(final)


def sweep(*, at: dt.datetime, older_than: dt.timedelta = dt.timedelta(hours=1)) -> int:
    """Remove staging folders that no one can be working in any more; how many."""
    swept, limit = 0, (at - older_than).timestamp()
    for folder in (root() / STAGING).glob("*"):
        if folder.stat().st_mtime < limit:
            shutil.rmtree(folder, ignore_errors=True)
            swept += 1
    return swept


def _link_added_to_block(folder: Path, digests: Mapping[str, FileDigest]) -> dict[str, FileDigest]:
    found = {}
    for suffix in formats.SUFFIXES:
        block, added = f"block.{suffix}", f"added.{suffix}"
        (folder / added).hardlink_to(folder / block)
        found[added] = FileDigest(added, digests[block].size, digests[block].sha256)
    return found


def _write_bytes(path: Path, data: bytes) -> FileDigest:
    file = formats.HashedFile(path)
    file.write(data)
    return file.close()


def _holds(path: Path, data: bytes | memoryview) -> bool:
    return path.exists() and path.read_bytes() == bytes(data)


def _empty_staging(name: str) -> Path:
    """An empty folder on the same file system as the installed files."""
    folder = root() / STAGING / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, mode=0o750)
    return folder
