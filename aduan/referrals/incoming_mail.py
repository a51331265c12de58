"""Reading one mail as text: headers as they claim, the first plain text, names of attachments. Pure.

Nothing of a mail is opened, followed or believed. What is longer than 64 KB is cut.
"""

from __future__ import annotations

import email
import email.policy
import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from aduan.core.errors import Invalid

if TYPE_CHECKING:
    from email.message import EmailMessage

MAX_MAIL_TEXT: Final = 64 * 1024
MAX_RAW: Final = 10 * 1024 * 1024
_PARTS: Final = 50  # of a mail that are looked at
_NOT_SHOWN: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ud800-\udfff]"
)
_IDS: Final = re.compile(r"<([^<>\s]{1,250})>")


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
    """Raises Invalid for what is no mail or larger than 10 MB."""
    if len(raw) > MAX_RAW:
        raise Invalid("mail_too_large", "This mail is larger than 10 MB.")
    message = email.message_from_bytes(raw, policy=email.policy.default)
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


def _text(message: EmailMessage) -> tuple[str, bool]:
    for part in list(message.walk())[:_PARTS]:
        if part.get_content_type() == "text/plain" and part.get_content_disposition() != "attachment":
            payload = part.get_payload(decode=True)
            if not isinstance(payload, bytes):
                continue
            data, cut = payload[:MAX_MAIL_TEXT], len(payload) > MAX_MAIL_TEXT
            text = _decoded(data, part.get_content_charset() or "utf-8").replace("\r\n", "\n")
            text = _NOT_SHOWN.sub("", text)
            return text[:MAX_MAIL_TEXT], cut or len(text) > MAX_MAIL_TEXT
    return "", False


def _decoded(data: bytes, charset: str) -> str:
    try:
        return data.decode(charset, errors="replace")
    except LookupError:
        return data.decode("utf-8", errors="replace")


def _attachments(message: EmailMessage) -> tuple[str, ...]:
    names = []
    for part in list(message.walk())[:_PARTS]:
        if part.is_multipart() or (part.get_content_type() == "text/plain" and not part.get_filename()):
            continue
        name = _NOT_SHOWN.sub("", str(part.get_filename() or ""))[:100]
        names.append(f"{name or '–'} ({part.get_content_type()[:60]})")
    return tuple(names)


def _thread(message: EmailMessage) -> tuple[str, ...]:
    named = [
        *_IDS.findall(_header(message, "References", 4000)),
        *_IDS.findall(_header(message, "In-Reply-To", 300)),
    ]
    return tuple(f"<{one}>" for one in reversed(named[-20:]))


def _header(message: EmailMessage, name: str, limit: int) -> str:
    """As it stands there, without what could steer a screen; unreadable headers are empty."""
    try:
        value = " ".join(str(one) for one in message.get_all(name, []))
    except (ValueError, IndexError, AttributeError, TypeError, LookupError):  # a broken header, in many ways
        return ""
    return _NOT_SHOWN.sub("", " ".join(value.split()))[:limit]
