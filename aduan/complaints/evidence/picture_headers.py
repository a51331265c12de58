"""Width, height and completeness of a picture, from its headers alone.

So that a picture that can never be shown is refused while the person is still there. Decodes nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO, Final

from aduan.complaints.evidence import iso_media, limits

_MOST_SEGMENTS: Final = 4096
# Pixels times scans of a progressive JPEG. A camera's file of 25 megapixels in ten scans is 250 million.
_MOST_SCANNED: Final = 400_000_000
_SIZES: Final = frozenset(set(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC})  # start-of-frame markers


@dataclass(frozen=True, slots=True)
class PictureFacts:
    """Width and height are 0 where the headers do not say."""

    width: int = 0
    height: int = 0
    truncated: bool = False
    scans: int = 1

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


def _jpeg(data: bytes) -> PictureFacts:
    """Inside the coded picture FF is always followed by 00, so that FF DA can only be a scan."""
    width = height = 0
    at = 2
    for _turn in range(_MOST_SEGMENTS):
        at = data.find(b"\xff", at)
        if at < 0 or at + 9 > len(data):
            break
        marker = data[at + 1]
        if marker in _SIZES:
            height, width = (
                int.from_bytes(data[at + 5 : at + 7], "big"),
                int.from_bytes(data[at + 7 : at + 9], "big"),
            )
            break
        if marker == 0xDA:
            break
        bare = marker in {0x00, 0x01, 0xFF} or 0xD0 <= marker <= 0xD8
        at += 1 if marker == 0xFF else 2 if bare else 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    at = max(at, 0)
    return PictureFacts(width, height, b"\xff\xd9" not in data[at:], data.count(b"\xff\xda", at))


def _png(data: bytes) -> PictureFacts:
    at, ended = 8, False
    while at + 8 <= len(data) and not ended:
        size, name = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        at += 12 + size
        ended = name == b"IEND"
    width, height = int.from_bytes(data[16:20], "big"), int.from_bytes(data[20:24], "big")
    return PictureFacts(width, height, not ended or at > len(data))


def _gif(data: bytes) -> PictureFacts:
    return PictureFacts(int.from_bytes(data[6:8], "little"), int.from_bytes(data[8:10], "little"))


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
    "jpeg": _jpeg, "png": _png, "gif": _gif, "webp": _webp,
}  # fmt: skip
