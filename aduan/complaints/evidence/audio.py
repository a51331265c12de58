"""Recordings without their metadata.

Checks the structure of a sound file and drops or blanks what is no sound.

Runs in the sandbox only. No decoder: a recording is handed out as a download, never played inline. Imports
nothing beyond the standard library and evidence.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from aduan.complaints.evidence import file_types


class NotAudio(Exception):
    """The file does not have the structure that its first bytes claim."""


def strip_metadata(data: bytes, kind: str) -> bytes:
    """The recording without tags, pictures, comments and tails. Raises NotAudio."""
    return {"mp3": _mp3, "wav": _wav, "amr": _amr, "ogg": _ogg, "m4a": _m4a}[kind](data)


def _mp3(data: bytes) -> bytes:
    """Only whole MPEG layer III frames that follow each other.

    ID3, APE and anything glued on stays behind.
    """
    at = 0
    if data[:3] == b"ID3" and len(data) > 10:
        at = 10 + sum((byte & 0x7F) << shift for byte, shift in zip(data[6:10], (21, 14, 7, 0), strict=True))
    frames = 0
    start = at
    while length := file_types.mp3_frame(data, at):
        if at + length > len(data):
            break
        at += length
        frames += 1
    if frames < 4:
        raise NotAudio("no MPEG frames")
    return data[start:at]


def _wav(data: bytes) -> bytes:
    kept = b""
    at = 12
    while at + 8 <= len(data):
        name, size = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8], "little")
        if name in {b"fmt ", b"data"}:
            body = data[at + 8 : at + 8 + size]
            kept += name + len(body).to_bytes(4, "little") + body + b"\x00" * (len(body) % 2)
        at += 8 + size + size % 2
    if not kept.startswith(b"fmt ") or b"data" not in kept:
        raise NotAudio("no fmt and data chunks")
    return b"RIFF" + (len(kept) + 4).to_bytes(4, "little") + b"WAVE" + kept


_AMR_FRAMES: Final = (13, 14, 16, 18, 20, 21, 27, 32, 6, 1, 1, 1, 1, 1, 1, 1)
_AMR_WB_FRAMES: Final = (18, 24, 33, 37, 41, 47, 51, 59, 61, 6, 1, 1, 1, 1, 1, 1)


def _amr(data: bytes) -> bytes:
    magic, sizes = (
        (b"#!AMR\n", _AMR_FRAMES) if data.startswith(b"#!AMR\n") else (b"#!AMR-WB\n", _AMR_WB_FRAMES)
    )
    at = len(magic)
    frames = 0
    while at < len(data) and data[at] & 0x83 == 0 and at + sizes[data[at] >> 3 & 15] <= len(data):
        at += sizes[data[at] >> 3 & 15]
        frames += 1
    if frames < 4:
        raise NotAudio("no AMR frames")
    return data[:at]


def _ogg(data: bytes) -> bytes:
    """Blanks the comment packet in place (same length, new checksum), so that no offset moves."""
    pages = list(_ogg_pages(data))
    if len(pages) < 3 or not any(
        mark in pages[0][28:60] for mark in (b"OpusHead", b"\x01vorbis", b"Speex   ")
    ):
        raise NotAudio("no Opus, Vorbis or Speex stream")
    opus = b"OpusHead" in pages[0][28:60]
    if opus or b"\x01vorbis" in pages[0][28:60]:
        pages[1] = _blank_comment(pages[1], b"OpusTags" if opus else b"\x03vorbis", tail=not opus)
    return b"".join(pages)


def _ogg_pages(data: bytes) -> Iterator[bytes]:
    at = 0
    while data[at : at + 4] == b"OggS" and at + 27 <= len(data):
        table = data[at + 27 : at + 27 + data[at + 26]]
        end = at + 27 + len(table) + sum(table)
        if end > len(data):
            raise NotAudio("cut page")
        page = data[at:end]
        if _ogg_checksum(page) != int.from_bytes(page[22:26], "little"):
            raise NotAudio("wrong page checksum")
        yield page
        at = end


def _blank_comment(page: bytes, mark: bytes, *, tail: bool) -> bytes:
    """The packet becomes one vendor string of spaces with no comments.

    A packet over several pages is refused.
    """
    table = page[27 : 27 + page[26]]
    first = 27 + len(table)
    length = 0
    for size in table:
        length += size
        if size < 255:
            break
    else:
        raise NotAudio("comments larger than a page")
    if page[first : first + len(mark)] != mark or length < len(mark) + 8 + tail:
        raise NotAudio("no comment packet")
    vendor = length - len(mark) - 8 - tail
    packet = mark + vendor.to_bytes(4, "little") + b" " * vendor + bytes(4) + b"\x01" * tail
    page = page[:first] + packet + page[first + length :]
    return page[:22] + _ogg_checksum(page).to_bytes(4, "little") + page[26:]


def _ogg_checksum(page: bytes) -> int:
    """CRC-32 of the Ogg container.

    Polynomial 04C11DB7, not reflected, over the page with its checksum zeroed.
    """
    table = _ogg_table()
    value = 0
    for byte in page[:22] + bytes(4) + page[26:]:
        value = (value << 8 & 0xFFFF_FFFF) ^ table[value >> 24 ^ byte]
    return value


_TABLE: list[int] = []


def _ogg_table() -> list[int]:
    if not _TABLE:
        for index in range(256):
            value = index << 24
            for _step in range(8):
                value = (value << 1 ^ (0x04C11DB7 if value & 0x8000_0000 else 0)) & 0xFFFF_FFFF
            _TABLE.append(value)
    return _TABLE


_INSIDE: Final = frozenset({b"moov", b"trak", b"mdia", b"minf", b"stbl"})
_METADATA: Final = frozenset({b"udta", b"meta", b"uuid", b"free", b"skip", b"wide"})
_KNOWN: Final = frozenset({b"ftyp", b"moov", b"mdat", b"moof", b"sidx", b"styp", b"mfra"}) | _METADATA


def _m4a(data: bytes) -> bytes:
    """Blanks user data in place (names become `free`, bytes zero).

    Refuses moving pictures and unknown boxes.
    """
    kept = bytearray(data)
    handlers: set[bytes] = set()
    end = _walk_boxes(kept, 0, len(kept), handlers, depth=0)
    if b"vide" in handlers:
        raise NotAudio("a video, not a recording")
    if b"soun" not in handlers:
        raise NotAudio("no sound track")
    return bytes(kept[:end])


def _walk_boxes(data: bytearray, at: int, end: int, handlers: set[bytes], *, depth: int) -> int:
    while at + 8 <= end:
        size, name = int.from_bytes(data[at : at + 4], "big"), bytes(data[at + 4 : at + 8])
        header = 8
        if size == 1:
            size, header = int.from_bytes(data[at + 8 : at + 16], "big"), 16
        elif size == 0:
            size = end - at
        if depth == 0 and name not in _KNOWN:
            break
        if size < header or at + size > end:
            raise NotAudio("a box that does not fit")
        _treat_box(data, at, size, header, name, handlers, depth)
        at += size
    return at


def _treat_box(
    data: bytearray, at: int, size: int, header: int, name: bytes, handlers: set[bytes], depth: int
) -> None:
    if name in _METADATA:
        data[at + 4 : at + 8] = b"free"
        data[at + header : at + size] = bytes(size - header)
    elif name == b"hdlr" and size >= header + 12:
        handlers.add(bytes(data[at + header + 8 : at + header + 12]))
        data[at + header + 24 : at + size] = bytes(max(size - header - 24, 0))
    elif name in _INSIDE and depth < 8:
        _walk_boxes(data, at + header, at + size, handlers, depth=depth + 1)
