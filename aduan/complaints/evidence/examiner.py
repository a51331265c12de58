"""Starts the sandbox's process here, or in the examiner: a part with neither secrets nor network.

`python -m aduan.complaints.evidence.examiner SOCKET [GROUP]` is that part. Who asks hands over two open
files, the one to read and the one for the answer: nothing is copied, and the examiner opens no path itself.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import socketserver
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

_ROOT: Final = Path(__file__).resolve().parents[3]
_START: Final = (
    "import sys; sys.path.insert(0, sys.argv[1]); "
    "from aduan.complaints.evidence.sandbox_worker import main; main()"
)
_MESSAGE: Final = 4096  # bytes
_GRACE: Final = 10  # seconds for the examiner itself


class Unavailable(Exception):
    """The sandbox itself could not be started: nothing is known about the file, try again later."""


@dataclass(frozen=True, slots=True)
class Examination:
    """What the process does, and what it may cost. `kind` is a code of file_types.Kind or `-`."""

    task: str
    kind: str
    cpu_seconds: int
    memory: int
    threads: int
    wall_seconds: int


def examine(what: Examination, source: int, answer: int, *, examiner: str = "") -> int | None:
    """The return code of the process that read one open file and wrote into the other; None: too slow.

    `examiner` is the socket of the part that starts it; without one it is started here. Raises Unavailable.
    """
    try:
        return _ask(what, source, answer, examiner) if examiner else _run(what, source, answer)
    except OSError as error:
        raise Unavailable(str(error)) from error


def _run(what: Examination, source: int, answer: int) -> int | None:
    cost = (what.cpu_seconds, what.memory, what.threads)
    try:
        return subprocess.run(
            [sys.executable, "-I", "-c", _START, str(_ROOT), what.task, what.kind, *map(str, cost)],
            stdin=source,
            stdout=answer,
            stderr=subprocess.DEVNULL,
            timeout=what.wall_seconds,
            env={"PATH": "/usr/bin:/bin"},
            cwd="/",
            check=False,
        ).returncode
    except subprocess.TimeoutExpired:
        return None


def _ask(what: Examination, source: int, answer: int, examiner: str) -> int | None:
    with socket.socket(socket.AF_UNIX) as line:
        line.settimeout(what.wall_seconds + _GRACE)
        line.connect(examiner)
        socket.send_fds(line, [json.dumps(asdict(what)).encode()], [source, answer])
        said = line.recv(_MESSAGE)
    if not said:
        raise Unavailable("the examiner ended in the middle of a file")
    status: int | None = json.loads(said)["status"]
    return status


class _Examiner(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True


class _OneFile(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        said, files, _flags, _address = socket.recv_fds(self.request, _MESSAGE, 2)
        try:
            if said:  # a health check says nothing
                status = _run(Examination(**json.loads(said)), *files)
                self.request.sendall(json.dumps({"status": status}).encode())
        finally:
            for file in files:
                os.close(file)


def listen_on(path: str, group: str = "") -> None:
    """Until SIGTERM. The socket is for our own account, and for a group where one is named."""
    Path(path).unlink(missing_ok=True)
    os.umask(0o117)
    with _Examiner(path, _OneFile) as server:
        if group:
            shutil.chown(path, group=group)
        os.umask(0o077)
        server.serve_forever()


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    listen_on(*sys.argv[1:])
