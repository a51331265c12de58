"""`manage.py backup …`: saves the database, files, keys and journal. See docs/operations/disaster.md."""

from __future__ import annotations

import json
import os
from argparse import ArgumentParser
from pathlib import Path
from time import monotonic
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from aduan.core import audit_log, jobs
from aduan.monitoring import services as monitoring
from portal.management.backup import files, journal, postgres, sealing
from portal.management.backup.service import Service, check_places

NOTED = ("base", "files", "wal")  # their ends are kept for the incident “backups are late” and for Prometheus
NOTED_EVERY = 60.0  # seconds
KEY_SETTINGS = ("ADUAN_SECRET_KEY", "ADUAN_VAULT_KEYS", "ADUAN_BLIND_INDEX_KEY")


class Command(BaseCommand):
    help = (
        "Saves the database, evidence, lists, keys and the journal of erasures, encrypted to an offline key."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True)
        acts.add_parser("keygen", help="make the offline key; run it on another machine")
        acts.add_parser("base", help="a base backup, files, journal and keys: every night")
        acts.add_parser("files", help="what is new of evidence, lists and the journal: every few minutes")
        wal = acts.add_parser("wal", help="stream WAL for ever: a service")
        wal.add_argument("--once", action="store_true", help="end when all that is committed now is saved")
        wal.add_argument("--interval", type=float, default=20.0, help="seconds between shipments")
        acts.add_parser("service", help="all of it for ever: `wal` beside it, `files` and `base` when due")
        acts.add_parser("status", help="age of the newest base backup and of the last shipment of WAL")

    def handle(self, *args: Any, act: str, **options: Any) -> None:
        if act == "keygen":
            return self._keygen()
        self._require_settings()
        root = Path(settings.BACKUP_ROOT)
        acts = {"base": self._base, "files": self._files, "wal": self._wal, "status": self._status}
        acts["service"] = self._service
        try:
            acts[act](root, options)
        except Exception as error:
            self._note(act, error=type(error).__name__)
            raise
        self._note(act)
        return None

    def _note(self, act: str, *, error: str = "") -> None:
        """How an act ended. A database that is away has an incident of its own."""
        if act not in NOTED:
            return
        try:
            monitoring.record_backup(act, error=error, at=jobs.now())
        except DatabaseError:
            self.stderr.write(f"backup {act}: its end could not be noted in the database")

    def _service(self, root: Path, _options: dict[str, Any]) -> None:
        check_places((root, Path(settings.BACKUP_JOURNAL), Path(settings.BACKUP_KEYS)))
        Service(root, self.stderr.write).run()

    def _require_settings(self) -> None:
        missing = [
            name
            for name in ("BACKUP_ROOT", "BACKUP_JOURNAL", "BACKUP_KEYS", "BACKUP_RECIPIENT")
            if not getattr(settings, name)
        ]
        if missing:
            raise CommandError(", ".join(f"ADUAN_{name}" for name in missing) + " not set")
        root = Path(settings.BACKUP_ROOT).resolve()
        for name in ("BACKUP_JOURNAL", "BACKUP_KEYS"):
            if Path(getattr(settings, name)).resolve().is_relative_to(root):
                raise CommandError(
                    f"ADUAN_{name} must lie apart from ADUAN_BACKUP_ROOT: best on another machine"
                )

    def _keygen(self) -> None:
        secret, public = sealing.new_identity()
        self.stdout.write(f"# keep this line offline, twice; only `restore` needs it\n{secret}")
        self.stderr.write(f"ADUAN_BACKUP_RECIPIENT={public}")

    def _base(self, root: Path, options: dict[str, Any]) -> None:
        made = postgres.base_backup(root, at=jobs.now())
        self.stdout.write(f"base backup: {made} ({made.stat().st_size:,} bytes)")
        self._keys()
        self._files(root, options)
        self._note("files")
        if not postgres.slot_is_active():  # no `backup wal` runs: without this, the base alone is not enough
            postgres.receive_until_now(root)

    def _files(self, root: Path, _options: dict[str, Any]) -> None:
        folder, began = Path(settings.BACKUP_JOURNAL), jobs.now()
        self.stdout.write(
            f"new: {files.back_up_evidence(root)} of evidence, {files.back_up_lists(root)} of lists, "
            f"{journal.write(folder, at=jobs.now())} acts in the journal; "
            f"{files.forget_erased(root)} erased files left the set"
        )
        files.note_saved(root, at=began)
        head = audit_log.head()
        if head:
            (folder / "heads").mkdir(exist_ok=True, parents=True)
            (folder / "heads" / f"{head.seq:012d}").write_text(str(head), encoding="ascii")

    def _wal(self, root: Path, options: dict[str, Any]) -> None:
        if options["once"]:
            self.stdout.write(
                f"shipped {postgres.receive_until_now(root)} whole segments and the present one"
            )
            return
        noted = float("-inf")
        for shipped in postgres.receive_wal(root, interval=options["interval"]):
            if monotonic() - noted >= NOTED_EVERY:
                self._note("wal")
                noted = monotonic()
            if shipped:
                self.stdout.write(f"shipped {shipped} segments")

    def _status(self, root: Path, _options: dict[str, Any]) -> None:
        known = postgres.bases(root)
        shipped = root / "wal" / "shipped.json"
        self.stdout.write(f"newest base backup: {known[-1]['at'] if known else 'none'}")
        self.stdout.write(
            f"WAL shipped: {json.loads(shipped.read_text())['at'] if shipped.exists() else 'never'}"
        )
        if not known or not shipped.exists():
            raise CommandError(
                "there is nothing to restore from: `manage.py backup base`, `manage.py backup wal`"
            )

    def _keys(self) -> None:
        """Secrets and the keys of lists, apart from the data that they open."""
        content = {name: self._secret(name) for name in KEY_SETTINGS}
        for path in sorted(Path(settings.KEYS_DIR).glob("*.pem")):
            content[f"keys/{path.name}"] = path.read_text(encoding="ascii")
        target = Path(settings.BACKUP_KEYS) / f"{jobs.now():%Y%m%dT%H%M%SZ}.json{sealing.SUFFIX}"
        sealing.seal_bytes(json.dumps(content).encode(), target)
        self.stdout.write(f"keys: {target}")

    def _secret(self, name: str) -> str:
        path = os.environ.get(f"{name}_FILE")
        return Path(path).read_text(encoding="ascii").strip() if path else os.environ.get(name, "")
