"""`manage.py evidence_store`: says whether the evidence store is this installation's, and what it lacks."""

from __future__ import annotations

import argparse
import uuid
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from aduan.complaints import services as complaints
from aduan.complaints.models import Evidence
from aduan.core import jobs
from aduan.core.errors import DomainError

TROUBLE = {
    "unreachable": "it does not answer: mount it, or look at ADUAN_EVIDENCE_STORAGE_OPTIONS",
    "unmarked": "it holds no marker and lacks the newest files: probably nothing is mounted there",
    "foreign": "its marker is another installation's (ADUAN_BLIND_INDEX_KEY differs)",
}


class Command(BaseCommand):
    help = (
        "Says whether the evidence store is this installation's, and which files in quarantine it lacks. "
        "Exit code 1 when the store cannot be trusted or a file is missing."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        acts = parser.add_mutually_exclusive_group()
        acts.add_argument("--adopt", action="store_true", help="mark the store that is mounted now as ours")
        acts.add_argument(
            "--declare-lost", type=uuid.UUID, metavar="UID", help="after every backup was looked through"
        )

    def handle(self, *_args: Any, adopt: bool, declare_lost: uuid.UUID | None, **_options: Any) -> None:
        try:
            if adopt:
                complaints.adopt_store(at=jobs.now())
            if declare_lost:
                complaints.declare_lost(self._evidence(declare_lost), at=jobs.now())
                self.stdout.write(f"{declare_lost}: declared lost")
            else:
                self._check()
        except complaints.StoreAway as error:
            why = complaints.store_trouble()
            raise CommandError(
                f"the evidence store is {why}: {TROUBLE.get(why, why)}. Nothing is judged, swept or taken in "
                "until it is back; --adopt says that it is ours all the same."
            ) from error
        except DomainError as error:
            raise CommandError(str(error)) from error

    def _check(self) -> None:
        missing = complaints.missing_files()
        for row in missing:
            self.stdout.write(
                f"{row.uid} {row.original}: missing since it came in at {row.received_at:%F %T}"
            )
        if missing:
            raise CommandError(
                f"{len(missing)} files are missing: put them back from the backup, they are tried again"
            )
        self.stdout.write("the evidence store is this installation's, and no file in quarantine is missing")

    def _evidence(self, uid: uuid.UUID) -> Evidence:
        row = Evidence.objects.filter(uid=uid).first()
        if row is None:
            raise CommandError(f"there is no evidence {uid}")
        return row
