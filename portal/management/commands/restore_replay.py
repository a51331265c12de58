"""The second half of `manage.py restore`, on the restored server: files, journal, proof."""

from __future__ import annotations

from argparse import ArgumentParser
from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from aduan.complaints import services as complaints
from aduan.core import jobs
from portal.management.backup import files, sealing, verification
from portal.management.backup.journal import replay_journal

FLAWS_FOUND = 3  # exit code: everything was done, and something does not hold


class Command(BaseCommand):
    help = "Called by `manage.py restore` on the restored server."

    def add_arguments(self, parser: ArgumentParser) -> None:
        for name in ("root", "journal", "identity"):
            parser.add_argument(name, type=Path)

    def handle(self, *_args: Any, root: Path, journal: Path, identity: Path, **_options: Any) -> None:
        key, now = sealing.identity_from(identity), jobs.now()
        counts: Counter[str] = Counter()
        heads = journal / "heads" if (journal / "heads").is_dir() else None
        flaws = list(verification.audit_flaws(heads=heads, counts=counts))
        evidence, lists = files.restore_evidence(root, key), files.restore_lists(root, key)
        self.stdout.write(f"restored: {evidence} files of evidence, {lists} of lists")
        complaints.adopt_store(at=now)
        replayed = replay_journal(journal, key, at=now)
        self.stdout.write(f"replayed: {replayed.erasures} erasures, {replayed.releases} releases")
        self.stdout.write(
            f"again: {replayed.hold_ends} ends of holds, {replayed.powers} powers taken, "
            f"{replayed.stops} stops of publication"
        )
        for case in replayed.to_release:
            self.stdout.write(f"release again, by two people: case {case} (its release cannot be replayed)")
        for case in replayed.to_answer:
            self.stdout.write(
                f"lifted again until two people answer: case {case} (its objection may be lost: ask for it)"
            )
        for lost in replayed.to_approve:
            self.stdout.write(f"approve again, by two people: {lost['kind']} of {lost['subject']}")
        purged = sum(complaints.purge(at=now).values())
        self.stdout.write(f"purged: {purged} items whose retention is over")
        burned = list(verification.unsaved(root))
        for row in burned:
            self.stdout.write(
                f"lost: a file of {verification.origin(row)}, which came after files were saved last"
            )
        flaws += verification.flaws(counts=counts, lost=[row.pk for row in burned])
        for flaw in flaws:
            self.stdout.write(flaw)
        self.stdout.write("verified: " + ", ".join(f"{count} {what}" for what, count in counts.items()))
        if flaws:
            raise CommandError(f"{len(flaws)} flaws", returncode=FLAWS_FOUND)
