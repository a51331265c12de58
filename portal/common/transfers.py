"""Handing a file to a client so that it can resume, ask again cheaply, and cannot be given the wrong bytes.

A file here never changes under its address, so its ETag is its digest. With settings.LISTS_ACCEL_PREFIX the
web server in front carries whole files (X-Accel-Redirect); parts always come from here, because nginx would
judge `If-Range` by an ETag of its own. How a transfer ended is known to the sender of its last byte: a web
server in front logs it under the name that X-Delivery gives it (portal.tasks.delivery_log).
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeVar
from urllib.parse import quote

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase

CHUNK: Final = 64 * 1024
_RANGE = re.compile(r"bytes\s*=\s*(\d*)\s*-\s*(\d*)\s*", re.IGNORECASE)
_LONGEST_NUMBER: Final = 18

# Called once when the transfer has ended: how many bytes left, and whether the client has the file to its
# end.
Finish = Callable[[int, bool], object]
# Called instead, before the first byte, when the web server in front will tell: gives the transfer a name.
Begin = Callable[[], str]
Answer = TypeVar("Answer", bound=HttpResponseBase)


@dataclass(frozen=True, slots=True)
class Served:
    """A file as it is on the disk, with what is known about it. `accel` is its internal address in nginx.

    `unpacked_sha256` is the digest of what a packed file (`encoding`) holds.
    """

    path: Path
    name: str
    size: int
    sha256: str
    content_type: str
    encoding: str = ""
    accel: str = ""
    unpacked_sha256: str = ""

    @property
    def etag(self) -> str:
        """Names the bytes that are sent; a packed file by the digest of what it holds, and a mark."""
        return f'"sha256-{self.unpacked_sha256}-{self.encoding}"' if self.encoding else self.plain_etag

    @property
    def plain_etag(self) -> str:
        """Names the contents, packed or not: the digest that the manifest gives."""
        return f'"sha256-{self.unpacked_sha256 or self.sha256}"'


@dataclass(frozen=True, slots=True)
class Part:
    """A span of bytes; `end` is the first byte that does not belong to it."""

    start: int
    end: int


class Unsatisfiable(Exception):
    """The range lies outside the file."""


def answer(request: HttpRequest, file: Served, *, finish: Finish, begin: Begin) -> HttpResponseBase:
    """200, 206, 304, 412 or 416 with the right headers.

    Transfers that carry bytes call `finish` or `begin`.
    """
    early = _without_body(request, file)
    if early is not None:
        return early
    try:
        part = requested_part(request, file)
    except Unsatisfiable:
        refused = _headers(HttpResponse(status=416), file)
        refused["Content-Range"] = f"bytes */{file.size}"
        return refused
    if request.method == "HEAD":
        return _with_length(_headers(HttpResponse(status=206 if part else 200), file), file, part)
    if file.accel and part is None:
        return _named(_left_to_the_web_server(file), begin())
    span = part or Part(0, file.size)
    if span.end < file.size:  # such a part cannot complete the file, no matter who sends it
        transfer = Transfer(file.path, span, finish=lambda count, _whole: finish(count, False))
    elif file.accel:
        transfer = _named(Transfer(file.path, span, finish=None), begin())
    else:
        transfer = Transfer(file.path, span, finish=finish)
    transfer.status_code = 206 if part else 200
    return _with_length(_headers(transfer, file), file, part)


def _left_to_the_web_server(file: Served) -> HttpResponse:
    carried = _headers(HttpResponse(), file)
    carried["X-Accel-Redirect"] = quote(file.accel)
    del carried["Content-Length"]
    return carried


def _named(response: Answer, name: str) -> Answer:
    if name:
        response["X-Delivery"] = name
    return response


def requested_part(request: HttpRequest, file: Served) -> Part | None:
    """The one range that is to be sent, or None for the whole file. Raises Unsatisfiable.

    Also None for several ranges, which RFC 9110 lets a server ignore, and for an If-Range of another version.
    """
    header = request.headers.get("Range")
    if header is None or ("If-Range" in request.headers and request.headers["If-Range"].strip() != file.etag):
        return None
    match = _RANGE.fullmatch(header.strip())
    if match is None or match[1] == match[2] == "" or max(map(len, match.groups())) > _LONGEST_NUMBER:
        return None
    if match[1] == "":
        length = int(match[2])
        if length == 0 or file.size == 0:
            raise Unsatisfiable
        return Part(max(0, file.size - length), file.size)
    start = int(match[1])
    end = min(int(match[2]) + 1, file.size) if match[2] else file.size
    if match[2] and int(match[2]) < start:
        return None
    if start >= file.size:
        raise Unsatisfiable
    return Part(start, end)


class Counted(io.RawIOBase):
    """A span of a file that remembers how far it was read, whether Python read it or the kernel (sendfile).

    `socket.sendfile` reads through the descriptor and says at its end, by `seek`, where it got to.
    """

    def __init__(self, path: Path, part: Part) -> None:
        super().__init__()
        self._file = path.open("rb", buffering=0)
        self._part = part
        self._at = part.start
        self._file.seek(part.start)

    @property
    def sent(self) -> int:
        return min(self._at, self._part.end) - self._part.start

    @property
    def whole(self) -> bool:
        return self._at >= self._part.end

    def fileno(self) -> int:
        return self._file.fileno()

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1, /) -> bytes:
        left = self._part.end - self._at
        data = self._file.read(left if size < 0 else min(size, left)) or b""
        self._at += len(data)
        return data

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        self._at = offset
        return offset

    def seekable(self) -> bool:
        return False

    def tell(self) -> int:
        return self._at

    def close(self) -> None:
        self._file.close()
        super().close()


class Transfer(FileResponse):
    """Reports at its end, to `finish`, how many bytes were sent and whether the part is complete."""

    def __init__(self, path: Path, span: Part, *, finish: Finish | None) -> None:
        self._counted = Counted(path, span)
        self._finish = finish
        super().__init__(self._counted)
        self.block_size = CHUNK

    def set_headers(self, filelike: Any) -> None:
        """Ours are set by `answer`; guessing from the file would seek in it."""

    def close(self) -> None:
        finish, self._finish = self._finish, None
        sent, whole = self._counted.sent, self._counted.whole
        try:
            if finish is not None:
                finish(sent, whole)
        finally:
            super().close()


def _without_body(request: HttpRequest, file: Served) -> HttpResponse | None:
    wanted = request.headers.get("If-Match")
    if wanted is not None and not _names(wanted, file.etag, weak=False):
        return _headers(HttpResponse(status=412), file)
    known = request.headers.get("If-None-Match")
    if known is not None and any(_names(known, etag, weak=True) for etag in (file.etag, file.plain_etag)):
        unchanged = _headers(HttpResponse(status=304), file)
        del unchanged["Content-Type"]
        return unchanged
    return None


def _names(header: str, etag: str, *, weak: bool) -> bool:
    tags = [tag.strip() for tag in header.split(",")]
    return "*" in tags or any((tag.removeprefix("W/") if weak else tag) == etag for tag in tags)


def _headers(response: Answer, file: Served) -> Answer:
    response["ETag"] = file.etag
    response["Accept-Ranges"] = "bytes"
    response["Cache-Control"] = "private, no-store, no-transform"
    response["Content-Type"] = file.content_type
    response["Content-Disposition"] = f'attachment; filename="{file.name}"'
    response["X-Content-Type-Options"] = "nosniff"
    if file.encoding:
        response["Content-Encoding"] = file.encoding
    return response


def _with_length(response: Answer, file: Served, part: Part | None) -> Answer:
    response["Content-Length"] = str(part.end - part.start if part else file.size)
    if part:
        response["Content-Range"] = f"bytes {part.start}-{part.end - 1}/{file.size}"
    return response
