"""Fingerprints of texts and pictures: equal texts, nearly equal texts, nearly equal pictures. Pure.

Texts: lower case, digits and links blanked, then (a) one digest for "copied word for word", (b) MinHash
bands over five-character shingles, made with one hash per shingle (one-permutation hashing) so that intake
pays 0.2 ms, kept as an integer array for a core GIN index. Pictures: 64-bit difference hash, also of the
mirror image.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
import zlib
from typing import Final

# A host begins where no other does, and its labels take back nothing: linear.
_LINK: Final = re.compile(
    r"(?:https?://|www\.|wa\.me/|t\.me/)\S+"
    r"|(?<![\w.-])[\w-]++(?:\.[\w-]++)*\.(?:com|net|id|xyz|top|info|cc|ly)\S*"
)
_DIGITS: Final = re.compile(r"\d[\d.,\-\s]*\d|\d")
_REST: Final = re.compile(r"[^\w#@]+")
_SHINGLE: Final = 5
_BINS: Final = 32
_ROWS: Final = 2  # bins per band: 16 bands of two, half of them agree at a similarity near 0.25, 90 % at 0.4
_NONE: Final = 0x1_0000_0000  # above every hash
_SHORTEST: Final = 40  # characters; shorter texts ("halo", "p") say nothing about a common author
_LONGEST: Final = 4_000  # characters that are compared, after a few have become many ("\u3316" is seven)
SAME_PICTURE: Final = 10  # bits of 64 that may differ


def normalise(text: str) -> str:
    """The text without what scammers vary: capitals, punctuation, accents, numbers, links."""
    text = text[:_LONGEST].casefold()
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text)[: 2 * _LONGEST]
        text = "".join(character for character in text if not unicodedata.combining(character))[:_LONGEST]
    text = _DIGITS.sub(" # ", _LINK.sub(" @ ", text))
    return _REST.sub(" ", text).strip()[:_LONGEST]


def digest(text: str) -> bytes | None:
    """Equal for texts that differ only in what normalise() removes; None when too short to mean anything."""
    plain = normalise(text)
    return hashlib.sha256(plain.encode()).digest()[:16] if len(plain) >= _SHORTEST else None


def bands(text: str) -> list[int]:
    """16 signed 32-bit numbers; two texts that share one are candidates. Empty when too short."""
    plain = normalise(text)
    if len(plain) < _SHORTEST:
        return []
    data = plain.encode()
    least = [_NONE] * _BINS
    for shingle in {data[start : start + _SHINGLE] for start in range(len(data) - _SHINGLE + 1)}:
        value = _mix(zlib.crc32(shingle))
        if value < least[value % _BINS]:
            least[value % _BINS] = value
    filled = _lend(least)
    return [
        _signed(zlib.crc32(repr((band, filled[band * _ROWS : (band + 1) * _ROWS])).encode()))
        for band in range(_BINS // _ROWS)
    ]


def _mix(value: int) -> int:
    """CRC32 is linear: spread it before its low bits choose a bin."""
    value = (value ^ (value >> 16)) * 0x7FEB352D & 0xFFFF_FFFF
    value = (value ^ (value >> 15)) * 0x846CA68B & 0xFFFF_FFFF
    return value ^ (value >> 16)


def _lend(least: list[int]) -> list[int]:
    """An empty bin borrows from the next full one to its right, as both texts then borrow alike."""
    lent = [0] * _BINS
    distance, value = 0, 0
    # Twice around from the right: in the second round every bin has a full one behind it, or is one.
    for slot in [*reversed(range(_BINS)), *reversed(range(_BINS))]:
        if least[slot] != _NONE:
            distance, value = 0, least[slot]
        lent[slot] = value + distance * 0x9E3779B1 & 0xFFFF_FFFF
        distance += 1
    return lent


def _signed(value: int) -> int:
    return value - 0x1_0000_0000 if value >= 0x8000_0000 else value
