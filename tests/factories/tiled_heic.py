"""A HEIC as an iPhone makes it: tiles of 512 × 512 pixels and a `grid` item that puts them together.

`pillow_heif` writes one picture as one item only; the tiles are its work, the boxes around them are ours.
ISO/IEC 23008-12, 6.6.2.3.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Final

from PIL import Image

from tests.factories import files

TILE: Final = 512


def tiled_heic(image: Image.Image) -> bytes:
    """The picture in tiles, those at the right and lower edge filled up, as phones do."""
    columns, rows = -(-image.width // TILE), -(-image.height // TILE)
    sheet = Image.new("RGB", (columns * TILE, rows * TILE))
    sheet.paste(image)
    singles = [files.heic(sheet.crop(box)) for box in _boxes_of(columns, rows)]
    tiles = [_coded(single) for single in singles]
    grid = struct.pack(">BBBBHH", 0, 0, rows - 1, columns - 1, image.width, image.height)
    return _file(_property(singles[0], b"hvcC"), tiles, grid, image.size)


def _boxes_of(columns: int, rows: int) -> Iterator[tuple[int, int, int, int]]:
    for row in range(rows):
        for column in range(columns):
            left, top = column * TILE, row * TILE
            yield left, top, left + TILE, top + TILE


def _property(single: bytes, name: bytes) -> bytes:
    at = single.index(name) - 4
    return single[at : at + int.from_bytes(single[at : at + 4], "big")]


def _coded(single: bytes) -> bytes:
    """The coded picture: what `mdat` holds of a file with one item."""
    at = single.index(b"mdat")
    return single[at + 4 : at - 4 + int.from_bytes(single[at - 4 : at], "big")]


def _box(name: bytes, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return struct.pack(">I", len(body) + 8) + name + body


def _full(name: bytes, *parts: bytes, version: int = 0, flags: int = 0) -> bytes:
    return _box(name, struct.pack(">I", version << 24 | flags), *parts)


def _file(hvcc: bytes, tiles: list[bytes], grid: bytes, size: tuple[int, int]) -> bytes:
    ftyp = _box(b"ftyp", b"heic\0\0\0\0mif1heic")
    meta = _meta(hvcc, tiles, grid, size, first=0)
    first = len(ftyp) + len(meta) + 8
    meta = _meta(hvcc, tiles, grid, size, first=first)
    return ftyp + meta + _box(b"mdat", *tiles, grid)


def _meta(hvcc: bytes, tiles: list[bytes], grid: bytes, size: tuple[int, int], *, first: int) -> bytes:
    """Items 1 to n are tiles, hidden; the last is the grid, and the one that is shown."""
    last = len(tiles) + 1
    entries = [
        _full(b"infe", struct.pack(">HH", n, 0), b"hvc1\0", version=2, flags=1) for n in range(1, last)
    ]
    entries.append(_full(b"infe", struct.pack(">HH", last, 0), b"grid\0", version=2))
    places = b""
    for number, data in enumerate([*tiles, grid], start=1):
        places += struct.pack(">HHHII", number, 0, 1, first, len(data))
        first += len(data)
    properties = _box(b"ipco", hvcc, _ispe(TILE, TILE), _ispe(*size))
    used = b"".join(struct.pack(">HBBB", n, 2, 0x81, 2) for n in range(1, last))
    used += struct.pack(">HBB", last, 1, 3)
    made_of = _box(b"dimg", struct.pack(f">HH{len(tiles)}H", last, len(tiles), *range(1, last)))
    return _full(
        b"meta",
        _full(b"hdlr", b"\0\0\0\0pict", bytes(13)),
        _full(b"pitm", struct.pack(">H", last)),
        _full(b"iloc", b"\x44\x00", struct.pack(">H", last), places),
        _full(b"iinf", struct.pack(">H", last), *entries),
        _full(b"iref", made_of),
        _box(b"iprp", properties, _full(b"ipma", struct.pack(">I", last), used)),
    )


def _ispe(width: int, height: int) -> bytes:
    return _full(b"ispe", struct.pack(">II", width, height))
