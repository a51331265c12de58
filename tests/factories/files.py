"""Good and hostile files, all made here: nothing is read from the disk."""

from __future__ import annotations

import io
import random
import struct
import zlib

from PIL import Image, ImageDraw, PngImagePlugin

from aduan.complaints.types import Upload

CANARY = b"CANARY-6.2088S-106.8456E"


def upload(data: bytes, name: str = "bukti.jpg") -> Upload:
    return Upload(name=name, size=len(data), file=io.BytesIO(data))


def chat(seed: int = 1, *, width: int = 720, height: int = 1480) -> Image.Image:
    """A drawn chat screenshot; another seed is another chat."""
    dice = random.Random(seed)
    image = Image.new("RGB", (width, height), (230, 221, 212))
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, width, 110), fill=(7, 94, 84))
    top = 130
    while top < height - 160:
        tall, wide, left = dice.randint(70, 260), dice.randint(width // 3, width - 120), dice.random() < 0.6
        start = 20 if left else width - 20 - wide
        fill = (255, 255, 255) if left else (190, 235, 160)
        draw.rounded_rectangle((start, top, start + wide, top + tall), 16, fill=fill)
        for line in range(tall // 28):
            draw.text((start + 14, top + 10 + 26 * line), "x" * dice.randint(10, 50), fill=(20, 20, 20))
        top += tall + dice.randint(14, 60)
    return image


def jpeg(image: Image.Image | None = None, *, quality: int = 90, **options: object) -> bytes:
    return _encoded(image or chat(), "JPEG", quality=quality, **options)


def png(image: Image.Image | None = None, **options: object) -> bytes:
    return _encoded(image or chat(), "PNG", **options)


def webp(image: Image.Image | None = None, **options: object) -> bytes:
    return _encoded(image or chat(), "WEBP", **options)


def telling_jpeg() -> bytes:
    """A phone photo with all that a phone adds: GPS, maker, serial number, XMP, a profile, a comment."""
    image = chat()
    exif = Image.Exif()
    exif[0x010F] = CANARY.decode()  # maker
    exif[0x0112] = 6  # turned
    gps = exif.get_ifd(0x8825)
    gps[1], gps[2] = "S", (6.0, 12.0, 31.68)
    gps[29] = CANARY.decode()
    details = exif.get_ifd(0x8769)
    details[0xA431] = CANARY.decode()  # serial number
    return _encoded(
        image, "JPEG", exif=exif, icc_profile=b"ICC" + CANARY, comment=CANARY, xmp=b"<x>" + CANARY + b"</x>"
    )


def telling_png() -> bytes:
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Author", CANARY.decode())
    notes.add_itxt("XML:com.adobe.xmp", CANARY.decode())
    return png(pnginfo=notes)


def flood(side: int) -> bytes:
    """A PNG of side x side pixels that weighs next to nothing."""
    squeeze = zlib.compressobj(9)
    row = bytes(side // 8 + 1)
    body = b"".join(squeeze.compress(row) for _row in range(side)) + squeeze.flush()
    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", body) + _chunk(b"IEND", b"")


def text_bomb() -> bytes:
    """A PNG whose compressed text unfolds to a quarter of a gigabyte."""
    squeeze = zlib.compressobj(9)
    body = b"".join(squeeze.compress(bytes(1 << 20)) for _turn in range(256)) + squeeze.flush()
    whole = png(chat(width=400, height=400))
    return whole[:33] + _chunk(b"zTXt", b"k\x00\x00" + body) + whole[33:]


def film(frames: int) -> bytes:
    pictures = [Image.new("RGB", (64, 64), (turn % 256, 0, 0)) for turn in range(frames)]
    return _encoded(pictures[0], "WEBP", save_all=True, append_images=pictures[1:])


def mp3(*, frames: int = 20, tag: bytes = b"", tail: bytes = b"") -> bytes:
    """Frames of 128 kbit/s at 44.1 kHz, silent."""
    frame = b"\xff\xfb\x90\x00" + bytes(417 - 4)
    front = b""
    if tag:
        size = len(tag)
        front = b"ID3\x03\x00\x00" + bytes(size >> shift & 0x7F for shift in (21, 14, 7, 0)) + tag
    return front + frame * frames + tail


def wav(*, note: bytes = b"", tail: bytes = b"") -> bytes:
    form = b"fmt " + struct.pack("<IHHIIHH", 16, 1, 1, 8000, 8000, 1, 8)
    info = b"LIST" + struct.pack("<I", len(note)) + note + b"\x00" * (len(note) % 2) if note else b""
    body = form + info + b"data" + struct.pack("<I", 800) + b"\x80" * 800
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WAVE" + body + tail


def amr(*, frames: int = 50, tail: bytes = b"") -> bytes:
    return b"#!AMR\n" + (b"\x3c" + bytes(31)) * frames + tail


def ogg(*, comment: bytes = b"maker") -> bytes:
    from aduan.complaints.evidence.audio import _ogg_checksum

    def page(kind: int, number: int, packet: bytes) -> bytes:
        table = bytes([255] * (len(packet) // 255) + [len(packet) % 255])
        head = b"OggS\x00" + bytes([kind]) + bytes(8) + b"\x01\x00\x00\x00" + struct.pack("<I", number)
        whole = head + bytes(4) + bytes([len(table)]) + table + packet
        return whole[:22] + struct.pack("<I", _ogg_checksum(whole)) + whole[26:]

    tags = b"OpusTags" + struct.pack("<I", len(comment)) + comment + struct.pack("<I", 1)
    tags += struct.pack("<I", len(comment)) + comment
    head = b"OpusHead\x01\x01\x38\x01\x80\xbb\x00\x00\x00\x00\x00"
    return page(2, 0, head) + page(0, 1, tags) + page(4, 2, bytes(100))


def m4a(
    *, brand: bytes = b"M4A ", handler: bytes = b"soun", note: bytes = b"note", tail: bytes = b""
) -> bytes:
    def box(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body) + 8) + name + body

    hdlr = box(b"hdlr", bytes(8) + handler + bytes(12) + note + b"\x00")
    moov = box(b"moov", box(b"trak", box(b"mdia", hdlr)) + box(b"udta", box(b"meta", note)))
    return box(b"ftyp", b"M4A " + bytes(4)) + moov + box(b"mdat", bytes(200)) + tail


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def _encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    target = io.BytesIO()
    image.save(target, kind, **options)
    return target.getvalue()
