"""What a file must be to count as evidence: its type by content, its size, how many.

Pure; opens no picture.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _

from aduan.core.errors import Invalid

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from aduan.complaints.types import Upload

MEBIBYTE: Final = 1024 * 1024
MAX_FILES: Final = 5
MAX_IMAGE: Final = 5 * MEBIBYTE
MAX_SOUND: Final = 10 * MEBIBYTE
MAX_PIXELS: Final = 25_000_000
HEAD: Final = 4096  # bytes that recognise() wants to see
_NAME_LIMIT: Final = 120


@dataclass(frozen=True, slots=True)
class Kind:
    """A file type that we take."""

    code: str
    family: str  # image | sound
    mime: str
    suffix: str

    @property
    def limit(self) -> int:
        return MAX_IMAGE if self.family == "image" else MAX_SOUND


JPEG: Final = Kind("jpeg", "image", "image/jpeg", ".jpg")
PNG: Final = Kind("png", "image", "image/png", ".png")
WEBP: Final = Kind("webp", "image", "image/webp", ".webp")
MP3: Final = Kind("mp3", "sound", "audio/mpeg", ".mp3")
M4A: Final = Kind("m4a", "sound", "audio/mp4", ".m4a")
OGG: Final = Kind("ogg", "sound", "audio/ogg", ".ogg")
AMR: Final = Kind("amr", "sound", "audio/amr", ".amr")
WAV: Final = Kind("wav", "sound", "audio/wav", ".wav")
KINDS: Final = {kind.code: kind for kind in (JPEG, PNG, WEBP, MP3, M4A, OGG, AMR, WAV)}

_SOUND_BRANDS: Final = frozenset(
    {
        b"M4A ",
        b"M4B ",
        b"mp41",
        b"mp42",
        b"isom",
        b"iso2",
        b"iso5",
        b"iso6",
        b"dash",
        b"3gp4",
        b"3gp5",
        b"3gp6",
    }
)
_PHOTO_BRANDS: Final = frozenset({b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"avif"})


def recognise(head: bytes) -> Kind | None:
    """The kind that the first bytes claim. Whether the rest keeps the promise is found out in the sandbox."""
    if head.startswith(b"\xff\xd8\xff"):
        return JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if head[:4] == b"RIFF":
        return {b"WEBP": WEBP, b"WAVE": WAV}.get(head[8:12])
    if head[4:8] == b"ftyp":
        return M4A if head[8:12] in _SOUND_BRANDS else None
    if head.startswith((b"#!AMR\n", b"#!AMR-WB\n")):
        return AMR
    if head.startswith(b"OggS"):
        return OGG
    return MP3 if head.startswith(b"ID3") or mp3_frame(head, 0) else None


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


def check(uploads: Sequence[Upload]) -> list[Kind]:
    """The kind of each file. Raises Invalid in words that tell the person what to do instead."""
    if len(uploads) > MAX_FILES:
        raise Invalid(
            "too_many_files",
            _("At most %(limit)s files fit into one complaint. Choose the strongest ones.")
            % {"limit": MAX_FILES},
            field="evidence",
            limit=MAX_FILES,
        )
    return [_check_one(upload) for upload in uploads]


def _check_one(upload: Upload) -> Kind:
    upload.file.seek(0)
    head = upload.file.read(HEAD)
    upload.file.seek(0)
    shown = clean_name(upload.name)
    if not head or upload.size == 0:
        raise _refusal(
            "file_empty", _("“%(name)s” is empty. Please choose it again.") % {"name": shown}, shown
        )
    kind = recognise(head)
    if kind is None:
        raise _refusal("file_type", _advice(head, shown), shown)
    if upload.size > kind.limit:
        message = _(
            "“%(name)s” is too big: pictures may have 5 MB, recordings 10 MB. A screenshot of it is enough."
        )
        raise _refusal("file_too_big", message % {"name": shown}, shown)
    return kind


def _advice(head: bytes, shown: str) -> StrOrPromise:
    if head[4:8] == b"ftyp" and head[8:12] in _PHOTO_BRANDS:
        return _(
            "“%(name)s” is a HEIC or AVIF photo, which we cannot read. Take a screenshot of it and send that."
        ) % {"name": shown}
    if head.startswith(b"%PDF"):
        return _("“%(name)s” is a PDF. Take a screenshot of the page and send that.") % {"name": shown}
    if head.startswith(b"PK\x03\x04"):
        return _(
            "“%(name)s” is an archive, document or app. Do not open it again; "
            "send a screenshot of the message."
        ) % {"name": shown}
    return _(
        "“%(name)s” is neither a picture (JPEG, PNG, WebP) nor a recording (MP3, M4A, OGG, AMR, WAV)."
    ) % {"name": shown}


def _refusal(code: str, message: StrOrPromise, name: str) -> Invalid:
    return Invalid(code, message, field="evidence", name=name)


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
