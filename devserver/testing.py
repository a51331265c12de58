"""PostgreSQL and Valkey for test runs: started when a test first needs them, kept for the next run.

Their state is in ADUAN_TEST_HOME, a folder of this checkout. Every run holds a shared lock on it while it may
use the servers; devserver.idle stops them half an hour after the last lock was given back, `make down` at
once. With ADUAN_TEST_SERVERS=new (whole-suite runs, CI) a run has servers of its own, which end with it.
DATABASE_URL and REDIS_URL, when set, are used instead.
"""

from __future__ import annotations

import atexit
import fcntl
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from devserver import home
from devserver.processes import end, started_at

KEPT = home.PROJECT / ".aduan-test"
IDLE_MINUTES = 30
_held: list[TextIO] = []  # the lock of this process, for as long as it lives
_started: list[bool] = []


def folder() -> Path:
    return Path(os.environ.get("ADUAN_TEST_HOME") or KEPT)


def as_application() -> bool:
    """Whether the tests of this run have the rights of the application's database role and no more.

    They do unless ADUAN_TESTS_AS_APP=0 says that the administrator of the database runs them.
    """
    return os.environ.get("ADUAN_TESTS_AS_APP") != "0"


def addresses() -> dict[str, str]:
    """Where the servers of the tests are or will be. Starts nothing and writes nothing."""
    from deploy.make_roles import MIGRATE
    from devserver.addresses import database_url, redis_url
    from devserver.roles import TESTS

    return {
        "DATABASE_URL": database_url(folder(), TESTS) if as_application() else database_url(folder()),
        "ADUAN_MIGRATE_DATABASE_URL": database_url(folder(), MIGRATE),
        "REDIS_URL": redis_url(folder()),
    }


def run_id() -> str:
    """Tells this run from others on the same servers: pid and start time of its first process."""
    return os.environ.setdefault("ADUAN_TEST_RUN", f"{os.getpid()}x{started_at(os.getpid())}")


def uses_own_servers() -> bool:
    """Whether the environment names the servers of this module rather than others."""
    return any(os.environ.get(name) == url for name, url in addresses().items())


def prepare_run() -> None:
    """Give the run a name and a folder for what it writes; its xdist workers inherit both."""
    if os.environ.get("ADUAN_TEST_RUN"):
        return
    owner = os.getpid()
    scratch = Path(tempfile.mkdtemp(prefix="aduan-test-"))
    home.server_account().own(scratch)
    os.environ["ADUAN_HOME"] = str(scratch)
    run_id()
    throwaway = os.environ.get("ADUAN_TEST_SERVERS") == "new" or "CI" in os.environ
    if throwaway:
        os.environ["ADUAN_TEST_HOME"] = str(scratch)
        _hold(scratch)

    def clean() -> None:
        if os.getpid() == owner:
            if throwaway:
                stop(destroy=True)
            shutil.rmtree(scratch, ignore_errors=True)

    atexit.register(clean)


def start() -> None:
    """Start what of the two does not run. Safe from many processes at once; cheap when both run."""
    if _started:
        return
    from devserver import postgres, valkey

    place = home.prepare(folder())
    _hold(place)
    with exclusive(place / "start.lock"):
        for name, make in (("DATABASE_URL", postgres.server), ("REDIS_URL", valkey.server)):
            if os.environ.get(name) == addresses()[name]:
                make(place, throwaway=True).start()
        if uses_own_servers():
            _watch(place)
    _started.append(True)


def _hold(place: Path) -> None:
    """Keep devserver.idle away until this process ends; waits while that stops the servers."""
    if not _held:
        _held.append((place / "in-use.lock").open("a"))
        fcntl.flock(_held[0], fcntl.LOCK_SH)
        atexit.register(_held[0].close)


def in_use() -> bool:
    """Whether a test run holds the servers."""
    try:
        with (folder() / "in-use.lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False


def stop(*, destroy: bool = False) -> bool:
    """Stop both servers and what watches them, and with `destroy` forget them; whether any ran."""
    from devserver import postgres, valkey

    place = folder()
    if not (place / "start.lock").exists():
        return False
    watcher = _watcher(place)
    end([watcher] if watcher else [], patience=5)
    found = False
    for make in (valkey.server, postgres.server):
        server = make(place, throwaway=True)
        found = found or server.alive()
        if destroy:
            server.destroy()
        else:
            server.stop()
    if destroy:
        home.forget(place)
    return found


@contextmanager
def exclusive(path: Path) -> Iterator[None]:
    with path.open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _watch(place: Path) -> None:
    """Have one process that stops the servers when no run needs them any more."""
    if _watcher(place):
        return
    with (place / "idle.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "devserver.idle", str(place), str(place != KEPT)],
            cwd=home.PROJECT, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
        )  # fmt: skip
    process.returncode = 0  # it outlives us on purpose: no ResourceWarning
    (place / "idle.json").write_text(json.dumps([process.pid, started_at(process.pid)]), encoding="ascii")


def _watcher(place: Path) -> int | None:
    try:
        pid, since = json.loads((place / "idle.json").read_text(encoding="ascii"))
    except (OSError, ValueError):
        return None
    return pid if since and started_at(pid) == since else None
