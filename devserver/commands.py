"""`make up`, `make dev`, `make down` and `make reset`."""

import shutil
import sys
from collections.abc import Callable

from devserver import postgres, testing, valkey
from devserver.home import MARKER, OLD_MARKER, EmbeddedError, default_home, forget
from devserver.processes import Pids, end, started_at
from devserver.supervisor import Portal
from devserver.waiting import say


def up() -> int:
    return Portal("demo").run()


def dev() -> int:
    return Portal("development").run()


def down() -> int:
    """Stop the supervisor if it runs, else whatever it left; PostgreSQL and Valkey too."""
    if testing.in_use():
        say("a test run uses the servers of the tests: they go on")
    elif testing.stop():
        say("stopped the servers of the tests")
    home = default_home()
    if not home.exists():
        say(f"nothing runs from {home}")
        return 0
    pids = Pids(home)
    supervisor, children, _ = pids.read()
    if supervisor:
        say("stopping")
        end([supervisor], patience=45, groups=False)
    end([pid for pid in children if started_at(pid)], patience=10)
    for make in (valkey.server, postgres.server):
        make(home).stop()
    pids.forget()
    say("stopped")
    return 0


def reset() -> int:
    """Stop, and forget everything below ADUAN_HOME."""
    home = default_home()
    if not home.exists():
        say(f"nothing to forget in {home}")
        return 0
    if not any((home / name).exists() for name in ("up.lock", OLD_MARKER, MARKER, "postgres.lock")):
        raise EmbeddedError(f"{home} does not look like the state of a portal; remove it yourself.")
    down()
    forget(home)
    shutil.rmtree(home)
    say(f"forgot {home}")
    return 0


def run(command: str) -> int:
    """Run one of them; what a person has to put right is said in a line, never as a traceback."""
    commands: dict[str, Callable[[], int]] = {"up": up, "dev": dev, "down": down, "reset": reset}
    try:
        return commands[command]()
    except EmbeddedError as error:
        print(f"aduan: {error}", file=sys.stderr, flush=True)
        return 1
