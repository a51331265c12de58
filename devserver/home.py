"""Where the embedded servers keep their state, and as whom they run.

Layout of ADUAN_HOME: postgres/ valkey/ media/ mail/ static/ log/ keys/ environment.json.
Nothing here imports Django: it runs before settings exist.
"""

import hashlib
import json
import os
import pwd
import secrets
import shutil
import stat
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parent.parent
MARKER = "environment.json"
# Of a state folder. 1: before the variables got their prefix; 2: before each app had one initial migration.
STATE_FORMAT = 3
OLD_MARKER = "embedded.json"  # of format 1
OUTSIDE = Path("/var/lib/aduan")


class EmbeddedError(Exception):
    """Something a person has to put right; the message says what."""


@dataclass(frozen=True)
class Account:
    """Whom a server runs as. `drop` is empty for an ordinary user, who runs it as themselves."""

    name: str
    uid: int
    gid: int
    drop: bool

    def popen(self) -> dict[str, Any]:
        """Arguments for subprocess that change to this account."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []} if self.drop else {}

    def may(self, path: Path, test: str) -> bool:
        """Whether this account passes `test` (one of -r -w -x) on the path, parents included."""
        done = subprocess.run(
            ["/bin/sh", "-c", f'test {test} "$1"', "sh", str(path)], cwd="/", check=False, **self.popen()
        )
        return done.returncode == 0

    def own(self, path: Path) -> None:
        if self.drop:
            os.chown(path, self.uid, self.gid)


def server_account() -> Account:
    """The account of the servers. For root: `postgres`, or the unprivileged system account."""
    uid = os.geteuid()
    if uid != 0:
        try:
            name = pwd.getpwuid(uid).pw_name
        except KeyError:
            raise EmbeddedError(
                f"user id {uid} has no name in /etc/passwd; PostgreSQL needs one, or set DATABASE_URL."
            ) from None
        return Account(name, uid, os.getegid(), drop=False)
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(name, entry.pw_uid, entry.pw_gid, drop=True)
    raise EmbeddedError(
        "root cannot run PostgreSQL and there is no user postgres or nobody: run as another user."
    )


def default_home() -> Path:
    return Path(os.environ.get("ADUAN_HOME") or PROJECT / ".aduan").absolute()


def prepare(home: Path) -> Path:
    """Make the state folder, private; say plainly when that cannot be."""
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        if os.geteuid() == 0:
            home.chmod(0o711)  # the servers run as another user and pass through to their own folders
        with tempfile.TemporaryFile(dir=home):
            pass
    except OSError as error:
        raise EmbeddedError(
            f"cannot write in {home} ({error.strerror}). Choose another: ADUAN_HOME=/some/where make up"
        ) from error
    return home


def server_root(home: Path, account: Account) -> Path:
    """A folder the server's account can reach.

    A checkout below /root is closed to `postgres`; its state then lives in /var/lib/aduan/<hash of home>.
    Such a state belongs to the home that made it: when that is gone, and with it the keys, it is set aside.
    """
    if not account.drop or account.may(home.parent, "-x"):
        return home
    root = OUTSIDE / _hash(home)
    identity, known = home / "id", root / "id"
    if not identity.exists():
        identity.write_text(secrets.token_hex(16), encoding="ascii")
    if root.exists() and (not known.exists() or known.read_bytes() != identity.read_bytes()):
        root.rename(root.with_name(f"{root.name}.left-{time.time_ns()}"))
    root.mkdir(mode=0o755, parents=True, exist_ok=True)
    known.write_bytes(identity.read_bytes())
    return root


def socket_path(home: Path) -> Path:
    return Path("/tmp") / f"aduan-{os.geteuid()}-{_hash(home)}"  # noqa: S108  # socket_dir checks owner and mode


def socket_dir(home: Path, account: Account) -> Path:
    """A short private folder for sockets: a path of more than 107 bytes cannot be a socket's address."""
    path = socket_path(home)
    path.mkdir(mode=0o700, exist_ok=True)
    found = path.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in (os.geteuid(), account.uid):
        raise EmbeddedError(f"{path} belongs to another user; remove it and try again.")
    path.chmod(0o700)
    account.own(path)
    return path


def forget(home: Path) -> None:
    """Remove what lives outside `home`: sockets, and the servers' state of a home below /root."""
    shutil.rmtree(socket_path(home), ignore_errors=True)
    for path in OUTSIDE.glob(f"{_hash(home)}*"):
        shutil.rmtree(path, ignore_errors=True)


def _hash(home: Path) -> str:
    return hashlib.sha256(os.fsencode(home)).hexdigest()[:12]


def write_marker(home: Path, environment: dict[str, str]) -> None:
    """Remember how to reach the embedded servers, so that manage.py finds them without being told."""
    marker = home / MARKER
    fresh = marker.with_suffix(".new")
    facts = {"format": STATE_FORMAT, "environment": environment}
    fresh.write_text(json.dumps(facts, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    fresh.chmod(0o600)
    fresh.replace(marker)


def read_marker(home: Path) -> dict[str, str]:
    """The environment `make up` left behind; empty when it never ran or the file was cut short."""
    found = _facts(home).get("environment")
    return {str(key): str(value) for key, value in found.items()} if isinstance(found, dict) else {}


def refuse_other_version(home: Path) -> None:
    """Raises EmbeddedError when another version of this program made the state."""
    made = 1 if (home / OLD_MARKER).exists() else _facts(home).get("format", STATE_FORMAT)
    if made != STATE_FORMAT:
        age = "an older" if made in range(1, STATE_FORMAT) else "another"
        raise EmbeddedError(
            f"the state in {home} was made by {age} version of the portal"
            " and cannot be used by this one. Forget it with `make reset`, or choose another ADUAN_HOME."
        )


def _facts(home: Path) -> dict[str, Any]:
    try:
        found = json.loads((home / MARKER).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
