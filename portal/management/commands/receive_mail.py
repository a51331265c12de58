"""Reads replies of platforms: one mail from a pipe, or what is new in an IMAP mailbox."""

from __future__ import annotations

import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from aduan.referrals.incoming_mail import MAX_RAW
from aduan.referrals.services import store_mail
from portal.common.imap_mailbox import MailboxError, read_mailbox
from portal.management.refusals import english_refusals

EX_DATAERR = 65  # sysexits.h: a mail server returns such a mail to its sender
EX_TEMPFAIL = 75  # and tries this one again


class Command(BaseCommand):
    help = (
        "Stores mail as text for a person to read. Without an option one mail is read from standard input, as"
        " a mail server's pipe hands it over. A mail that is read twice is stored once."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--imap", action="store_true", help="read unseen mail of ADUAN_IMAP_URL")

    def handle(self, *args: Any, imap: bool, **options: Any) -> None:
        if imap:
            self._mailbox()
            return
        raw = sys.stdin.buffer.read(MAX_RAW + 1)
        with english_refusals(returncode=EX_DATAERR):
            stored = store_mail(raw, at=timezone.now()) is not None
        self.stdout.write("Stored." if stored else "Stored before.")

    def _mailbox(self) -> None:
        if not settings.IMAP_URL:
            raise CommandError("ADUAN_IMAP_URL is not set.")
        try:
            found = read_mailbox(at=timezone.now())
        except MailboxError as error:
            raise CommandError(str(error), returncode=EX_TEMPFAIL) from error
        for line in found.refused:
            self.stderr.write(line)
        self.stdout.write(
            f"Mails stored: {found.stored}; stored before: {found.repeated};"
            f" not stored: {len(found.refused)}."
        )
