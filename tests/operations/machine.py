"""A machine of its own with a server, evidence and a backup set, to be lost; every act is a process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote

from devserver import binaries, home, postgres
from devserver.addresses import database_url

PROJECT = home.PROJECT
Answer = TypeVar("Answer")


class Machine:
    """A server, its evidence, and a backup set on another disk; every act is a process of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.server = postgres.server(home.prepare(folder / "machine" / ".aduan"))
        self.identity = folder / "offline.key"
        self.environment = {
            "ADUAN_ENV": "test",
            "DJANGO_SETTINGS_MODULE": "tests.settings",
            "ADUAN_HOME": str(folder / "state"),
            "DATABASE_URL": database_url(folder / "machine" / ".aduan"),
            "ADUAN_MIGRATE_DATABASE_URL": "",  # not that of the run around it
            "ADUAN_BACKUP_ROOT": str(folder / "elsewhere" / "set"),
            "ADUAN_BACKUP_JOURNAL": str(folder / "third place" / "journal"),
            "ADUAN_BACKUP_KEYS": str(folder / "safe"),
            "ADUAN_PG_BINDIR": str(self.server.programs.bindir),
        }

    def start(self) -> None:
        self.server.start()
        self.server.stop()
        with (self.server.data / "postgresql.conf").open("a", encoding="ascii") as conf:
            conf.write("fsync = off\nfull_page_writes = off\n")  # no power is cut here
        self.server.start()
        made = self.manage("backup", "keygen")
        self.identity.write_text(made.stdout, encoding="ascii")
        self.environment["ADUAN_BACKUP_RECIPIENT"] = made.stderr.strip().partition("=")[2]
        self.manage("migrate", "-v0")

    def manage(
        self, *words: str, fails: bool = False, patience: float = 600
    ) -> subprocess.CompletedProcess[str]:
        return self.run("manage.py", *words, fails=fails, patience=patience)

    def act(self, name: str, **more: Any) -> str:
        return self.run("-m", "tests.operations.restored_state", name, fails=False, **more).stdout

    def state(self, **more: Any) -> dict[str, Any]:
        return dict(json.loads(self.act("state", **more)))

    def run(
        self, *words: str, fails: bool = False, patience: float = 600.0, **more: Any
    ) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [sys.executable, *words], cwd=PROJECT, env=os.environ | self.environment | more,
            capture_output=True, text=True, check=False, timeout=patience,
        )  # fmt: skip
        log = (self.server.data / "server.log").read_text(errors="replace")[-1500:]
        assert (done.returncode != 0) == fails, f"{words}\n{done.stdout}\n{done.stderr}\n{log}"
        return done

    def restore(self, *words: str, fails: bool = False, patience: float = 600) -> str:
        account = ["--account", self.server.account.name if self.server.account.drop else ""]
        command = ["restore", "--identity", str(self.identity), *account, *words]
        done = self.manage(*command, fails=fails, patience=patience)
        return done.stdout + done.stderr


def on(data: Path, machine: Machine, ask: Callable[..., Answer]) -> Answer:
    """What `ask` says about a restored server, which is started for the question."""
    programs = binaries.postgres(machine.server.account)
    sockets = machine.folder / f"s{data.name}"
    sockets.mkdir()
    machine.server.account.own(sockets)
    control = [programs.program("pg_ctl"), "-D", str(data), "-w", "-l", str(sockets / "log")]
    quiet: dict[str, Any] = {"check": True, "cwd": "/", "stdout": subprocess.DEVNULL}
    quiet |= machine.server.account.popen()
    subprocess.run([*control, "start", "-o", f"-k {sockets}"], **quiet)
    try:
        before = machine.environment["DATABASE_URL"].partition("@")[0]
        return ask(DATABASE_URL=f"{before}@{quote(str(sockets), safe='')}/aduan")
    finally:
        subprocess.run([*control, "stop", "-m", "fast"], **quiet)
