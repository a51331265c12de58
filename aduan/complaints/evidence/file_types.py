"""The file types that count as evidence, recognised by content. Pure; opens no picture."""

from __future__ import annotations

import re
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, BinaryIO, Final

from aduan.complaints.evidence import iso_media, limits, texts

if TYPE_CHECKING:
    from collections.abc import Mapping

HEAD: Final = 4096  # bytes that recognise() wants to see
_NAME_LIMIT: Final = 120


@dataclass(frozen=True, slots=True)
class Kind:
    """A file type that we take."""

    code: str
    family: str  # a key of limits.LIMITS
    mime: str
    suffix: str

    @property
    def limit(self) -> int:
        return limits.LIMITS[self.family].size


JPEG: Final = Kind("jpeg", "image", "image/jpeg", ".jpg")
PNG: Final = Kind("png", "image", "image/png", ".png")
WEBP: Final = Kind("webp", "image", "image/webp", ".webp")
GIF: Final = Kind("gif", "image", "image/gif", ".gif")
HEIC: Final = Kind("heic", "image", "image/heic", ".heic")
AVIF: Final = Kind("avif", "image", "image/avif", ".avif")
MP3: Final = Kind("mp3", "sound", "audio/mpeg", ".mp3")
M4A: Final = Kind("m4a", "sound", "audio/mp4", ".m4a")
OGG: Final = Kind("ogg", "sound", "audio/ogg", ".ogg")
AMR: Final = Kind("amr", "sound", "audio/amr", ".amr")
WAV: Final = Kind("wav", "sound", "audio/wav", ".wav")
AAC: Final = Kind("aac", "sound", "audio/aac", ".aac")
MP4: Final = Kind("mp4", "video", "video/mp4", ".mp4")
MOV: Final = Kind("mov", "video", "video/quicktime", ".mov")
GP3: Final = Kind("3gp", "video", "video/3gpp", ".3gp")
WEBM: Final = Kind("webm", "video", "video/webm", ".webm")
PDF: Final = Kind("pdf", "pdf", "application/pdf", ".pdf")
CHAT: Final = Kind("txt", "text", "text/plain; charset=utf-8", ".txt")
VCARD: Final = Kind("vcf", "text", "text/plain; charset=utf-8", ".txt")
KINDS: Final = MappingProxyType(
    {
        kind.code: kind
        for kind in (
            JPEG, PNG, WEBP, GIF, HEIC, AVIF,
            MP3, M4A, OGG, AMR, WAV, AAC,
            MP4, MOV, GP3, WEBM, PDF, CHAT, VCARD,
        )
    }
)  # fmt: skip

