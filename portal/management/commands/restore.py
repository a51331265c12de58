"""`manage.py restore`: a server and its files from a backup set. See docs/operations/disaster.md."""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from portal.management.backup import files, recovery, sealing
from portal.management.commands.restore_replay import FLAWS_FOUND


class Command(BaseCommand):
    help = (
        "Restores a backup set into an empty data folder, replays WAL, files, erasures and releases, and "
        "verifies the audit chain, lists and evidence. With --drill into a folder that is thrown away."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--from", dest="root", type=Path, default=settings.BACKUP_ROOT or None)
        parser.add_argument("--journal", type=Path, default=settings.BACKUP_JOURNAL or None)
        parser.add_argument("--identity", type=Path, required=True, help="file with the AGE-SECRET-KEY line")
        parser.add_argument("--to", type=Path, help="the new, empty data folder of PostgreSQL")
        parser.add_argument("--until", type=dt.datetime.fromisoformat, help="ISO 8601 with offset")
        parser.add_argument("--account", default="postgres" if os.geteuid() == 0 else "")
        parser.add_argument(
            "--despite-flaws", action="store_true", help="put it into service though something does not hold"
        )
        parser.add_argument("--files", action="store_true", help="only the files that are missing now")
        parser.add_argument("--drill", action="store_true", help="restore, verify, print RPO and RTO, forget")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["root"] is None or options["journal"] is None:
            raise CommandError("--from and --journal are needed: see ADUAN_BACKUP_ROOT, ADUAN_BACKUP_JOURNAL")
        if options["until"] and options["until"].tzinfo is None:
            raise CommandError("--until needs an offset, as in 2026-11-27T09:30:00+07:00")
        if sum(map(bool, (options["to"], options["drill"], options["files"]))) != 1:
            raise CommandError("give one of --to, --drill and --files")
        if options["files"]:
            return self._restore_files(options)
        scratch = Path(tempfile.mkdtemp(prefix="aduan-drill-")) if options["drill"] else None
        if scratch:
            scratch.chmod(0o755)
        try:
            self._restore(options, scratch)
        finally:
            if scratch:
                shutil.rmtree(scratch)
        return None

    def _restore_files(self, options: dict[str, Any]) -> None:
        """The database is whole, its files are not."""
        key = sealing.identity_from(options["identity"])
        root: Path = options["root"]
        evidence, lists = files.restore_evidence(root, key), files.restore_lists(root, key)
        files.give_to_account()
        self.stdout.write(f"restored: {evidence} files of evidence, {lists} of lists")

    def _restore(self, options: dict[str, Any], scratch: Path | None) -> None:
        began = time.monotonic()
        identity = sealing.identity_from(options["identity"])
        data = (scratch / "data" if scratch else options["to"]).absolute()
        cluster = recovery.prepare(
            options["root"], data, identity, until=options["until"], account=options["account"]
        )
        with recovery.running(cluster) as sockets:
            self._replay(options, sockets, scratch)
            recovery.forget_recovery_settings(cluster)
        self._say_figures(options, time.monotonic() - began)
        if not scratch:
            files.give_to_account()
            self.stdout.write(f"the database is in {data}: start PostgreSQL there, then the portal")

    def _replay(self, options: dict[str, Any], sockets: Path, scratch: Path | None) -> None:
        """In a process of its own, whose settings are those of the restored state."""
        environment = os.environ | {"DATABASE_URL": _url(sockets)}
        if scratch:
            environment |= {
                "ADUAN_EVIDENCE_STORAGE": "aduan.complaints.evidence.storage.PrivateFileStorage",
                "ADUAN_EVIDENCE_STORAGE_OPTIONS": json.dumps({"location": str(scratch / "evidence")}),
                "ADUAN_PUBLISH_ROOT": str(scratch / "lists"),
            }
        command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "restore_replay"]
        command += [str(options[name].absolute()) for name in ("root", "journal", "identity")]
        done = subprocess.run(command, env=environment, cwd=settings.BASE_DIR, text=True, check=False,
                              stdout=subprocess.PIPE)  # fmt: skip
        self.stdout.write(done.stdout, ending="")
        if done.returncode == FLAWS_FOUND and options["despite_flaws"]:
            return
        if done.returncode:
            raise CommandError("the restored state does not hold: see above. Nothing was put into service.")

    def _say_figures(self, options: dict[str, Any], seconds: float) -> None:
        shipped = json.loads((options["root"] / "wal" / "shipped.json").read_text(encoding="ascii"))["at"]
        age = (dt.datetime.now(dt.UTC) - dt.datetime.fromisoformat(shipped)).total_seconds()
        self.stdout.write(f"RPO: WAL was shipped last at {shipped}, {age:.0f} s ago; later commits are lost")
        self.stdout.write(f"RTO: {seconds:.0f} s from the start of this command to a verified state")


def _url(sockets: Path) -> str:
    """As the product's own role: that of the backup may stream WAL, and reads no table."""
    server = settings.DATABASES["default"]
    user, name = server["USER"] or "aduan", server["NAME"]
    return f"postgres://{quote(user)}@{quote(str(sockets), safe='')}/{quote(name)}"
