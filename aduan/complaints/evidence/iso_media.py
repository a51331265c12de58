"""What the boxes of an ISO base media file say (MP4, MOV, 3GP, HEIF), read without decoding anything.

Bounded: at most 4,096 boxes and 8 MiB of headers are looked at. ISO/IEC 14496-12, 23008-12.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO, Final

_MOST_BOXES: Final = 4096
_MOST_BYTES: Final = 8 * 1024 * 1024
# What such a file consists of; any other name behind them is none of its boxes.
_TOP_LEVEL: Final = frozenset(
    b"ftyp styp moov moof mdat meta free skip wide uuid sidx mfra pnot pdin idat mpvd emsg prft".split()
)
_UNKNOWN: Final = frozenset({b"\xff" * 8, b"\xff" * 4, b"\x7f" + b"\xff" * 3})  # durations
_HEADERS: Final = frozenset({b"moov", b"moof", b"meta"})
_CONTAINERS: Final = frozenset({b"trak", b"mdia", b"iprp", b"ipco"})


@dataclass(slots=True)
class MovieFacts:
    """`seconds` is 0 where the file does not say.

    `truncated` when one of its own boxes is longer than the file, or the headers are missing. What phones
    glue on behind (Samsung's notes, for instance) has no such boxes and does no harm.
    """

    handlers: set[bytes] = field(default_factory=set)
    seconds: float = 0.0
    width: int = 0  # of the largest picture inside
    height: int = 0
    truncated: bool = False


def movie_facts(file: BinaryIO) -> MovieFacts:
    """Walks the top-level boxes by their sizes and reads only the headers (`moov`, `meta`)."""
    facts = MovieFacts()
    end = file.seek(0, os.SEEK_END)
    at = 0
    seen: set[bytes] = set()
    for _turn in range(_MOST_BOXES):
        file.seek(at)
        head = file.read(16)
        if len(head) < 8:
            break
        size, name, header = _box(head, end - at)
        if size < header or at + size > end:
            facts.truncated = name in _TOP_LEVEL
            break
        seen.add(name)
        if name in {b"moov", b"meta"} and size <= _MOST_BYTES:
            file.seek(at + header)
            _walk(file.read(size - header)[4 if name == b"meta" else 0 :], facts)
        at += size
    facts.truncated = facts.truncated or not seen & _HEADERS
    return facts


def _box(head: bytes, rest: int) -> tuple[int, bytes, int]:
    """Size, name and length of the header of the box that begins here."""
    size, name = int.from_bytes(head[:4], "big"), head[4:8]
    if size == 1:
        return int.from_bytes(head[8:16], "big"), name, 16
    return (size or rest), name, 8


def _walk(data: bytes, facts: MovieFacts) -> None:
    """The length of the film, or of its longest track where that is not known."""
    movie = tracks = 0.0
    for name, body in _boxes(data):
        if name == b"hdlr":
            facts.handlers.add(body[8:12])
        elif name == b"mvhd":
            movie = _seconds(body)
        elif name == b"mdhd":
            tracks = max(tracks, _seconds(body))
        elif name == b"ispe":
            _note_size(int.from_bytes(body[4:8], "big"), int.from_bytes(body[8:12], "big"), facts)
        elif name == b"tkhd":
            _note_size(int.from_bytes(body[-8:-6], "big"), int.from_bytes(body[-4:-2], "big"), facts)
    facts.seconds = facts.seconds or movie or tracks


def _boxes(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Every box, also those inside the containers that matter, within one budget."""
    waiting = [(0, len(data))]
    for _turn in range(_MOST_BOXES):
        if not waiting:
            return
        at, end = waiting.pop()
        if at + 8 > end:
            continue
        size, name, header = _box(data[at : at + 16], end - at)
        if size < header or at + size > end:
            continue
        waiting.append((at + size, end))
        if name in _CONTAINERS:
            waiting.append((at + header, at + size))
        else:
            yield name, data[at + header : at + min(size, header + 128)]


def _note_size(width: int, height: int, facts: MovieFacts) -> None:
    if width * height > facts.width * facts.height:
        facts.width, facts.height = width, height


def _seconds(body: bytes) -> float:
    """The duration of an `mvhd` or `mdhd` box, 0 where it is unknown; version 1 has 64-bit times."""
    if body[:1] == b"\x01":
        scale, length = body[20:24], body[24:32]
    else:
        scale, length = body[12:16], body[16:20]
    if length in _UNKNOWN or not any(scale):
        return 0.0
    return int.from_bytes(length, "big") / int.from_bytes(scale, "big")
