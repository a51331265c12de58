"""DL3, DL4, LK4: the machine is lost; the backup set, the journal and the offline key bring it back.

Before, there was no command: a dump that an administrator had made brought every erased person back.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.core.management import CommandError

from devserver import binaries, home, postgres
from devserver.addresses import database_url
from portal.management.backup import recovery
from tests.operations.restored_state import CANARY

pytestmark = pytest.mark.faults
PROJECT = home.PROJECT


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

    def manage(self, *words: str, fails: bool = False) -> subprocess.CompletedProcess[str]:
        return self.run("manage.py", *words, fails=fails)

    def act(self, name: str, **more: str) -> str:
        return self.run("-m", "tests.operations.restored_state", name, fails=False, **more).stdout

    def state(self, **more: str) -> dict[str, Any]:
        return dict(json.loads(self.act("state", **more)))

    def run(self, *words: str, fails: bool = False, **more: str) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [sys.executable, *words], cwd=PROJECT, env=os.environ | self.environment | more,
            capture_output=True, text=True, check=False, timeout=600,
        )  # fmt: skip
        log = (self.server.data / "server.log").read_text(errors="replace")[-1500:]
        assert (done.returncode != 0) == fails, f"{words}\n{done.stdout}\n{done.stderr}\n{log}"
        return done

    def restore(self, *words: str, fails: bool = False) -> str:
        account = ["--account", self.server.account.name if self.server.account.drop else ""]
        done = self.manage("restore", "--identity", str(self.identity), *account, *words, fails=fails)
        return done.stdout + done.stderr


@pytest.fixture(scope="module")
def lost() -> Iterator[Machine]:
    """A machine that was backed up, lived on, and burned. Made once: a server takes seconds."""
    # Not pytest's folder: that is closed to the account of the server.
    folder = Path(tempfile.mkdtemp(prefix="aduan-disaster-"))
    folder.chmod(0o755)
    machine = Machine(folder)
    try:
        machine.start()
        machine.act("first")
        machine.manage("backup", "base")
        machine.environment["BEFORE"] = str(machine.state()["now"])
        machine.act("later")
        machine.manage("backup", "files")
        machine.manage("backup", "wal", "--once")
        yield machine
    finally:
        machine.server.destroy()
        home.forget(folder / "machine" / ".aduan")
        shutil.rmtree(folder, ignore_errors=True)


def on(data: Path, machine: Machine) -> dict[str, Any]:
    """The state of a restored server, which is started for the question."""
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
        return machine.state(DATABASE_URL=f"{before}@{quote(str(sockets), safe='')}/aduan")
    finally:
        subprocess.run([*control, "stop", "-m", "fast"], **quiet)


def test_nothing_in_the_backup_can_be_read_without_the_offline_key(lost: Machine) -> None:
    for folder in ("elsewhere", "third place", "safe"):
        for path in (lost.folder / folder).rglob("*"):
            if path.is_file():
                assert CANARY.encode() not in path.read_bytes(), path
                assert path.suffix in (".age", ".json") or "heads" in path.parts, path


def test_a_drill_proves_the_set_and_touches_nothing(lost: Machine) -> None:
    before = lost.state()
    said = lost.restore("--drill")
    assert "verified:" in said
    assert "2 evidence files" in said
    assert "RPO:" in said
    assert "RTO:" in said
    after = lost.state()
    assert {**before, "now": 0} == {**after, "now": 0}


def test_a_damaged_object_fails_the_drill(lost: Machine) -> None:
    victim = next(iter((lost.folder / "elsewhere" / "set" / "evidence").rglob("*.original.age")))
    whole = victim.read_bytes()
    victim.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    said = lost.restore("--drill", fails=True)
    victim.write_bytes(whole)
    assert victim.name in said


def test_after_the_fire_an_older_state_comes_back_without_the_erased_and_the_released(lost: Machine) -> None:
    """To a second before the erasure: only the journal knows of it."""
    assert lost.state()["evidence"].count(True) == 2
    lost.server.stop()
    shutil.rmtree(lost.folder / "state")
    data = lost.folder / "older"
    said = lost.restore("--to", str(data), "--until", lost.environment["BEFORE"])
    assert "replayed: 1 erasures, 1 releases" in said
    found = on(data, lost)
    assert (found["complaints"], found["erased"], found["of Sari"], found["her words"]) == (3, 1, 0, 0)
    assert found["wrapped keys"] == 0  # only Sari had left a contact
    assert found["in force"] == 0
    assert found["evidence"] == [False, True, False]  # hers is gone; the last never had a file


def test_after_the_fire_the_newest_state_comes_back_whole(lost: Machine) -> None:
    lost.server.stop()
    shutil.rmtree(lost.folder / "state", ignore_errors=True)
    data = lost.folder / "newest"
    lost.restore("--to", str(data))
    found = on(data, lost)
    assert (found["complaints"], found["erased"], found["in force"]) == (4, 1, 0)
    assert found["evidence"] == [False, True, False, True]
    lost.restore("--to", str(data), fails=True)  # nothing is overwritten


@pytest.mark.parametrize(
    ("name", "kind", "link"),
    [("../outside", b"0", ""), ("pg_wal", b"2", "/etc"), ("/etc/passwd", b"0", ""), ("pipe", b"6", "")],
)
def test_a_base_backup_that_leads_out_of_its_folder_is_refused(
    tmp_path: Path, name: str, kind: bytes, link: str
) -> None:
    """Without tarfile's filter: Python 3.11.2 of Debian 12 has none, and every restore failed there."""
    member = tarfile.TarInfo(name)
    member.type, member.linkname = kind, link
    with tarfile.open(tmp_path / "base.tar", "w") as archive:
        archive.addfile(member)
    with tarfile.open(tmp_path / "base.tar") as archive, pytest.raises(CommandError):
        recovery._refuse_names_outside(archive, tmp_path / "data")
