"""Reading one mail as text: headers as they claim, its words, names of attachments. Pure.

Nothing of a mail is opened, followed or believed. What is longer than 64 KB is cut. Mails come from
strangers: what would take a parser minutes, or more stack than there is, is refused before it is parsed.
"""

from __future__ import annotations

import email
import email.errors
import email.header
import email.policy
import hashlib
import re
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from aduan.core.errors import Invalid
from aduan.referrals import html_text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import Message

MAX_MAIL_TEXT: Final = 64 * 1024
MAX_RAW: Final = 10 * 1024 * 1024
_MAX_HTML: Final = 4 * MAX_MAIL_TEXT  # most of it is mark-up
_PARTS: Final = 50  # of a mail that are looked at
_MOST_NESTED: Final = 30
_MOST_BOUNDARIES: Final = 2_000
_MOST_LINES: Final = 200_000  # 10 MB of base64 have 140,000
_NESTING: Final = re.compile(rb"multipart/|message/", re.IGNORECASE)
_NOT_SHOWN: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ud800-\udfff]"
)
_IDS: Final = re.compile(r"<([^<>\s]{1,250})>")
_OWN_ID: Final = re.compile(rb"^Message-ID:\s{0,9}(<[^<>\s]{1,250}>)", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class IncomingMail:
    """A mail as it is stored. `thread` are the Message-IDs that it says it answers, newest first."""

    raw_sha256: str
    message_id: str
    sender: str
    authentication: str
    subject: str
    text: str
    cut: bool
    attachments: tuple[str, ...]
    thread: tuple[str, ...]


def read_mail(raw: bytes) -> IncomingMail:
    """Raises Invalid for what is no mail, larger than 10 MB, or built to keep its reader busy."""
    if len(raw) > MAX_RAW:
        raise Invalid("mail_too_large", "This mail is larger than 10 MB.")
    if _is_endless(raw):
        raise Invalid("mail_too_deep", "This mail has more parts or lines than any mail needs.")
    # Not the newer policy: it parses each address, for minutes where a header has thousands.
    message = email.message_from_bytes(raw, policy=email.policy.compat32)
    if not message.keys():
        raise Invalid("no_mail", "This is no mail: it has no headers.")
    text, cut = _text(message)
    return IncomingMail(
        raw_sha256=hashlib.sha256(raw).hexdigest(),
        message_id=_header(message, "Message-ID", 300),
        sender=_header(message, "From", 300),
        authentication=_header(message, "Authentication-Results", 1000),
        subject=_header(message, "Subject", 300),
        text=text,
        cut=cut,
        attachments=_attachments(message),
        thread=_thread(message),
    )


def _is_endless(raw: bytes) -> bool:
    return (
        len(_NESTING.findall(raw)) > _MOST_NESTED
        or raw.count(b"\n--") > _MOST_BOUNDARIES
        or raw.count(b"\n") + raw.count(b"\r") > 2 * _MOST_LINES
    )


def _parts(message: Message) -> list[Message]:
    """What the sender wrote or attached; a message that it encloses is one part."""
    return list(islice(_leaves(message), _PARTS))


def _leaves(message: Message) -> Iterator[Message]:
    if message.is_multipart() and message.get_content_maintype() == "multipart":
        inside: Any = message.get_payload()
        for part in inside:
            yield from _leaves(part)
    else:
        yield message


def _enclosed(message: Message) -> list[Message]:
    """Messages that it forwards or, as a mail server does, returns."""
    found: list[Message] = []
    for part in _parts(message):
        if part.is_multipart() and part.get_content_type() == "message/rfc822":
            inside: Any = part.get_payload()
            found += inside
    return found


def _text(message: Message) -> tuple[str, bool]:
    """Its plain text, else the words of its HTML, else those of a message that it only encloses."""
    for one in (message, *_enclosed(message)):
        for kind in ("text/plain", "text/html"):
            for part in _parts(one):
                payload: Any = part.get_payload(decode=True)
                shown = part.get_content_disposition() != "attachment" and isinstance(payload, bytes)
                if shown and part.get_content_type() == kind:
                    return _words(payload, part, is_html=kind == "text/html")
    return "", False


def _words(payload: bytes, part: Message, *, is_html: bool) -> tuple[str, bool]:
    most = _MAX_HTML if is_html else MAX_MAIL_TEXT
    text = _decoded(payload[:most], str(part.get_content_charset() or "utf-8"))
    text = html_text.text_of(text) if is_html else text.replace("\r\n", "\n")
    text = _NOT_SHOWN.sub("", text)
    return text[:MAX_MAIL_TEXT], len(payload) > most or len(text) > MAX_MAIL_TEXT


def _decoded(data: bytes, charset: str) -> str:
    try:
        return data.decode(charset, errors="replace")
    except (LookupError, ValueError):  # no such charset, or none that can be used so
        return data.decode("utf-8", errors="replace")


def _attachments(message: Message) -> tuple[str, ...]:
    names = []
    for part in _parts(message):
        name = _NOT_SHOWN.sub("", part.get_filename() or "")[:100]
        kind = _NOT_SHOWN.sub("", part.get_content_type())[:60]
        if name or kind != "text/plain":
            names.append(f"{name or '–'} ({kind})")
    return tuple(names)


def _thread(message: Message) -> tuple[str, ...]:
    """What it says it answers, newest first, and then what it returns or forwards."""
    named = [
        *_IDS.findall(_header(message, "References", 4000)),
        *_IDS.findall(_header(message, "In-Reply-To", 300)),
    ]
    returned = [_header(one, "Message-ID", 300) for one in _enclosed(message)]
    for part in _parts(message):
        if part.get_content_type() == "text/rfc822-headers":
            headers: Any = part.get_payload(decode=True)
            returned += [one.decode(errors="replace") for one in _OWN_ID.findall(headers[:MAX_MAIL_TEXT])]
    return (*(f"<{one}>" for one in reversed(named[-20:])), *returned[:5])


def _header(message: Message, name: str, limit: int) -> str:
    """As it stands there, decoded, without what could steer a screen."""
    values = [str(value) for key, value in message.raw_items() if key.lower() == name.lower()]
    value = " ".join(values)[: 4 * limit].encode(errors="surrogateescape").decode(errors="replace")
    try:
        pieces = email.header.decode_header(value)
    except (email.errors.HeaderParseError, ValueError):  # an encoded word that is none
        pieces = [(value, None)]
    said = "".join(
        piece if isinstance(piece, str) else _decoded(piece, charset or "raw_unicode_escape")
        for piece, charset in pieces
    )
    return _NOT_SHOWN.sub("", " ".join(said.split()))[:limit]
