"""The files of lists on the disk.

Written aside, made durable, put into place by one rename, checked for ever.

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
from aduan.blocklists.models import BlockList, ListFile, Series
from aduan.blocklists.services import entries_sql
from aduan.core import failpoints

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

STAGING = ".staging"


def root() -> Path:
    return Path(settings.PUBLISH_ROOT)


def place_of(block_list: BlockList) -> Path:
    return root() / block_list.folder


def staging(name: str) -> Path:
    """A fresh, empty folder on the same file system; what a dead worker left under the name is removed."""
    folder = root() / STAGING / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, mode=0o750)
    return folder


def write_parts(block_list: BlockList, folder: Path, *, before: int | None) -> dict[str, FileDigest]:
    """The nine files of a list from its entries. `before`: id of the list before, or None.

    The first list of a series adds everything it holds: its `added.*` are the same files under a second name.
    """
    digests: dict[str, FileDigest] = {}
    columns = formats.REFERRAL_COLUMNS if block_list.series == Series.REFERRAL else formats.COLUMNS
    for part in PARTS:
        if part == "added" and before is None:
            digests |= _same_as_block(folder, digests)
            continue
        writer = PartWriter(folder, part, columns=columns)
        try:
            entries_sql.copy_out(
                block_list.pk, part, series=block_list.series, before=before, into=writer.buffered()
            )
        except BaseException:
            writer.abandon()
            raise
        digests |= {file.name: file for file in writer.finish()}
    return digests


def _same_as_block(folder: Path, digests: Mapping[str, FileDigest]) -> dict[str, FileDigest]:
    found = {}
    for suffix in formats.SUFFIXES:
        block, added = f"block.{suffix}", f"added.{suffix}"
        (folder / added).hardlink_to(folder / block)
        found[added] = FileDigest(added, digests[block].size, digests[block].sha256)
    return found


def write_bytes(folder: Path, name: str, data: bytes) -> FileDigest:
    file = formats.HashedFile(folder / name)
    file.write(data)
    return file.close()


def sign(folder: Path, names: Iterable[str], key: Ed25519PrivateKey) -> dict[str, bytes]:
    """Detached signatures by name, also written beside the files as `<name>.sig`."""
    signatures: dict[str, bytes] = {}
    by_inode: dict[int, bytes] = {}
    for name in names:
        inode = (folder / name).stat().st_ino
        signature = by_inode.setdefault(inode, b"") or signing.sign_file(folder / name, key)
        signatures[name] = by_inode[inode] = signature
        write_bytes(folder, f"{name}.sig", signature)
    return signatures


def put(folder: Path, block_list: BlockList) -> None:
    """Move a finished folder to its place in one step; a folder that is there already is set aside first."""
    place = place_of(block_list)
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o750)
    sync_folder(folder)
    failpoints.reached("before_rename")
    if place.exists():
        aside = staging(f"replaced-{block_list.pk}")
        place.rename(aside / "old")
        folder.rename(place)
        shutil.rmtree(aside)
    else:
        folder.rename(place)
    sync_folder(place.parent)
    failpoints.reached("after_rename")


def damaged(block_list: BlockList) -> list[str]:
    """Names of files that are missing or whose bytes are not those that were signed."""
    place, bad = place_of(block_list), []
    for file in block_list.files.all():
        path = place / file.name
        if not path.exists() or digest_of(path) != FileDigest(file.name, file.size, file.sha256):
            bad.append(file.name)
        elif file.signature is not None and not _same(path.with_name(f"{file.name}.sig"), file.signature):
            bad.append(f"{file.name}.sig")
    return bad


def withdraw(block_list: BlockList, names: Iterable[str]) -> None:
    """Set files aside in their own folder, so that nobody is handed them; a later `restore` replaces all."""
    for name in names:
        path = place_of(block_list) / name
        if path.exists():
            path.rename(path.with_name(f"{name}.damaged"))


def _same(path: Path, data: bytes | memoryview) -> bool:
    return path.exists() and path.read_bytes() == bytes(data)


class NotReproducible(Exception):
    """The entries no longer give the bytes that were signed: somebody has to look at the database."""


def restore(block_list: BlockList) -> None:
    """Make all files of a list again from the database and put them into place. Raises NotReproducible."""
    folder = rebuilt(block_list)
    for file in block_list.files.filter(name__endswith=".gz"):
        compress_file(folder, file.name.removesuffix(".gz"))
    put(folder, block_list)


def rebuilt(block_list: BlockList) -> Path:
    """A staging folder with the list made again; its digests equal the recorded ones or NotReproducible."""
    folder = staging(f"rebuilt-{block_list.pk}")
    digests = write_parts(block_list, folder, before=block_list.previous_id)
    digests[MANIFEST] = write_bytes(folder, MANIFEST, block_list.manifest_bytes)
    recorded = {
        file.name: FileDigest(file.name, file.size, file.sha256)
        for file in block_list.files.exclude(name__endswith=".gz")
    }
    if digests != recorded:
        wrong = sorted(name for name in recorded if digests.get(name) != recorded[name])
        raise NotReproducible(f"list {block_list.pk}: {', '.join(wrong)}")
    for file in block_list.files.exclude(signature=None):
        write_bytes(folder, f"{file.name}.sig", bytes(file.signature or b""))
    return folder


def is_compressed(block_list: BlockList) -> bool:
    """Whether every variant is there: a worker may have died between two of them."""
    return block_list.files.filter(name__endswith=".gz").count() == len(FILE_NAMES)


def compress(block_list: BlockList) -> None:
    """The variants for transport, once: `gzip -n` of every file (no name, no time: the same bytes always)."""
    place = place_of(block_list)
    have = set(block_list.files.values_list("name", flat=True))
    for name in FILE_NAMES:
        if f"{name}.gz" in have:
            continue
        digest = compress_file(place, name)
        ListFile.objects.bulk_create(
            [ListFile(block_list=block_list, name=digest.name, size=digest.size, sha256=digest.sha256)],
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
    """Remove staging folders that nobody can be working in any more; how many."""
    swept, limit = 0, (at - older_than).timestamp()
    for folder in (root() / STAGING).glob("*"):
        if folder.stat().st_mtime < limit:
            shutil.rmtree(folder, ignore_errors=True)
            swept += 1
    return swept
