"""`make up` for real, in its own state folder, with everything that can go wrong around it."""

import errno
import os
import platform
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from devserver import greeting, home
from devserver.home import EmbeddedError
from devserver.processes import Pids, started_at
from devserver.supervisor import Portal

pytestmark = pytest.mark.faults
PID_FILES = ("postgres/postmaster.pid", "valkey/valkey.pid")
PROJECT = Path(__file__).resolve().parents[2]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Desk:
    """One state folder and port, and the commands run on them."""

    home: Path
    port: int = field(default_factory=free_port)

    @property
    def said(self) -> Path:
        return self.home.with_name("said.txt")

    def start(self, command: str, **more: str) -> "subprocess.Popen[bytes]":
        """The command, its output going to `self.said`."""
        kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
        # The sample is not what is tried here.
        facts = {"ADUAN_HOME": str(self.home), "ADUAN_PORT": str(self.port), "ADUAN_SAMPLE": "0"}
        with self.said.open("wb") as said:
            return subprocess.Popen(
                [sys.executable, "-m", "scripts.desk", command], cwd=PROJECT, env=kept | facts | more,
                stdin=subprocess.DEVNULL, stdout=said, stderr=said, start_new_session=True,
            )  # fmt: skip

    def run(self, command: str, **more: str) -> tuple[int, str]:
        code = self.start(command, **more).wait(timeout=600)
        return code, self.said.read_text(encoding="utf-8")

    def up(self) -> "subprocess.Popen[bytes]":
        """Started, and waited for until its last line."""
        process = self.start("up")
        ready = f"ready: http://127.0.0.1:{self.port}/\n"
        deadline = time.monotonic() + 600  # a loaded machine is no fault
        while not self.said.read_text(encoding="utf-8").endswith(ready):
            if process.poll() is not None or time.monotonic() > deadline:
                pytest.fail(self.said.read_text(encoding="utf-8"))
            time.sleep(0.1)
        return process

    def answers(self, path: str = "healthz") -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/{path}", timeout=5) as response:
                return bool(response.status == 200)
        except OSError:
            return False


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(tmp_path / "home")
    yield desk
    desk.run("reset")


def gone(pids: list[int], seconds: float = 20) -> bool:
    deadline = time.monotonic() + seconds
    while any(started_at(pid) for pid in pids):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True


def test_up_serves_stops_cleanly_and_comes_back(desk: Desk) -> None:
    first = desk.up()
    assert desk.answers()
    assert "already running" in desk.run("up")[1]
    children = Pids(desk.home).read()[1]
    assert len(children) == 4  # web, workers, the part that signs lists, beat
    assert "aduan_app@" in home.read_marker(desk.home)["DATABASE_URL"]
    for child in children:  # what serves cannot log in as the role that changes tables
        environment = Path(f"/proc/{child}/environ").read_bytes()
        assert b"\0DATABASE_URL=postgres://aduan_app@" in b"\0" + environment
        assert b"ADUAN_MIGRATE_DATABASE_URL" not in environment
    first.send_signal(signal.SIGINT)
    assert first.wait(timeout=60) == 0
    assert gone(children)

    second = desk.up()
    supervisor, children, _ = Pids(desk.home).read()
    assert supervisor == second.pid
    os.kill(second.pid, signal.SIGKILL)
    second.wait()
    third = desk.up()  # over the killed run's pid file, sockets, and servers that still run
    assert gone(children)
    assert desk.answers()

    # Whatever is killed while it runs comes back by itself.
    root = home.server_root(desk.home, home.server_account())
    victims = [int((root / name).read_text(encoding="ascii").split()[0]) for name in PID_FILES]
    victims.append(Pids(desk.home).read()[1][1])
    for pid in victims:
        os.kill(pid, signal.SIGKILL)
    assert gone(victims)
    deadline = time.monotonic() + 40
    while not desk.answers("readyz"):
        assert time.monotonic() < deadline, desk.said.read_text(encoding="utf-8")
        time.sleep(0.3)

    code, said = desk.run("down")
    assert (code, "stopped" in said) == (0, True)
    assert third.wait(timeout=60) == 0
    code, said = desk.run("reset")
    assert code == 0, said
    assert not desk.home.exists()


def test_a_taken_port_is_said_in_one_line(desk: Desk) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", desk.port))
        taken.listen()
        code, said = desk.run("up")
    assert code == 1
    assert f"port {desk.port} is taken" in said
    assert "Traceback" not in said


def test_a_port_that_only_root_may_open_is_not_called_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_socket: socket.socket, _address: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setenv("ADUAN_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("ADUAN_PORT", "80")
    portal = Portal("demo")
    monkeypatch.setattr(socket.socket, "bind", refuse)
    with pytest.raises(EmbeddedError, match="port 80 is for root alone"):
        portal._refuse_taken_port()


def test_where_evidence_cannot_be_examined_make_up_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """On macOS files waited for ever, without a word."""
    assert "examined" not in greeting.text("http://127.0.0.1:8000/", Path("/state"), 1)
    monkeypatch.setattr(platform, "system", lambda: "Darwin")
    assert "evidence is examined on Linux" in greeting.text("http://127.0.0.1:8000/", Path("/state"), 1)


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"ADUAN_PORT": "eighty"}, "ADUAN_PORT is 'eighty'"),
        ({"ADUAN_HOME": "/proc/aduan"}, "cannot write in /proc/aduan"),
        ({"ADUAN_PG_BINDIR": "/nowhere"}, "/nowhere"),
    ],
)
def test_what_a_person_has_to_put_right_is_said_in_words(
    desk: Desk, more: dict[str, str], expected: str
) -> None:
    code, said = desk.run("up", **more)
    assert code == 1
    assert expected in said
    assert "Traceback" not in said


def test_reset_keeps_its_hands_off_a_folder_that_is_not_ours(desk: Desk) -> None:
    desk.home.mkdir()
    (desk.home / "thesis.txt").write_text("years of work", encoding="ascii")
    code, said = desk.run("reset")
    assert (code, "does not look like" in said) == (1, True)
    assert (desk.home / "thesis.txt").exists()
    (desk.home / "thesis.txt").unlink()


def test_down_with_nothing_running_is_no_error(desk: Desk) -> None:
    assert desk.run("down")[0] == 0
