"""Exported chats and address cards: kept as plain text, with nothing in it that a screen would obey."""

from __future__ import annotations

import codecs
import re
from typing import Final

from aduan.complaints.evidence.conversion import Converted, Refused

# Controls but tab and line feed; and the marks that turn the direction of writing and so hide text.
_UNSEEN: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
# A picture or sound inside a card; its lines are folded by a leading space (RFC 6350, 3.2).
_EMBEDDED: Final = re.compile(r"^(?:PHOTO|LOGO|SOUND|KEY)[;:].*(?:\n[ \t].*)*\n?", re.MULTILINE)
_ENCODINGS: Final = ("utf-8-sig", "utf-16", "cp1252", "latin-1")
for _encoding in _ENCODINGS:
    codecs.lookup(_encoding)  # Python reads each from a file on first use, which the sandbox forbids
_BINARY: Final = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f]")  # what no text of a chat has in it


def decoded(data: bytes) -> str | None:
    """UTF-8, UTF-16 with its mark, or what Windows wrote before; None when it is no text."""
    for encoding in (_encoding_of(data), "cp1252", "latin-1"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return text if encoding.startswith("utf") or not _BINARY.search(text) else None
    return None


def beginning(head: bytes) -> str:
    """The first characters of a file that may be a text; a character that is cut at the end is left out."""
    return head.decode(_encoding_of(head), "ignore").lstrip("\ufeff")


def _encoding_of(data: bytes) -> str:
    return "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"


def clean_text(data: bytes, kind: str) -> Converted:
    """UTF-8 with line feeds. Raises Refused when it is no text."""
    text = decoded(data)
    if text is None:
        raise Refused("not_a_text")
    text = _UNSEEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    if kind == "vcf":
        text = _EMBEDDED.sub("", text)
    return Converted(clean=text.encode())
