"""Base backups and WAL, with PostgreSQL's own tools, encrypted on the way to the backup set."""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
import subprocess
import time
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, cast
from urllib.parse import unquote

from django.conf import settings
from django.core.management import CommandError
from django.db import connection

from portal.management.backup import sealing

if TYPE_CHECKING:
    from collections.abc import Iterator

SLOT = "aduan_backup"
KEPT_BASES = 3
_KEPT_IN_SPOOL = 2  # pg_receivewal goes on from the newest segment that it finds


def program(name: str) -> str:
    """PostgreSQL's program: from ADUAN_PG_BINDIR, the newest Debian package, or PATH. Raises CommandError."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: -int(path.parent.name))
    folders = [Path(settings.PG_BINDIR)] if settings.PG_BINDIR else debian
    found = next((folder / name for folder in folders if (folder / name).exists()), None)
    path = str(found) if found else shutil.which(name)
    if path is None:
        raise CommandError(f"{name} is not installed: apt-get install postgresql, or set ADUAN_PG_BINDIR")
    return path


def client_environment() -> dict[str, str]:
    """How PostgreSQL's programs reach the server, by the role that may replicate."""
    server = settings.BACKUP_DATABASE
    variables = {"HOST": "PGHOST", "PORT": "PGPORT", "USER": "PGUSER", "PASSWORD": "PGPASSWORD"}
    clean = {name: value for name, value in os.environ.items() if name not in variables.values()}
    given = {variable: unquote(str(server[key])) for key, variable in variables.items() if server.get(key)}
    return clean | given


def base_backup(root: Path, *, at: dt.datetime) -> Path:
    """One whole base backup with the WAL it needs; nothing of it is on disk in clear. Returns its file."""
    label = f"{at:%Y%m%dT%H%M%SZ}"
    first = _ask("SELECT pg_walfile_name(pg_current_wal_lsn())")
    command = [program("pg_basebackup"), "-D", "-", "-Ft", "-X", "fetch", "-z", "-c", "fast", "-l", label]
    command += ["--manifest-checksums", "SHA256"]
    target = root / "base" / f"{label}.tar.gz{sealing.SUFFIX}"
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=client_environment()
    ) as running:
        stdout, stderr = cast("IO[bytes]", running.stdout), cast("IO[bytes]", running.stderr)
        sealing.seal_stream(stdout, target)
        said = stderr.read().decode(errors="replace")
    if running.returncode:
        target.unlink()
        raise CommandError(f"pg_basebackup failed: {said.strip()}")
    facts = {"at": at.isoformat(), "first_segment": first, "bytes": target.stat().st_size}
    target.with_name(f"{label}.json").write_text(json.dumps(facts), encoding="ascii")
    _forget_old(root)
    return target


def bases(root: Path) -> list[dict[str, Any]]:
    """The complete base backups, oldest first: `at`, `first_segment`, `file`."""
    found = []
    for path in sorted((root / "base").glob("*.json")):
        facts = json.loads(path.read_text(encoding="ascii"))
        found.append(facts | {"file": path.with_name(f"{path.stem}.tar.gz{sealing.SUFFIX}")})
    return found


def receive_wal(root: Path, *, interval: float = 20.0) -> Iterator[int]:
    """Stream WAL for ever; yields after every shipment how many segments left.

    Raises CommandError when the stream breaks.
    """
    spool = _spool(root)
    _receive(spool, "--create-slot", "--if-not-exists")
    with subprocess.Popen(
        [program("pg_receivewal"), "-D", str(spool), "-S", SLOT, "--no-loop"], env=client_environment()
    ) as running:
        try:
            while running.poll() is None:
                time.sleep(interval)
                yield ship(root)
        finally:
            running.terminate()
    raise CommandError("pg_receivewal ended: see its message above; start again when PostgreSQL answers")


def receive_until_now(root: Path) -> int:
    """Stream and ship everything that is committed at this moment."""
    spool = _spool(root)
    _receive(spool, "--create-slot", "--if-not-exists")
    _receive(spool, "--no-loop", "--endpos", _ask("SELECT pg_current_wal_flush_lsn()"))
    return ship(root)


def slot_is_active() -> bool:
    """Whether a `backup wal` streams at this moment."""
    return _ask("SELECT count(*) FROM pg_replication_slots WHERE slot_name = %s AND active", SLOT) != "0"


def ship(root: Path) -> int:
    """Encrypt what is new in the spool, the unfinished segment included, into the backup set."""
    spool, shipped = _spool(root), 0
    whole = sorted(path for path in spool.iterdir() if len(path.name) == 24)
    for path in whole:
        target = root / "wal" / f"{path.name}{sealing.SUFFIX}"
        if not target.exists():
            sealing.seal_bytes(path.read_bytes(), target)
            shipped += 1
        (root / "wal" / f"{path.name}.partial{sealing.SUFFIX}").unlink(missing_ok=True)
    for path in spool.glob("*.history"):
        sealing.seal_bytes(path.read_bytes(), root / "wal" / f"{path.name}{sealing.SUFFIX}")
    for path in spool.glob("*.partial"):
        sealing.seal_bytes(path.read_bytes(), root / "wal" / f"{path.name}{sealing.SUFFIX}")
    for path in whole[:-_KEPT_IN_SPOOL]:
        path.unlink()
    now = dt.datetime.now(dt.UTC).isoformat()
    (root / "wal" / "shipped.json").write_text(json.dumps({"at": now}), encoding="ascii")
    return shipped


def _spool(root: Path) -> Path:
    """Where WAL lies in clear for the seconds until it is encrypted: on this machine, never in the set."""
    spool = Path(settings.ADUAN_HOME) / "wal-spool"
    spool.mkdir(parents=True, exist_ok=True, mode=0o700)
    (root / "wal").mkdir(parents=True, exist_ok=True, mode=0o700)
    return spool


def _receive(spool: Path, *options: str) -> None:
    done = subprocess.run(
        [program("pg_receivewal"), "-D", str(spool), "-S", SLOT, *options],
        env=client_environment(), capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise CommandError(f"pg_receivewal failed: {done.stderr.strip()}")


def _forget_old(root: Path) -> None:
    """Keeps the newest base backups, and the WAL from the oldest of them on."""
    known = bases(root)
    for facts in known[:-KEPT_BASES]:
        facts["file"].unlink(missing_ok=True)
        facts["file"].with_name(facts["file"].name.replace(f".tar.gz{sealing.SUFFIX}", ".json")).unlink()
    oldest = known[-KEPT_BASES:][0]["first_segment"]
    for path in (root / "wal").glob("0*"):
        if path.name[8:24] < oldest[8:24]:
            path.unlink()


def _ask(statement: str, *values: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return str(cursor.fetchone()[0])
