"""`manage.py verify_audit`: finds changes of the audit log."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from aduan.core import audit_log
from aduan.core.hash_chain import Head, heads_in


class Command(BaseCommand):
    help = (
        "Recomputes the whole hash chain of the audit log and names the first entry that was edited, "
        "deleted, slipped in or moved. With --head also finds a cut tail. Exit code 1 when anything is wrong."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument(
            "--head",
            action="append",
            default=[],
            metavar="FILE",
            help="a head to compare with: an export, a daily mail, a manifest.json, TUF metadata, or what "
            "operators' clients keep (audit-heads.txt); repeatable",
        )
        parser.add_argument(
            "--export", metavar="FILE", help="write the present head to FILE (- for the screen)"
        )

    def handle(self, *_args: Any, head: list[str], export: str | None, **_options: Any) -> None:
        known = [one for name in head for one in self._read(name)]
        verdict = audit_log.verify(known)
        for flaw in verdict.flaws:
            self.stdout.write(f"entry {flaw.seq}: {flaw.kind}")
        if not verdict.holds:
            raise CommandError(
                f"the audit log was tampered with: first at entry {verdict.flaws[0].seq} "
                f"({verdict.flaws[0].kind}), {verdict.entries} entries read"
            )
        compared = f", compared with {len(set(known))} heads" if known else ""
        self.stdout.write(f"the audit log holds: {verdict.entries} entries{compared}")
        if export and verdict.head:
            self._write(export, verdict.head)

    def _read(self, name: str) -> list[Head]:
        try:
            return heads_in(Path(name).read_text(encoding="utf-8", errors="replace"))
        except (OSError, ValueError) as error:
            raise CommandError(f"{name}: {error}") from error

    def _write(self, name: str, head: Head) -> None:
        if name == "-":
            self.stdout.write(str(head), ending="")
            return
        try:
            Path(name).write_text(str(head), encoding="ascii")
        except OSError as error:
            raise CommandError(f"{name}: {error}") from error
