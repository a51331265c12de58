"""The mailbox to which platforms answer: what is new there is stored as text, each mail once."""

from __future__ import annotations

import imaplib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.utils import translation

from aduan import environment
from aduan.core.errors import DomainError
from aduan.referrals.incoming_mail import MAX_RAW
from aduan.referrals.services import store_mail

if TYPE_CHECKING:
    import datetime as dt

TIMEOUT_SECONDS: Final = 30
MOST_AT_ONCE: Final = 200


class MailboxError(Exception):
    """The mailbox cannot be read; the text says why and holds no password."""


@dataclass(frozen=True, slots=True)
class ReadMail:
    """What became of unseen mail: how many were stored, were there before, and why others were not stored."""

    stored: int
    repeated: int
    refused: tuple[str, ...]


def read_mailbox(*, at: dt.datetime) -> ReadMail:
    """Store what is unseen in the folder of ADUAN_IMAP_URL, at most 200 mails. Raises MailboxError.

    A mail is marked as seen once it is stored or refused, so that what a fault cuts short is read again.
    """
    stored, repeated, refused = 0, 0, []
    with _folder() as box:
        _status, found = box.uid("SEARCH", "UNSEEN")
        for uid in (found[0] or b"").split()[:MOST_AT_ONCE]:
            name = uid.decode()
            _status, parts = box.uid("FETCH", name, f"(BODY.PEEK[]<0.{MAX_RAW + 1}>)")
            raw = next((part[1] for part in parts if isinstance(part, tuple)), b"")
            try:
                new = store_mail(raw, at=at) is not None
            except DomainError as refusal:
                with translation.override("en"):
                    refused.append(f"mail {name}: {refusal.message}")
            else:
                stored, repeated = stored + new, repeated + (not new)
            box.uid("STORE", name, "+FLAGS", r"(\Seen)")
    return ReadMail(stored, repeated, tuple(refused))


@contextmanager
def _folder() -> Iterator[imaplib.IMAP4]:
    """The mailbox with its folder opened; encrypted unless it is on this machine."""
    where = urlsplit(settings.IMAP_URL)
    kinds = {"imaps": imaplib.IMAP4_SSL, "imap": imaplib.IMAP4}
    host = where.hostname or ""
    in_the_open = where.scheme == "imap" and not environment.is_loopback(host)
    if where.scheme not in kinds or not host or in_the_open:
        raise MailboxError("ADUAN_IMAP_URL must begin with imaps:// or, on this machine only, imap://.")
    port = where.port or (993 if where.scheme == "imaps" else 143)
    folder = unquote(where.path.strip("/")) or "INBOX"
    try:
        box = kinds[where.scheme](host, port, timeout=TIMEOUT_SECONDS)
        try:
            box.login(unquote(where.username or ""), unquote(where.password or ""))
            status, _said = box.select(f'"{folder}"')
            if status != "OK":
                raise MailboxError(f"The mailbox has no folder {folder}.")
            yield box
        finally:
            for end in (box.logout, box.shutdown):  # a lost line cannot be logged out from
                with suppress(imaplib.IMAP4.error, OSError):
                    end()
    except imaplib.IMAP4.error as error:
        raise MailboxError(f"The mailbox at {host} refused: {_words(error)}") from error
    except OSError as error:
        raise MailboxError(f"The mailbox at {host} cannot be reached: {_words(error)}") from error


def _words(error: Exception) -> str:
    """What the server said, on one line."""
    said = error.args[-1] if error.args else error
    return " ".join((said.decode(errors="replace") if isinstance(said, bytes) else str(said)).split())[:200]
