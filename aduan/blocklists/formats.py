"""The bytes of a list: one stream of CSV lines becomes `.csv`, `.txt` and `.json`, hashed while written.

Pure.

Canonical means: ASCII, `\\n`, sorted as `LC_ALL=C sort -u` sorts, no date of making, no quoting, no `+`.
The database sends CSV (COPY); the two other formats are derived from the same bytes, so that the three
cannot disagree. Memory stays at a few chunks whatever the length.

    block.txt    6281200000001\\n
    block.csv    number,action,since,until,category,case,ends_at\\n  then one line per number
    block.json   {"columns":[…],"rows":[\\n["6281200000001","block",…],\\n…\\n]}\\n   one row per line
"""

from __future__ import annotations

import hashlib
import io
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from aduan.core import failpoints

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from typing_extensions import Buffer

FORMAT_VERSION = "1.2"  # a client of 1.0 reads it as well: columns are only ever added, at the end
FIRST_VERSION = "1.0"  # of lists whose manifest names no version
WITHOUT_REFERRAL_ID = "1.1"
COLUMNS = ("number", "action", "since", "until", "category", "case")
REFERRAL_COLUMNS = (*COLUMNS, "reports", "evidence")
ENDS_AT = "ends_at"  # RFC 3339 in UTC; `until` is the first day that is no longer wholly covered, in Jakarta
REFERRAL_ID = "referral"  # as `puid` of its notice, `id` of the API
PARTS = ("block", "added", "removed")
SUFFIXES = ("csv", "txt", "json")
FILE_NAMES = tuple(f"{part}.{suffix}" for part in PARTS for suffix in SUFFIXES)
CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "txt": "text/plain; charset=utf-8",
    "json": "application/json",
    "sig": "application/octet-stream",
}

JSON_TAIL = b"\n]}\n"
CHUNK = 1 << 20

_AFTER_NUMBER = re.compile(rb",.*")


def columns_of(*, referral: bool, version: str = FORMAT_VERSION) -> tuple[str, ...]:
    """The columns of a list's CSV and JSON files in a version of the format."""
    columns = REFERRAL_COLUMNS if referral else COLUMNS
    if version == FIRST_VERSION:
        return columns
    with_id = referral and version != WITHOUT_REFERRAL_ID
    return (*columns, ENDS_AT, REFERRAL_ID) if with_id else (*columns, ENDS_AT)


@dataclass(frozen=True, slots=True)
class FileDigest:
    """What a finished file is: its bare name, length in bytes and SHA-256 in hex."""

    name: str
    size: int
    sha256: str


class HashedFile:
    """A new file that is hashed as it is written; `close` returns only after the bytes are on the disk."""

    def __init__(self, path: Path, *, durable: bool = True) -> None:
        self._path = path
        self._durable = durable
        self._hash = hashlib.sha256()
        self._size = 0
        self._file = path.open("xb", buffering=0)

    def write(self, data: bytes) -> None:
        view = memoryview(data)
        while view:
            view = view[self._file.write(view) :]
        self._hash.update(data)
        self._size += len(data)

    def close(self) -> FileDigest:
        if self._durable:
            os.fsync(self._file.fileno())
        self._file.close()
        return FileDigest(self._path.name, self._size, self._hash.hexdigest())

    def abandon(self) -> None:
        self._file.close()


class PartWriter(io.RawIOBase):
    """Takes CSV lines in pieces of any size (wrap it in `buffered()`) and writes the three files of one part.

    Lines must be free of quotes, commas inside values and anything outside ASCII: the table that holds the
    entries refuses such values, and that is what makes a plain replacement a correct conversion.
    """

    def __init__(
        self,
        folder: Path,
        part: str,
        *,
        columns: Sequence[str] = COLUMNS,
        durable: bool = True,
    ) -> None:
        super().__init__()
        self.lines = 0
        self._rest = b""
        self._csv, self._txt, self._json = (
            HashedFile(folder / f"{part}.{suffix}", durable=durable) for suffix in SUFFIXES
        )
        self._csv.write((",".join(columns) + "\n").encode())
        names = ",".join(f'"{name}"' for name in columns)
        self._json.write(f'{{"columns":[{names}],"rows":[\n'.encode())

    def writable(self) -> bool:
        return True

    def write(self, data: Buffer, /) -> int:
        piece = bytes(data)
        end = piece.rfind(b"\n") + 1
        if end:
            self._take(self._rest + piece[:end])
            self._rest = piece[end:]
        else:
            self._rest += piece
        return len(piece)

    def _take(self, whole_lines: bytes) -> None:
        failpoints.reached("mid_write")
        rows = b'["' + whole_lines[:-1].replace(b",", b'","').replace(b"\n", b'"],\n["') + b'"]'
        self._json.write(b",\n" + rows if self.lines else rows)
        self._csv.write(whole_lines)
        self._txt.write(_AFTER_NUMBER.sub(b"", whole_lines))
        self.lines += whole_lines.count(b"\n")

    def buffered(self) -> io.BufferedWriter:
        return io.BufferedWriter(self, buffer_size=CHUNK)

    def finish(self) -> list[FileDigest]:
        if self._rest:
            raise ValueError("the last line of the stream is not complete")
        self._json.write(JSON_TAIL if self.lines else JSON_TAIL[1:])
        failpoints.reached("before_fsync")
        return [self._csv.close(), self._txt.close(), self._json.close()]

    def abandon(self) -> None:
        for file in (self._csv, self._txt, self._json):
            file.abandon()


def digest_of(path: Path) -> FileDigest:
    """Read a file once, in chunks."""
    sha256, size = hashlib.sha256(), 0
    with path.open("rb", buffering=0) as file:
        while chunk := file.read(CHUNK):
            sha256.update(chunk)
            size += len(chunk)
    return FileDigest(path.name, size, sha256.hexdigest())


def numbers_in(path: Path) -> Iterator[bytes]:
    """The lines of a `.txt` without their ends. Raises ValueError at the first that breaks the canon."""
    before = b""
    with path.open("rb") as file:
        for line in file:
            number = line[:-1]
            if line[-1:] != b"\n" or not number.isdigit() or number[:1] == b"0" or number <= before:
                raise ValueError(f"{path.name}: a line is not canonical or not in order")
            before = number
            yield number


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable (a rename survives only once its folder is synced)."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
