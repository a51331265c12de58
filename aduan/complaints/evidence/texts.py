"""Exported chats and address cards: kept as plain text, with nothing in it that a screen would obey."""

from __future__ import annotations

import re
from typing import Final

from aduan.complaints.evidence.conversion import Converted, Refused

# Controls but tab and line feed; and the marks that turn the direction of writing and so hide text.
_UNSEEN: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
# A picture or sound inside a card; its lines are folded by a leading space (RFC 6350, 3.2).
_EMBEDDED: Final = re.compile(r"^(?:PHOTO|LOGO|SOUND|KEY)[;:].*(?:\n[ \t].*)*\n?", re.MULTILINE)


def clean_text(data: bytes, kind: str) -> Converted:
    """UTF-8 with line feeds. Raises Refused when it is no text."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Refused("not_a_text") from error
    text = _UNSEEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    if kind == "vcf":
        text = _EMBEDDED.sub("", text)
    return Converted(clean=text.encode())
