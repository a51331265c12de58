"""A restored database: base backup and WAL decrypted into an empty folder, and a server to replay them."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import pwd
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management import CommandError

from portal.management.backup import postgres, sealing

if TYPE_CHECKING:
    import pyrage

_A_DAY = "86400"


@dataclass(frozen=True, slots=True)
class Cluster:
    """A restored data folder. `work` holds the decrypted WAL and the socket while it recovers."""

    data: Path
    work: Path
    account: str  # the account that PostgreSQL runs as; empty for our own

    def run(self, name: str, *options: str) -> None:
        """Run one of PostgreSQL's programs as its account. Raises CommandError with what it said."""
        done = subprocess.run(
            [postgres.program(name), *options], cwd="/", capture_output=True, text=True, check=False,
            env={"PATH": os.environ["PATH"], "LC_ALL": "C"}, **self._as_account(),
        )  # fmt: skip
        if done.returncode:
            log = self.work / "server.log"
            tail = log.read_text(errors="replace")[-2000:] if log.exists() else ""
            raise CommandError(f"{name} failed: {(done.stderr or done.stdout).strip()}\n{tail}")

    def make_folder(self) -> None:
        """The data folder, empty. Folders above it that were missing let PostgreSQL pass.

        An account that this machine lacks is named before anything is written.
        """
        self._entry()
        missing = [place for place in self.data.parents if not place.exists()]
        self.data.mkdir(parents=True, exist_ok=True, mode=0o700)
        for place in missing:
            place.chmod(0o755)

    def own(self, path: Path) -> None:
        if entry := self._entry():
            for found in (path, *path.rglob("*")):
                os.chown(found, entry.pw_uid, entry.pw_gid, follow_symlinks=False)

    def _as_account(self) -> dict[str, Any]:
        entry = self._entry()
        return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []} if entry else {}

    def _entry(self) -> pwd.struct_passwd | None:
        if not self.account:
            return None
        try:
            return pwd.getpwnam(self.account)
        except KeyError as error:
            raise CommandError(f"This machine has no account {self.account!r}: name another.") from error


def prepare(
    root: Path, data: Path, identity: pyrage.x25519.Identity, *, until: dt.datetime | None, account: str
) -> Cluster:
    """Decrypt and check the newest base backup before `until` and the WAL after it. Raises CommandError."""
    if data.exists() and any(data.iterdir()):
        raise CommandError(f"{data} is not empty: nothing is overwritten. Give an empty or a new folder.")
    base = _base_for(root, until)
    cluster = Cluster(data, Path(tempfile.mkdtemp(prefix="aduan-restore-")), account)
    cluster.make_folder()
    _extract(base["file"], data, identity)
    cluster.own(data)
    try:
        _verify_manifest(data)
        _decrypt_wal(root, cluster.work / "wal", base["first_segment"], identity)
        _configure(cluster, until)
    except BaseException:
        shutil.rmtree(cluster.work)  # WAL in clear does not stay behind
        raise
    cluster.own(data)
    cluster.own(cluster.work)
    return cluster


@contextmanager
def running(cluster: Cluster) -> Iterator[Path]:
    """Replay the WAL, then serve on a socket in the folder that is given; stop at the end."""
    options = f"-c listen_addresses= -k {cluster.work} -c hba_file={cluster.work}/hba.conf"
    options += " -c hot_standby=off -c archive_mode=off -c logging_collector=off"
    log = str(cluster.work / "server.log")
    cluster.run("pg_ctl", "start", "-D", str(cluster.data), "-w", "-t", _A_DAY, "-l", log, "-o", options)
    try:
        yield cluster.work
    finally:
        cluster.run("pg_ctl", "stop", "-D", str(cluster.data), "-w", "-m", "fast")
        shutil.rmtree(cluster.work)


def _base_for(root: Path, until: dt.datetime | None) -> dict[str, Any]:
    known = [
        facts
        for facts in postgres.bases(root)
        if until is None or dt.datetime.fromisoformat(facts["at"]) <= until
    ]
    if not known:
        raise CommandError(f"{root} holds no base backup{f' from before {until}' if until else ''}")
    return known[-1]


def _extract(file: Path, data: Path, identity: pyrage.x25519.Identity) -> None:
    plain = data / "base.tar.gz"
    sealing.open_stream(file, plain, identity)
    with tarfile.open(plain, "r:gz") as archive:
        _refuse_names_outside(archive, data)
        archive.extractall(data)  # noqa: S202 - its names were looked at
    plain.unlink()


def _refuse_names_outside(archive: tarfile.TarFile, data: Path) -> None:
    """What extractall's `filter` checks, which Debian 12's Python does not know yet. Raises CommandError."""
    for member in archive.getmembers():
        place = data / member.name
        if member.issym() or member.islnk():
            place = place.parent / member.linkname if member.issym() else data / member.linkname
        elif not (member.isfile() or member.isdir()):
            raise CommandError(f"the base backup holds {member.name}, which is no file")
        if not place.resolve().is_relative_to(data.resolve()):
            raise CommandError(f"the base backup holds {member.name}, which leads out of {data}")


def _verify_manifest(data: Path) -> None:
    """Every file against the digests that the server wrote down. Raises CommandError for the first bad one.

    As pg_verifybackup does, which must be of the server's own version and may not be on the new machine.
    """
    for file in json.loads((data / "backup_manifest").read_text(encoding="utf-8"))["Files"]:
        path = data / (file["Path"] if "Path" in file else bytes.fromhex(file["Encoded-Path"]).decode())
        if not path.is_file():
            raise CommandError(f"the base backup lacks {path.relative_to(data)}")
        with path.open("rb") as opened:
            if hashlib.file_digest(opened, "sha256").hexdigest() != file["Checksum"]:
                raise CommandError(f"the base backup holds a damaged {path.relative_to(data)}")


def _decrypt_wal(root: Path, target: Path, first: str, identity: pyrage.x25519.Identity) -> None:
    target.mkdir()
    for path in sorted((root / "wal").glob(f"0*{sealing.SUFFIX}")):
        name = path.name.removesuffix(sealing.SUFFIX)
        segment = name.removesuffix(".partial")
        if segment.endswith(".history") or segment[8:24] >= first[8:24]:
            if name != segment and (root / "wal" / f"{segment}{sealing.SUFFIX}").exists():
                continue  # the whole segment came after its beginning
            (target / segment).write_bytes(sealing.open_bytes(path, identity))


def _configure(cluster: Cluster, until: dt.datetime | None) -> None:
    (cluster.work / "hba.conf").write_text("local all all trust\n", encoding="ascii")
    wanted = {"restore_command": f'cp "{cluster.work}/wal/%f" "%p"', "recovery_target_action": "promote"}
    if until:
        wanted["recovery_target_time"] = until.isoformat()
    (cluster.data / "recovery.signal").touch()
    (cluster.data / "postgresql.conf").touch()  # Debian keeps it elsewhere
    with (cluster.data / "postgresql.auto.conf").open("a", encoding="ascii") as conf:
        conf.write("".join(f"{name} = '{value}'\n" for name, value in wanted.items()))


def forget_recovery_settings(cluster: Cluster) -> None:
    """What was only for the recovery leaves the configuration."""
    auto = cluster.data / "postgresql.auto.conf"
    kept = [
        line
        for line in auto.read_text(encoding="utf-8").splitlines(keepends=True)
        if not line.startswith(("restore_command", "recovery_target"))
    ]
    auto.write_text("".join(kept), encoding="utf-8")
