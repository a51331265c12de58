"""Processes that the supervisor starts: known by pid and start time, each the head of its own group."""

import ctypes
import json
import os
import signal
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

PR_SET_PDEATHSIG = 1


def started_at(pid: int) -> str:
    """The kernel's start time of a process, which tells it from a later one with the same pid; '' if gone."""
    try:
        rest = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except OSError:
        return ""
    return "" if rest[0] == "Z" else rest[19]


def alive(pid_file: Path) -> bool:
    """Whether the process named in the first line of a pid file lives (a zombie does not)."""
    try:
        return bool(started_at(int(pid_file.read_text(encoding="utf-8").split("\n", 1)[0])))
    except (OSError, ValueError):
        return False


def _die_with_parent() -> None:
    """Even a supervisor killed by SIGKILL takes its children along."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


@dataclass
class Child:
    """A long-running command; its output goes to `log`."""

    name: str
    command: list[str]
    log: Path
    environment: dict[str, str]
    process: subprocess.Popen[bytes] | None = None
    starts: list[float] = field(default_factory=list)

    def start(self) -> None:
        self.starts.append(time.monotonic())
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command, env=self.environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True, preexec_fn=_die_with_parent,  # one thread only
            )  # fmt: skip

    @property
    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def hopeless(self) -> bool:
        """Whether it died five times within a minute."""
        return len([moment for moment in self.starts if moment > time.monotonic() - 60]) >= 5


class Pids:
    """ADUAN_HOME/run.json: who belongs to the running portal, for `make down` and after a kill."""

    def __init__(self, home: Path) -> None:
        self.path = home / "run.json"

    def write(self, supervisor: int, children: list[int], port: int) -> None:
        facts = {
            "port": port,
            "supervisor": [supervisor, started_at(supervisor)],
            "children": [[pid, started_at(pid)] for pid in children],
        }
        fresh = self.path.with_suffix(".new")
        fresh.write_text(json.dumps(facts), encoding="ascii")
        fresh.replace(self.path)

    def read(self) -> tuple[int | None, list[int], int]:
        """(supervisor still running, children still running, port)."""
        try:
            facts = json.loads(self.path.read_text(encoding="ascii"))
            supervisor = _same(*facts["supervisor"])
            children = [pid for pid in (_same(*pair) for pair in facts["children"]) if pid]
            return supervisor, children, int(facts["port"])
        except (OSError, ValueError, KeyError, TypeError):
            return None, [], 0

    def forget(self) -> None:
        self.path.unlink(missing_ok=True)


def _same(pid: int, since: str) -> int | None:
    return pid if since and started_at(pid) == since else None


def end(pids: list[int], *, patience: float, groups: bool = True) -> None:
    """Ask the processes to leave (SIGTERM), wait, then make them (SIGKILL to the whole group)."""
    for pid in pids:
        _signal(pid, signal.SIGTERM, group=False)
    deadline = time.monotonic() + patience
    while any(started_at(pid) for pid in pids) and time.monotonic() < deadline:
        for pid in pids:
            _reap(pid)
        time.sleep(0.05)
    for pid in pids:
        if started_at(pid):
            _signal(pid, signal.SIGKILL, group=groups)
            _reap(pid)


def _reap(pid: int) -> None:
    try:
        os.waitpid(pid, os.WNOHANG)
    except OSError:
        return


def _signal(pid: int, number: int, *, group: bool) -> None:
    try:
        (os.killpg if group else os.kill)(pid, number)
    except OSError:
        return
