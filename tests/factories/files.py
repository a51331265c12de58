"""Good and hostile files, all made here: nothing is read from the disk."""

from __future__ import annotations

import io
import math
import random
import struct
import zlib
from array import array
from fractions import Fraction
from typing import Any

import av
import pillow_heif
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


def hollow_jpeg(body: bytes = b"<script>alert(1)</script>" * 50) -> bytes:
    """Whole by its headers, and of nine bits a colour, which no decoder of ours opens."""
    frame = b"\xff\xc0\x00\x0b\x09\x00\x10\x00\x10\x01\x01\x11\x00"
    return b"\xff\xd8" + frame + b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00" + body + b"\xff\xd9"


def gif(image: Image.Image | None = None) -> bytes:
    return _encoded(image or chat(), "GIF")


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


def mp3(*, seconds: float = 1, tag: bytes = b"", tail: bytes = b"") -> bytes:
    body = recording("mp3", "libmp3lame", seconds, options={"write_xing": "0", "id3v2_version": "0"})
    front = b""
    if tag:
        size = len(tag)
        front = b"ID3\x03\x00\x00" + bytes(size >> shift & 0x7F for shift in (21, 14, 7, 0)) + tag
    return front + body + tail


def wav(*, note: bytes = b"", tail: bytes = b"") -> bytes:
    form = b"fmt " + struct.pack("<IHHIIHH", 16, 1, 1, 8000, 8000, 1, 8)
    info = b"LIST" + struct.pack("<I", len(note)) + note + b"\x00" * (len(note) % 2) if note else b""
    body = form + info + b"data" + struct.pack("<I", 800) + b"\x80" * 800
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WAVE" + body + tail


def amr(*, tail: bytes = b"") -> bytes:
    return recording("amr", "libopencore_amrnb", 1, rate=8000) + tail


def aac(*, tail: bytes = b"") -> bytes:
    return recording("adts", "aac", 1) + tail


def ogg(*, comment: bytes = b"maker") -> bytes:
    return recording("ogg", "libopus", 1, title=comment.decode())


def m4a(*, note: bytes = b"note", tail: bytes = b"") -> bytes:
    return recording("ipod", "aac", 1, title=note.decode()) + tail


def recording(
    form: str,
    codec: str,
    seconds: float = 1,
    *,
    rate: int = 48000,
    title: str = "",
    options: dict[str, str] | None = None,
) -> bytes:
    """A tone, coded by FFmpeg's own encoder."""
    target = io.BytesIO()
    with av.open(target, "w", format=form, options=options or {}) as sink:
        if title:
            sink.metadata["title"] = title
        add_tone(sink, sink.add_stream(codec, rate=rate, layout="mono"), seconds)
    return target.getvalue()


def add_tone(sink: Any, stream: Any, seconds: float) -> None:
    rate = stream.rate
    resampler = av.AudioResampler(
        format=stream.codec_context.format.name,
        layout="mono",
        rate=rate,
        frame_size=stream.frame_size or 1024,
    )
    pitch = [int(9000 * math.sin(step / rate * 2 * math.pi * 440)) for step in range(rate)]
    for second in range(math.ceil(seconds)):
        length = int(min(1.0, seconds - second) * rate)
        frame = av.AudioFrame(format="s16", layout="mono", samples=length)
        frame.planes[0].update(array("h", pitch[:length]).tobytes().ljust(frame.planes[0].buffer_size, b"\0"))
        frame.sample_rate, frame.pts = rate, second * rate
        for piece in resampler.resample(frame):
            sink.mux(stream.encode(piece))
    for piece in resampler.resample(None):
        sink.mux(stream.encode(piece))
    sink.mux(stream.encode(None))


def video(
    seconds: float = 6,
    *,
    form: str = "mp4",
    codec: str = "libx264",
    sound: str = "aac",
    size: tuple[int, int] = (360, 640),
    rate: int = 10,
    key_every: int = 10,
    scene: float = 2,
    title: str = "",
) -> bytes:
    """A screen recording: another drawn chat every `scene` seconds, with a tone."""
    target = io.BytesIO()
    with av.open(target, "w", format=form) as sink:
        if title:
            sink.metadata["title"] = title
        stream: Any = sink.add_stream(codec, rate=rate)
        stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
        stream.codec_context.gop_size = key_every
        if codec == "libx264":
            stream.options = {"preset": "ultrafast"}
        tone: Any = (
            sink.add_stream(sound, rate=8000 if "amr" in sound else 48000, layout="mono") if sound else None
        )
        for number in range(int(seconds * rate)):
            if number % int(scene * rate) == 0:
                picture = chat(1 + int(number / rate / scene), width=size[0], height=size[1])
            frame = av.VideoFrame.from_image(picture)
            frame.pts, frame.time_base = number, Fraction(1, rate)
            sink.mux(stream.encode(frame))
        sink.mux(stream.encode(None))
        if tone:
            add_tone(sink, tone, seconds)
    return target.getvalue()


def heic(image: Image.Image | None = None, **options: object) -> bytes:
    pillow_heif.register_heif_opener()
    return _encoded(image or chat(), "HEIF", quality=60, **options)


def avif(image: Image.Image | None = None) -> bytes:
    return _encoded(image or chat(), "AVIF", quality=60, speed=10)


def mpo() -> bytes:
    """What phones with two lenses make: a JPEG with a second picture behind it."""
    return _encoded(chat(), "MPO", save_all=True, append_images=[chat(2, width=320, height=640)])


def moving(kind: str) -> bytes:
    frames = [chat(seed, width=200, height=400) for seed in range(3)]
    return _encoded(frames[0], kind, save_all=True, append_images=frames[1:], duration=200)


def pdf(pages: int = 2) -> bytes:
    sheets = [chat(seed, width=620, height=877) for seed in range(1, pages + 1)]
    return _encoded(sheets[0], "PDF", save_all=True, append_images=sheets[1:], title=CANARY.decode())


def progressive_bomb(side: int = 4900, scans: int = 600) -> bytes:
    """A small progressive JPEG whose every scan walks over all pixels again.

    The last scan of a real one, whose coefficients are all zero, is repeated.
    """
    whole = _encoded(Image.new("L", (side, side), 128), "JPEG", progressive=True, quality=50)
    at = whole.rindex(b"\xff\xda")
    return whole[:at] + whole[at:-2] * scans + whole[-2:]


CHAT_EXPORT = (
    "12/05/26 14.03 - Pesan dan panggilan dienkripsi secara end-to-end.\n"
    "12/05/26 14.04 - +62 812-0000-1111: Selamat, Anda menang undian \u202eRp 50 juta\n"
    "12/05/26 14.05 - Sari: <Media tidak disertakan>\n"
)
VCARD = (
    "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Admin Undian\r\nTEL:+6281200001111\r\n"
    "PHOTO;ENCODING=b:AAAA\r\n BBBB\r\nEND:VCARD\r\n"
)


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def _encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    target = io.BytesIO()
    image.save(target, kind, **options)
    return target.getvalue()
