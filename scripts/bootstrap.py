"""Makes .venv from the hashed locks, then runs a command of scripts/desk.py in it.

Run by any Python >= 3.11 that is on the machine, with nothing installed: the standard library only.
A second run finds the stamp and starts at once. Who only starts the portal gets its packages and its
servers; what tests, checks and benchmarks need besides is installed by the first command that needs it.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
VENV = PROJECT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "aduan-stamp"
PORTAL_LOCKS = ("requirements.txt", "requirements-embedded.txt")
DESK_LOCKS = (*PORTAL_LOCKS, "requirements-dev.txt")
UV_LOCK = "requirements-uv.txt"
PORTAL_COMMANDS = frozenset({"up", "down", "reset"})


def say(text: str) -> None:
    print(f"aduan: {text}", flush=True)


def stop(text: str) -> None:
    sys.exit(f"aduan: {text}")


def stamp(locks: tuple[str, ...]) -> str:
    """What the environment depends on: the locks, the interpreter, the folder (a venv cannot be moved)."""
    facts = hashlib.sha256(f"{sys.version_info[:2]} {VENV}".encode())
    for name in (*locks, UV_LOCK):
        facts.update((PROJECT / name).read_bytes())
    return facts.hexdigest()


def installed(locks: tuple[str, ...]) -> bool:
    """Whether .venv holds what these locks name; the desk's packages contain the portal's."""
    wanted = {stamp(locks), stamp(DESK_LOCKS)}
    try:
        return STAMP.read_text(encoding="ascii") in wanted and os.access(PYTHON, os.X_OK)
    except OSError:
        return False


def quiet(*command: str, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, cwd=PROJECT, env=os.environ | (env or {}), text=True, check=False,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip


def make_venv() -> None:
    if VENV.is_symlink():  # --clear would empty the folder behind it, under whatever runs from there
        stop(f"{VENV} is a link to packages of another folder, {VENV.resolve()}: remove the link, try again.")
    try:
        import ensurepip  # noqa: F401  # Debian ships venv without it
    except ImportError:
        package = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
        if os.geteuid() != 0 or not shutil.which("apt-get"):
            stop(f"this Python cannot make virtual environments. Install {package} and try again.")
        say(f"installing {package}")
        quiet("apt-get", "update", "-qq")
        done = quiet("apt-get", "install", "-y", "-qq", "--no-install-recommends", package)
        if done.returncode:
            stop(f"could not install {package}:\n{done.stdout}")
    done = quiet(sys.executable, "-m", "venv", "--clear", str(VENV))
    if done.returncode:
        stop(f"could not make {VENV}:\n{done.stdout}")


def index_of_pip() -> dict[str, str]:
    """uv does not read pip's configuration; hand over the index a machine's owner chose for pip."""
    found: dict[str, str] = {}
    for line in quiet(str(PYTHON), "-m", "pip", "config", "list").stdout.splitlines():
        key, _, value = line.partition("=")
        found[key.split(".")[-1]] = value.strip("'\" ")
    pairs = (("index-url", "UV_DEFAULT_INDEX"), ("extra-index-url", "UV_INDEX"), ("cert", "SSL_CERT_FILE"))
    return {name: found[key] for key, name in pairs if key in found and name not in os.environ}


def install(locks: tuple[str, ...]) -> None:
    """uv when it can be had (seconds), else pip (a minute or two); both only what the hashes name."""
    pip = [str(PYTHON), "-m", "pip", "--disable-pip-version-check", "--no-input"]
    say("installing uv")
    if quiet(*pip, "install", "-q", "--require-hashes", "-r", UV_LOCK).returncode == 0:
        say("installing the locked packages")
        sync = (str(VENV / "bin" / "uv"), "pip", "sync", "-q", "--require-hashes", *locks)
        for extra in ({}, index_of_pip()):
            if quiet(*sync, env={"VIRTUAL_ENV": str(VENV)} | extra).returncode == 0:
                return
    say("uv is of no use here; installing with pip, which takes a minute or two")
    named = [word for lock in locks for word in ("-r", lock)]
    done = quiet(*pip, "install", "-q", "--require-hashes", *named)
    if done.returncode:
        stop(f"the packages could not be installed:\n{done.stdout[-3000:]}")


def prepare(locks: tuple[str, ...]) -> None:
    began = time.monotonic()
    try:
        lock = (PROJECT / ".venv.lock").open("w")
    except OSError as error:
        stop(f"cannot write in {PROJECT} ({error.strerror}); copy the project to a folder of your own.")
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two makes at once: the second waits and finds the work done
        if installed(locks):
            return
        if installed(PORTAL_LOCKS):
            say("adding what tests, checks and benchmarks need")  # a portal that runs from here goes on
        else:
            say(f"making .venv with Python {sys.version.split()[0]}")
            make_venv()
        install(locks)
        STAMP.write_text(stamp(locks), encoding="ascii")
    say(f"packages ready after {time.monotonic() - began:.0f} s")


def main() -> None:
    if sys.version_info < (3, 11):  # noqa: UP036  # any Python may run this file
        stop(f"Python 3.11 or newer is needed; this is {sys.version.split()[0]}.")
    locks = PORTAL_LOCKS if sys.argv[1:2] and sys.argv[1] in PORTAL_COMMANDS else DESK_LOCKS
    if not installed(locks):
        prepare(locks)
    os.chdir(PROJECT)
    # The commands start hundreds of processes; without bytecode each compiles Django and the portal again.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.execv(PYTHON, [str(PYTHON), "-m", "scripts.desk", *sys.argv[1:]])  # noqa: S606  # becomes the command


if __name__ == "__main__":
    main()
