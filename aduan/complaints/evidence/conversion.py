"""What converting a file yields: plain values that leave the sandboxed process. Imports nothing."""

from __future__ import annotations

from dataclasses import dataclass, field


class Refused(Exception):
    """The file is not what it claims to be, or costs too much; the message is a stable code."""


@dataclass(frozen=True, slots=True)
class Part:
    """One page of a long picture or a PDF, one still of a video, or a video's sound track."""

    role: str  # page | still | sound
    data: bytes
    kind: str = "jpeg"  # the code of a file type
    width: int = 0
    height: int = 0
    second: float = 0.0  # of a still, from the start of the video


@dataclass(frozen=True, slots=True)
class Word:
    """One word that was read on a picture, in pixels of its page (from 0); `sure` is a percentage."""

    text: str
    page: int
    line: int
    left: int
    top: int
    width: int
    height: int
    sure: int


@dataclass(slots=True)
class Converted:
    """`note` is a stable code of what was left out, for the reviewer: see Evidence.Note."""

    clean: bytes = b""
    thumbnail: bytes = b""
    kind: str = ""  # of `clean`, where it is another than the file's
    width: int = 0
    height: int = 0
    hash: int = 0  # unsigned 64 bits, of the first picture
    mirrored: int = 0
    note: str = ""
    parts: list[Part] = field(default_factory=list)
    words: list[Word] = field(default_factory=list)  # only when a picture was read
