"""How long a WebM video lasts, read from its headers without decoding anything.

Browsers that record a screen leave the duration out: then the time of the last cluster says it.
RFC 8794, RFC 9559.
"""

from __future__ import annotations

import os
import re
import struct
from typing import BinaryIO, Final

_HEADERS: Final = 256 * 1024  # bytes at the beginning in which Info must stand
_TAIL: Final = 4 * 1024 * 1024  # bytes at the end in which the last cluster must begin
_INFO, _CLUSTER = b"\x15\x49\xa9\x66", b"\x1f\x43\xb6\x75"
_INFO_ITSELF: Final = re.compile(rb"(?<!\x53\xab\x84)" + _INFO)  # not its name in the table of contents
_SCALE, _DURATION, _TIME = b"\x2a\xd7\xb1", b"\x44\x89", b"\xe7"
_USUAL_SCALE: Final = 1_000_000  # nanoseconds
_MOST_BYTES_OF_INFO: Final = 4096
_SIZES: Final = {4: ">f", 8: ">d"}


def seconds_of(file: BinaryIO) -> float:
    """0 where the file does not say."""
    file.seek(0)
    head = file.read(_HEADERS)
    place = _INFO_ITSELF.search(head)
    info = _body(head, place.start(), _INFO)[:_MOST_BYTES_OF_INFO] if place else b""
    if not info:
        return 0.0
    scale = int.from_bytes(_body(info, info.find(_SCALE), _SCALE), "big") or _USUAL_SCALE
    duration = _body(info, info.find(_DURATION), _DURATION)
    if len(duration) in _SIZES:
        ticks: float = struct.unpack(_SIZES[len(duration)], duration)[0]
    else:
        ticks = _last_cluster(file)
    return ticks * scale / 1e9


def _last_cluster(file: BinaryIO) -> float:
    file.seek(max(0, file.seek(0, os.SEEK_END) - _TAIL))
    tail = file.read(_TAIL)
    at = tail.rfind(_CLUSTER)
    start = at + len(_CLUSTER) + _length_of_size(tail, at + len(_CLUSTER))
    return float(int.from_bytes(_body(tail, start, _TIME), "big")) if at >= 0 and start > at else 0.0


def _body(data: bytes, at: int, name: bytes) -> bytes:
    """What the element of that name at `at` holds; nothing when another stands there."""
    if at < 0 or not data.startswith(name, at):
        return b""
    start = at + len(name)
    length = _length_of_size(data, start)
    if not length:
        return b""
    size = int.from_bytes(data[start : start + length], "big") & ((1 << 7 * length) - 1)
    return data[start + length : start + length + size]


def _length_of_size(data: bytes, at: int) -> int:
    """How many bytes the size of an element takes: the zeros in front say it."""
    first = data[at] if at < len(data) else 0
    return 9 - first.bit_length() if first else 0
