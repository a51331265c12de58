"""Width, height and completeness of a picture, from its headers alone.

So that a picture that can never be shown is refused while the person is still there. Decodes nothing. What
phones put behind the picture (a short video, a depth map, a second picture, a maker's notes) is not its own.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO, Final

from aduan.complaints.evidence import iso_media, limits

_MOST_SEGMENTS: Final = 20_000  # a photo has hundreds
_MOST_BLOCKS: Final = 500_000  # of a GIF: 15 MB in full blocks are 60,000
# Pixels times scans of a progressive JPEG: 2.4 s of processor time. A scrolled screenshot of 1080 x 60,000 in
# ten scans is 650 million.
_MOST_SCANNED: Final = 1_000_000_000
_SIZES: Final = frozenset(set(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC})  # start-of-frame markers
_SCAN: Final = 0xDA
_END: Final = 0xD9
# Inside the coded picture FF is always followed by 00 or by a restart marker; FF FF is padding.
_MARKER: Final = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")


@dataclass(frozen=True, slots=True)
class PictureFacts:
    """Width and height are 0 where the headers do not say. `end` is where a JPEG's own end marker stands."""

    width: int = 0
    height: int = 0
    truncated: bool = False
    scans: int = 1
    end: int = 0

    @property
    def too_heavy(self) -> bool:
        """Whether decoding it takes more processor time than a picture may cost."""
        return self.scans * self.width * self.height > _MOST_SCANNED


def picture_facts(file: BinaryIO, code: str) -> PictureFacts:
    """`code` is the code of a picture Kind."""
    file.seek(0)
    if code in {"heic", "avif"}:
        facts = iso_media.movie_facts(file)
        return PictureFacts(facts.width, facts.height, facts.truncated)
    data = file.read(limits.LIMITS["image"].size + 1)
    return _READERS[code](data)


def jpeg_facts(data: bytes) -> PictureFacts:
    """Of the first picture alone: a second one behind it, or a video, has scans and ends of its own."""
    width = height = scans = 0
    at = 2
    for _turn in range(_MOST_SEGMENTS):
        found = _MARKER.search(data, at)
        if found is None:
            return PictureFacts(width, height, truncated=True, scans=scans)
        marker, at = data[found.end() - 1], found.end()
        if marker == _END:
            return PictureFacts(width, height, truncated=scans == 0, scans=scans, end=found.start())
        if marker in {0x01, 0xD8}:
            continue
        if marker in _SIZES and not width:
            height, width = (
                int.from_bytes(data[at + 3 : at + 5], "big"),
                int.from_bytes(data[at + 5 : at + 7], "big"),
            )
        scans += marker == _SCAN
        at += int.from_bytes(data[at : at + 2], "big")
    return PictureFacts(width, height, scans=_MOST_SCANNED)


def _png(data: bytes) -> PictureFacts:
    at, ended = 8, False
    while at + 8 <= len(data) and not ended:
        size, name = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        at += 12 + size
        ended = name == b"IEND"
    width, height = int.from_bytes(data[16:20], "big"), int.from_bytes(data[20:24], "big")
    return PictureFacts(width, height, not ended or at > len(data))


def _gif(data: bytes) -> PictureFacts:
    """Truncated when it ends inside a block, or before the first frame. The last byte is often left out."""
    width, height = int.from_bytes(data[6:8], "little"), int.from_bytes(data[8:10], "little")
    at, frames, budget = 13 + _colours(data[10:11]), 0, _MOST_BLOCKS
    while at < len(data) and data[at] in {0x21, 0x2C} and budget > 0:
        if data[at] == 0x2C:
            frames += 1
            at += 11 + _colours(data[at + 9 : at + 10])  # the descriptor, its colours, the size of a code
        else:
            at += 2
        while at < len(data) and data[at] and budget > 0:
            at += data[at] + 1
            budget -= 1
        at += 1
    return PictureFacts(width, height, budget > 0 and (at > len(data) or frames == 0))


def _colours(flags: bytes) -> int:
    """Bytes of the table of colours that these flags announce."""
    return 3 << ((flags[0] & 7) + 1) if flags and flags[0] & 0x80 else 0


def _webp(data: bytes) -> PictureFacts:
    truncated = int.from_bytes(data[4:8], "little") + 8 > len(data)
    name, body = data[12:16], data[20:30]
    if name == b"VP8X":
        width, height = (int.from_bytes(body[start : start + 3], "little") + 1 for start in (4, 7))
    elif name == b"VP8L":
        bits = int.from_bytes(body[1:5], "little")
        width, height = (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    else:
        width, height = (int.from_bytes(body[start : start + 2], "little") & 0x3FFF for start in (6, 8))
    return PictureFacts(width, height, truncated)


_READERS: Final[dict[str, Callable[[bytes], PictureFacts]]] = {
    "jpeg": jpeg_facts, "png": _png, "gif": _gif, "webp": _webp,
}  # fmt: skip