_HEIC_BRANDS: Final = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})
_AVIF_BRANDS: Final = frozenset({b"avif", b"avis"})
# First boxes of a film without `ftyp`, as older QuickTime wrote it.
_QUICKTIME_BOXES: Final = frozenset({b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"})
_MOVIE_BRAND: Final = re.compile(
    rb"M4[ABPV] |mp4[12v]|mmp4|MP4 |iso[m0-9]|3g[2eghprs][0-9a-z]|qt  |dash"
    rb"|avc1|[hd]vc1|hev1|dby1|MSNV|f4v |XAVC"
)
_RECORDING_BRAND: Final = re.compile(rb"M4[ABP] ")
_PDF_WITHIN: Final = 1024  # bytes in which its header may stand, as readers have it
# The first line of an export: "12/05/26 14.03 - Sari: ..." or "[12/05/26, 14.03.22] Sari: ..."
_CHAT_LINE: Final = re.compile(
    r"^[\u200e\u200f\ufeff]{0,3}\[?\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4},?[ \u00a0\u202f]{1,2}"
    r"(?:pukul[ \u00a0\u202f]|at[ \u00a0\u202f])?\d{1,2}[.:]\d{2}",
    re.MULTILINE,
)


def recognise(head: bytes) -> Kind | None:
    """The kind that the first bytes claim. Whether the rest keeps the promise is found out in the sandbox.

    A recording and a video may begin alike (MP4): then the video is named, and identify() looks further.
    """
    if head[4:8] == b"ftyp":
        return _iso_kind(head)
    for magic, kind in _MAGIC.items():
        if head.startswith(magic):
            return kind
    if head[:4] == b"RIFF":
        return {b"WEBP": WEBP, b"WAVE": WAV}.get(head[8:12])
    if head.startswith(b"\x1a\x45\xdf\xa3"):
        return WEBM if b"webm" in head[:64] else None
    if head[:1] == b"\xff" and len(head) > 1 and head[1] & 0xF6 == 0xF0:
        return AAC
    if mp3_frame(head, 0):
        return MP3
    return _text_kind(head) or (PDF if b"%PDF-" in head[:_PDF_WITHIN] else None)


def identify(file: BinaryIO) -> Kind | None:
    """The kind of a whole file: like recognise(), and an MP4 without a picture track is a recording.

    A brand that we never heard of is a film or a recording when its tracks say so.
    """
    file.seek(0)
    head = file.read(HEAD)
    kind = recognise(head)
    unknown = kind is None and (head[4:8] == b"ftyp" or head[4:8] in _QUICKTIME_BOXES)
    if unknown or kind in {MP4, MOV, GP3}:
        handlers = iso_media.movie_facts(file).handlers
        if b"vide" in handlers:
            kind = kind or MP4
        elif b"soun" in handlers:
            kind = M4A
    file.seek(0)
    return kind


_MAGIC: Final[Mapping[bytes, Kind]] = MappingProxyType(
    {
        b"\xff\xd8\xff": JPEG,
        b"\x89PNG\r\n\x1a\n": PNG,
        b"GIF87a": GIF,
        b"GIF89a": GIF,
        b"#!AMR\n": AMR,
        b"#!AMR-WB\n": AMR,
        b"OggS": OGG,
        b"ID3": MP3,
        b"%PDF-": PDF,
    }
)


def _iso_kind(head: bytes) -> Kind | None:
    brand = head[8:12]
    brands = {head[start : start + 4] for start in range(8, min(int.from_bytes(head[:4], "big"), 256), 4)}
    if brand in _AVIF_BRANDS or (brand in {b"mif1", b"msf1"} and brands & _AVIF_BRANDS):
        return AVIF
    if brand in _HEIC_BRANDS:
        return HEIC
    if brand == b"qt  ":
        return MOV
    if _RECORDING_BRAND.match(brand):
        return M4A
    if brand.startswith(b"3g"):
        return GP3
    return MP4 if any(map(_MOVIE_BRAND.match, [brand, *brands])) else None


def _text_kind(head: bytes) -> Kind | None:
    """An export may begin with empty lines or a title; a card with empty lines."""
    text = texts.beginning(head)
    if text.lstrip()[:11].upper() == "BEGIN:VCARD":
        return VCARD
    return CHAT if _CHAT_LINE.search(text) else None


def mp3_frame(data: bytes, at: int) -> int:
    """The length of the MPEG layer III frame at a position, 0 when there is none."""
    if at + 4 > len(data) or data[at] != 0xFF or data[at + 1] & 0xE6 != 0xE2:
        return 0
    version, rate, frequency = data[at + 1] >> 3 & 3, data[at + 2] >> 4, data[at + 2] >> 2 & 3
    if version == 1 or rate in {0, 15} or frequency == 3:
        return 0
    first = version == 3
    kbits = (_KBITS_1 if first else _KBITS_2)[rate]
    hertz = (44100, 48000, 32000)[frequency] // {3: 1, 2: 2, 0: 4}[version]
    return (144 if first else 72) * kbits * 1000 // hertz + (data[at + 2] >> 1 & 1)


_KBITS_1: Final = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_KBITS_2: Final = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)


def clean_name(name: str) -> str:
    """A file name for showing back: no path, no control characters, at most 120 characters.

    Never used on disk.
    """
    base = re.split(r"[/\\]", name.replace("\x00", ""))[-1]
    kept = "".join(character for character in base if character.isprintable())
    kept = re.sub(r"[\"<>|:*?;]", "_", kept).strip(" .")
    if len(kept) > _NAME_LIMIT:
        stem, dot, suffix = kept.rpartition(".")
        kept = (
            (stem[: _NAME_LIMIT - len(suffix) - 1] + dot + suffix)
            if dot and len(suffix) < 8
            else kept[:_NAME_LIMIT]
        )
    return kept or "file"
