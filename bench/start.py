"""From a fresh copy of the project to a portal that answers, and the size of what is installed for it.

`make up` twice in a copy without `.venv` and with a state folder of its own: the packages, the first start
with its sample, the second on the same state; then `pip`'s view of `requirements.txt` alone. The slowest
share of a promise decides. `SIZE` is ignored. Packages come from the index that pip is set up for, and from
uv's cache where it has them: `UV_NO_CACHE=1` measures the network, too.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.outcome import Outcome
from bench.serving import free_port
from scripts import bootstrap

SIZES = (1,)
PROJECT = bootstrap.PROJECT
LEFT_OUT = shutil.ignore_patterns(
    ".venv", ".git", ".aduan*", "staticfiles", "build", ".mypy_cache", ".hypothesis", "__pycache__"
)
LIMITS = {
    "packages, s": 60.0,
    "packages, MB": 800.0,
    "first start, s": 60.0,
    "second start, s": 8.0,
    "production's packages, MB": 350.0,
}


def measure(_size: int) -> Outcome:
    with tempfile.TemporaryDirectory(prefix="aduan-bench-start-", dir="/tmp") as folder:
        project = Path(folder) / "project"
        shutil.copytree(PROJECT, project, ignore=LEFT_OUT)
        with _up(project) as first:
            figures = {
                "packages, s": _figure(r"packages ready after (\d+) s", first),
                "first start, s": _figure(r"up after (\d+) s", first),
            }
        figures["packages, MB"] = _megabytes(project / ".venv")
        with _up(project) as second:
            figures["second start, s"] = _figure(r"up after (\d+) s", second)
        figures["production's packages, MB"] = _production(Path(folder) / "production")
    shares = {name: figures[name] / limit for name, limit in LIMITS.items()}
    return Outcome(
        title="from a fresh copy to a portal that answers; the worst share of a promise decides",
        runs=1,
        median_ratio=max(shares.values()),
        floor=1.0,
        limit=1.0,
        sense="most",
        rows=[(name, f"{figures[name]:.0f} of {limit:.0f}") for name, limit in LIMITS.items()],
        more={"figures": figures},
    )


@contextmanager
def _up(project: Path) -> Iterator[str]:
    """What `make up` says until it is ready; it is stopped afterwards. Raises RuntimeError with that text."""
    own = {"ADUAN_HOME": str(project / ".aduan"), "ADUAN_PORT": str(free_port())}
    usual = {name: value for name, value in os.environ.items() if not _is_ours(name)}
    command = [sys.executable, "scripts/bootstrap.py", "up"]
    running = subprocess.Popen(
        command, cwd=project, env=usual | own, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    assert running.stdout is not None
    lines: list[str] = []
    try:
        for line in running.stdout:
            lines.append(line)
            if line.startswith("ready:"):
                break
        else:
            raise RuntimeError("".join(lines[-20:]))
        yield "".join(lines)
    finally:
        running.send_signal(signal.SIGINT)
        running.communicate(timeout=120)


def _is_ours(name: str) -> bool:
    """Variables of this benchmark's own servers: the portal that is measured starts its own."""
    return name.startswith("ADUAN_") or name in ("DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE")


def _figure(pattern: str, said: str) -> float:
    found = re.search(pattern, said)
    if found is None:
        raise RuntimeError(f"nothing like {pattern!r} in: {said[-1000:]}")
    return float(found[1])


def _production(folder: Path) -> float:
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    uv = Path(sys.executable).with_name("uv")
    sync = [str(uv), "pip", "sync", "-q", "--python", str(folder), "--require-hashes", "requirements.txt"]
    if all(bootstrap.quiet(*sync, env=index).returncode for index in ({}, bootstrap.index_of_pip())):
        raise RuntimeError("the packages of requirements.txt could not be installed")
    return _megabytes(folder)


def _megabytes(folder: Path) -> float:
    return sum(path.lstat().st_size for path in folder.rglob("*")) / 1e6
