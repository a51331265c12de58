"""A decoder that was taken over reaches no key, no socket and no other process, without any privilege.

Seen to fail on 0.1.0: the sandbox as user 10001 read a key with mode 0600 of that user, wrote into the state
folder and reached Unix sockets; where `unshare` was refused also TCP, and the environment and memory of its
parent.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from aduan.complaints.evidence import KINDS, confinement, sandbox, sandbox_worker
from aduan.complaints.evidence.examiner import Unavailable
from tests.factories.files import jpeg

ROOT = Path(__file__).resolve().parents[2]
ORDINARY = 10001

# Runs in the child: becomes an ordinary user, gives everything up, then tries what an attacker would.
ATTACK = r"""
import ctypes, os, socket, struct, subprocess, sys
root, key, state, path, port, denied, only = sys.argv[1:8]
sys.path.insert(0, root)
from aduan.complaints.evidence import confinement, pictures, sandbox_worker
pictures.load_decoders("jpeg")  # before the user changes: its modules may be in root's folder
libc = ctypes.CDLL(None, use_errno=True)
if os.geteuid() == 0:
    os.setgroups([]); os.setgid(10001); os.setuid(10001)
if denied:
    # As in a container whose runtime refuses them: an earlier filter answers for these calls.
    libc.prctl(38, 1, 0, 0, 0)
    steps = [confinement._step(0x20, 0)]
    for number in denied.split(","):
        steps += [confinement._step(0x15, int(number), 0, 1), confinement._step(0x06, 0x00050000 | 38)]
    code = b"".join([*steps, confinement._step(0x06, 0x7FFF0000)])
    memory = ctypes.create_string_buffer(code, len(code))
    assert libc.prctl(22, 2, struct.pack("HxxxxxxP", len(code) // 8, ctypes.addressof(memory)), 0, 0) == 0
if only == "worker":
    sys.argv = ["worker", "jpeg", "10", str(1 << 30), "0"]
    sandbox_worker.main()
elif only == "all":
    sandbox_worker.confine(cpu_seconds=20, memory=1 << 30)
elif only:
    libc.prctl(38, 1, 0, 0, 0)
    assert {"landlock": confinement._forbid_paths, "seccomp": confinement._forbid_calls}[only]()

def unix():
    with socket.socket(socket.AF_UNIX) as line:
        line.connect(path)

def tcp():
    with socket.socket() as line:
        line.connect(("127.0.0.1", int(port)))

def memory_of_parent():
    buffer = ctypes.create_string_buffer(8)
    vector = struct.pack("PN", ctypes.addressof(buffer), 8)
    libc.process_vm_readv(os.getppid(), vector, 1, vector, 1, 0)
    if ctypes.get_errno() != 14:  # EFAULT: allowed to look, nothing there
        raise PermissionError

ways = {
    "read": lambda: open(key, "rb").read(),
    "write": lambda: open(state + "/planted", "wb").close(),
    "unix": unix,
    "tcp": tcp,
    "environment": lambda: open(f"/proc/{os.getppid()}/environ", "rb").read(),
    "memory": memory_of_parent,
    "program": lambda: os.execv("/bin/true", ["true"]),
    "process": lambda: os.fork() or os._exit(0),
    "signal": lambda: os.kill(os.getppid(), 0),
}
for name, way in ways.items():
    try:
        if name in ("program", "process") and only != "all":
            continue
        way()
    except OSError:
        continue
    os.write(1, (name + " ").encode())
"""


@pytest.fixture
def home() -> Iterator[Path]:
    """A folder of user 10001 with a key that only this user may read."""
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        made = Path(folder)
        (made / "key").write_bytes(b"secret")
        (made / "key").chmod(0o600)
        if os.geteuid() == 0:
            for path in (made, made / "key"):
                os.chown(path, ORDINARY, ORDINARY)
        yield made


def attacked(
    home: Path, only: str, *, denied: str = "", given: bytes = b""
) -> subprocess.CompletedProcess[bytes]:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket(socket.AF_UNIX) as line:
        line.bind(str(home / "line"))
        (home / "line").chmod(0o777)
        line.listen()
        port = str(server.getsockname()[1])
        command = [sys.executable, "-I", "-c", ATTACK, str(ROOT), str(home / "key"), str(home)]
        return subprocess.run(
            [*command, str(home / "line"), port, denied, only],
            input=given,
            capture_output=True,
            timeout=120,
            check=False,
        )


@pytest.fixture(autouse=True)
def linux() -> None:
    if len(confinement.available()) < 2:
        pytest.skip("this kernel lacks Landlock or seccomp: the confinement of evidence was not tested")


def test_without_the_locks_these_attacks_work(home):
    """Else the tests below would say nothing."""
    reached = attacked(home, "").stdout.split()
    assert {b"read", b"write", b"unix", b"tcp"} <= set(reached)


def test_an_ordinary_user_in_the_sandbox_reaches_nothing(home):
    done = attacked(home, "all")
    assert (done.stdout, done.returncode) == (b"", 0), done.stderr.decode()


def test_it_reaches_nothing_where_unshare_is_refused(home):
    done = attacked(home, "all", denied=str({"x86_64": 272, "aarch64": 97}[os.uname().machine]))
    assert (done.stdout, done.returncode) == (b"", 0), done.stderr.decode()


@pytest.mark.parametrize(
    ("only", "closed"),
    [("landlock", {b"read", b"write", b"tcp"}), ("seccomp", {b"read", b"write", b"tcp", b"unix", b"signal"})],
)
def test_each_lock_holds_by_itself(home, only, closed):
    done = attacked(home, only)
    assert done.returncode == 0, done.stderr.decode()
    assert not closed & set(done.stdout.split())


def test_without_either_lock_no_file_is_parsed_and_evidence_waits(home):
    denied = "444," + str({"x86_64": 157, "aarch64": 167}[os.uname().machine])  # Landlock and prctl
    done = attacked(home, "worker", denied=denied, given=jpeg())
    assert (done.returncode, done.stdout) == (sandbox_worker.UNCONFINED, b""), done.stderr.decode()
    with pytest.raises(Unavailable):
        sandbox._read(done.stdout, done.returncode)


def test_a_good_picture_is_still_converted_in_it():
    with tempfile.TemporaryFile() as source:
        source.write(jpeg())
        source.seek(0)
        assert sandbox.convert(source).ok


@pytest.mark.parametrize("kind", [*KINDS, "-"])
def test_the_child_loads_neither_django_nor_the_network(kind: str) -> None:
    """The package loaded what decides at intake, and with it all of Django, for each file."""
    start = (
        f"import sys; sys.path.insert(0, {str(ROOT)!r})\n"
        "from aduan.complaints.evidence import file_types, sandbox_worker\n"
        f"sandbox_worker.load_decoder(file_types.KINDS.get({kind!r}))\n"
        "print({'django', 'ssl', 'asyncio', 'aduan.complaints.evidence.acceptance'} & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-c", start], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.strip() == "set()"
