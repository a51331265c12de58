"""Reads replies of platforms: one mail from a pipe, or what is new in an IMAP mailbox."""

from __future__ import annotations

import imaplib
import sys
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone, translation

from aduan.core.errors import DomainError
from aduan.referrals.incoming_mail import MAX_RAW
from aduan.referrals.services import store_mail
from portal.management.refusals import english_refusals

TIMEOUT_SECONDS = 30
MOST_AT_ONCE = 200


class Command(BaseCommand):
    help = (
        "Stores mail as text for a person to read. Without an option one mail is read from standard input, as"
        " a mail server's pipe hands it over. A mail that is read twice is stored once."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--imap", action="store_true", help="read unseen mail of ADUAN_IMAP_URL")

    def handle(self, *args: Any, imap: bool, **options: Any) -> None:
        if imap:
            stored, refused = self._mailbox()
            self.stdout.write(f"Mails stored: {stored}; not stored: {refused}.")
            return
        raw = sys.stdin.buffer.read(MAX_RAW + 1)
        with english_refusals(returncode=65):  # EX_DATAERR
            stored = store_mail(raw, at=timezone.now()) is not None
        self.stdout.write("Stored." if stored else "Stored before.")

    def _mailbox(self) -> tuple[int, int]:
        """Mail is marked as seen once it is stored or refused; what a fault cuts short is read again."""
        if not settings.IMAP_URL:
            raise CommandError("ADUAN_IMAP_URL is not set.")
        where = urlsplit(settings.IMAP_URL)
        kind = {"imaps": imaplib.IMAP4_SSL, "imap": imaplib.IMAP4}.get(where.scheme)
        if kind is None or not where.hostname:
            raise CommandError("ADUAN_IMAP_URL must begin with imaps:// or, on this machine, imap://.")
        port = where.port or (993 if where.scheme == "imaps" else 143)
        box = kind(where.hostname, port, timeout=TIMEOUT_SECONDS)
        try:
            box.login(unquote(where.username or ""), unquote(where.password or ""))
            box.select(where.path.strip("/") or "INBOX")
            _status, found = box.uid("SEARCH", "UNSEEN")
            done = [self._one(box, uid.decode()) for uid in found[0].split()[:MOST_AT_ONCE]]
        except imaplib.IMAP4.error as error:
            raise CommandError(f"The mailbox refused: {error}") from error
        finally:
            box.shutdown()
        return sum(done), len(done) - sum(done)

    def _one(self, box: imaplib.IMAP4, uid: str) -> bool:
        _status, parts = box.uid("FETCH", uid, f"(BODY.PEEK[]<0.{MAX_RAW + 1}>)")
        raw = next((part[1] for part in parts if isinstance(part, tuple)), b"")
        try:
            stored = store_mail(raw, at=timezone.now()) is not None
        except DomainError as refusal:
            with translation.override("en"):
                self.stderr.write(f"mail {uid}: {refusal.message}")
            stored = False
        box.uid("STORE", uid, "+FLAGS", r"(\Seen)")
        return stored
