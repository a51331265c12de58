"""Has sandbox_worker started in a process of its own, bounded in time and size, and reads its answer."""

from __future__ import annotations

import json
import os
import signal
import tempfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings

from aduan.complaints.evidence import file_types, limits
from aduan.complaints.evidence.conversion import Part, Word
from aduan.complaints.evidence.examiner import Examination, Unavailable, examine

if TYPE_CHECKING:
    from typing import BinaryIO

WALL_SECONDS: Final = 120
_HEIC_THREADS: Final = 4  # libheif and libde265 start one or two, whatever they are asked for
_UNCONFINED: Final = 78  # sandbox_worker.UNCONFINED, which is imported only in the child
# No file sends these: the service is stopped, or the machine is out of memory (the child's own is bounded).
_FROM_OUTSIDE: Final = {signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGHUP}
_ANSWER_LIMIT: Final = 28 * limits.MEBIBYTE


@dataclass(frozen=True, slots=True)
class SandboxResult:
    """What the sandbox made of a file. When refused, `reason` is a stable code and the rest is empty."""

    ok: bool
    reason: str = ""
    kind: str = ""
    clean: bytes = b""
    thumbnail: bytes = b""
    width: int = 0
    height: int = 0
    hash: int = 0  # unsigned 64 bits, pictures only
    mirrored: int = 0
    note: str = ""  # what was left out, see Evidence.Note
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True)
class Recognition:
    """What was read on a picture: its words, and each page as a picture for cut-outs. Both or a `reason`."""

    ok: bool
    reason: str = ""
    words: tuple[Word, ...] = ()
    pages: tuple[Part, ...] = ()
    cut_short: bool = False  # a scrolled screenshot goes on below what was read
    peak_memory: int = 0  # bytes resident in the child at most


def convert(
    source: BinaryIO,
    *,
    cpu_seconds: int | None = None,
    memory: int | None = None,
    wall_seconds: int = WALL_SECONDS,
) -> SandboxResult:
    """Runs the child on an open file with a real descriptor. A child that dies is a refusal, not an error.

    What it may cost follows from the kind of the file (limits.LIMITS) where the caller does not say.
    """
    kind = file_types.identify(source)
    limit = limits.LIMITS[kind.family if kind else "text"]
    cost = (cpu_seconds or limit.cpu_seconds, memory or limit.memory)
    facts, bodies = _in_child("convert", source, kind, cost, wall_seconds)
    if not facts["ok"]:
        return SandboxResult(ok=False, reason=facts["reason"])
    clean, thumbnail, *parts = bodies
    return SandboxResult(
        ok=True,
        kind=facts["kind"],
        clean=clean,
        thumbnail=thumbnail,
        width=facts["width"],
        height=facts["height"],
        hash=facts["hash"],
        mirrored=facts["mirrored"],
        note=facts["note"],
        parts=tuple(_part(row, data) for row, data in zip(facts["parts"], parts, strict=True)),
    )


def recognise(source: BinaryIO, *, wall_seconds: int = WALL_SECONDS) -> Recognition:
    """Reads the text on a picture, in the same child under the same locks. Raises Unavailable."""
    kind = file_types.identify(source)
    facts, bodies = _in_child("read", source, kind, limits.READING, wall_seconds)
    if not facts["ok"]:
        return Recognition(ok=False, reason=facts["reason"])
    return Recognition(
        ok=True,
        words=tuple(Word(**row) for row in facts["words"]),
        pages=tuple(_part(row, data) for row, data in zip(facts["parts"], bodies[2:], strict=True)),
        cut_short=bool(facts["note"]),
        peak_memory=facts["peak_memory"],
    )


def _in_child(
    task: str, source: BinaryIO, kind: file_types.Kind | None, cost: tuple[int, int], wall_seconds: int
) -> tuple[dict[str, Any], list[bytes]]:
    os.lseek(source.fileno(), 0, os.SEEK_SET)  # the child reads from here, whatever was buffered
    threads = _HEIC_THREADS if kind is file_types.HEIC else 0
    what = Examination(task, kind.code if kind else "-", *cost, threads, wall_seconds)
    with tempfile.TemporaryFile() as answer:
        status = examine(what, source.fileno(), answer.fileno(), examiner=settings.EXAMINER_SOCKET)
        if status is None:
            return {"ok": False, "reason": "too_slow"}, []
        answer.seek(0)
        return _read(answer.read(_ANSWER_LIMIT), status)


def _read(answer: bytes, returncode: int) -> tuple[dict[str, Any], list[bytes]]:
    if returncode == _UNCONFINED:
        raise Unavailable("this kernel offers neither Landlock nor seccomp: evidence waits")
    if -returncode in _FROM_OUTSIDE:
        raise Unavailable(f"the sandbox was ended by {signal.Signals(-returncode).name}")
    if returncode != 0:
        # An error no one foresaw, or a crash: the file is to blame, as the child reads good ones all day.
        return {"ok": False, "reason": "too_slow" if -returncode == signal.SIGXCPU else "unreadable"}, []
    length = int.from_bytes(answer[:4], "big")
    facts = json.loads(answer[4 : 4 + length])
    return facts, _bodies(answer[4 + length :], facts["sizes"])


def _bodies(data: bytes, sizes: list[int]) -> list[bytes]:
    found, at = [], 0
    for size in sizes:
        found.append(data[at : at + size])
        at += size
    return found


def _part(row: dict[str, Any], data: bytes) -> Part:
    return Part(row["role"], data, row["kind"], row["width"], row["height"], row["second"])
