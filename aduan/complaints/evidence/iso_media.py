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
_CONTAINERS: Final = frozenset({b"trak", b"mdia", b"iprp", b"ipco"})


@dataclass(slots=True)
class MovieFacts:
    """`seconds` is 0 where the file does not say. `truncated` when a box is longer than the file."""

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
    for _turn in range(_MOST_BOXES):
        file.seek(at)
        head = file.read(16)
        if len(head) < 8:
            break
        size, name, header = _box(head, end - at)
        if size < header or at + size > end:
            facts.truncated = facts.truncated or name.isalnum()
            break
        if name in {b"moov", b"meta"} and size <= _MOST_BYTES:
            file.seek(at + header)
            _walk(file.read(size - header)[4 if name == b"meta" else 0 :], facts)
        at += size
    return facts


def _box(head: bytes, rest: int) -> tuple[int, bytes, int]:
    """Size, name and length of the header of the box that begins here."""
    size, name = int.from_bytes(head[:4], "big"), head[4:8]
    if size == 1:
        return int.from_bytes(head[8:16], "big"), name, 16
    return (size or rest), name, 8


def _walk(data: bytes, facts: MovieFacts) -> None:
    for name, body in _boxes(data):
        if name == b"hdlr":
            facts.handlers.add(body[8:12])
        elif name == b"mvhd":
            facts.seconds = _seconds(body)
        elif name == b"ispe":
            _note_size(int.from_bytes(body[4:8], "big"), int.from_bytes(body[8:12], "big"), facts)
        elif name == b"tkhd":
            _note_size(int.from_bytes(body[-8:-6], "big"), int.from_bytes(body[-4:-2], "big"), facts)


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
    """The duration of an `mvhd` box; version 1 has 64-bit times."""
    if body[:1] == b"\x01":
        scale, length = int.from_bytes(body[20:24], "big"), int.from_bytes(body[24:32], "big")
    else:
        scale, length = int.from_bytes(body[12:16], "big"), int.from_bytes(body[16:20], "big")
    return length / scale if scale and length < 2**40 else 0.0
