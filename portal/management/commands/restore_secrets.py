"""`manage.py restore_secrets`: a lost machine's secrets for a new one. See docs/operations/disaster.md."""

from __future__ import annotations

import json
import os
import shutil
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from portal.management.backup import sealing


class Command(BaseCommand):
    help = (
        "Opens a file of ADUAN_BACKUP_KEYS and writes the secrets as deploy/make-secrets names them, and the "
        "keys of lists below keys/. Replaces nothing. Needs no database and no settings."
    )
    requires_system_checks: tuple[str, ...] = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the newest of ADUAN_BACKUP_KEYS")
        parser.add_argument("--identity", type=Path, required=True, help="file with the AGE-SECRET-KEY line")
        parser.add_argument("--to", type=Path, required=True, help="the folder of secrets of the new machine")
        parser.add_argument("--owner", default="", help="the application's account: aduan, or 10001")

    def handle(self, *_args: Any, file: Path, identity: Path, to: Path, owner: str, **_options: Any) -> None:
        saved = json.loads(sealing.open_bytes(file, sealing.identity_from(identity)))
        contents = {to / name.removeprefix("ADUAN_").lower(): text for name, text in saved.items() if text}
        if there := sorted(str(path) for path, text in contents.items() if _differs(path, text)):
            raise CommandError(f"{', '.join(there)} is there with other contents: nothing was written")
        to.mkdir(parents=True, exist_ok=True)
        to.chmod(0o711)  # as make-secrets leaves it: passed through by name, listed by no other account
        for path, text in contents.items():
            self._write(path, text, owner)

    def _write(self, path: Path, text: str, owner: str) -> None:
        if path.exists():
            self.stdout.write(f"kept {path}")
            return
        path.parent.mkdir(mode=0o700, exist_ok=True)
        with os.fdopen(
            os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o400), "w", encoding="ascii"
        ) as out:
            out.write(f"{text.strip()}\n")
        if owner:
            account = int(owner) if owner.isdecimal() else owner
            shutil.chown(path, account)
            if path.parent.name == "keys":
                shutil.chown(path.parent, account)
        self.stdout.write(f"made {path}")


def _differs(path: Path, text: str) -> bool:
    return path.exists() and path.read_text(encoding="ascii").strip() != text.strip()
