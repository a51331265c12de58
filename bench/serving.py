"""The portal and the floor, each in a gunicorn of its own with deploy/gunicorn.py, and requests to them."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

CLIENTS = int(os.environ.get("ADUAN_BENCH_CLIENTS", "8"))


@dataclass(frozen=True, slots=True)
class Answered:
    """`rate` in requests a second, `p50` and `p95` in milliseconds."""

    rate: float
    p50: float
    p95: float
    statuses: dict[str, int]


@dataclass(frozen=True, slots=True)
class Served:
    """One gunicorn on a port of loopback."""

    port: int
    pid: int

    def ask(self, requests: list[str], *, clients: int = CLIENTS) -> Answered:
        """Sends the requests (whole HTTP/1.1 requests as text), each once."""
        asked = {"port": self.port, "connections": clients, "requests": requests}
        done = subprocess.run(
            [sys.executable, "-m", "bench.hammer"],
            input=json.dumps(asked),
            capture_output=True,
            text=True,
            timeout=1800,
        )
        if done.returncode:
            raise RuntimeError(done.stderr.strip().splitlines()[-1])
        said = json.loads(done.stdout)
        return Answered(len(requests) / said["seconds"], said["p50"], said["p95"], said["statuses"])


def get(path: str, *, cookies: str = "", language: str = "id") -> str:
    lines = [f"GET {path} HTTP/1.1", "Host: 127.0.0.1", f"Accept-Language: {language}", "Accept: text/html"]
    lines += [f"Cookie: {cookies}"] if cookies else []
    return "\r\n".join([*lines, "", ""])


@contextlib.contextmanager
def portal(**environment: str) -> Iterator[Served]:
    """The portal as in production (bench/served_settings.py), with its log lines written to a file."""
    with tempfile.TemporaryDirectory(prefix="aduan-bench-static-", dir="/tmp") as folder:
        settings = {
            "DJANGO_SETTINGS_MODULE": "bench.served_settings",
            "ADUAN_BENCH_STATIC": folder,
            "ADUAN_LOG_LEVEL": "INFO",
            **environment,
        }
        collect = [sys.executable, "manage.py", "collectstatic", "--no-input", "--verbosity", "0"]
        subprocess.run(collect, env=os.environ | settings, check=True, timeout=300)
        with _gunicorn("aduan.wsgi", settings, Path(folder) / "portal.log") as served:
            yield served


@contextlib.contextmanager
def floor() -> Iterator[Served]:
    """An empty Django view without middleware."""
    settings = {"DJANGO_SETTINGS_MODULE": "bench.empty_settings"}
    with (
        tempfile.TemporaryDirectory(prefix="aduan-bench-floor-", dir="/tmp") as folder,
        _gunicorn("bench.empty_wsgi", settings, Path(folder) / "floor.log") as served,
    ):
        yield served


@contextlib.contextmanager
def _gunicorn(application: str, settings: dict[str, str], log: Path) -> Iterator[Served]:
    port = free_port()
    command = [str(Path(sys.executable).with_name("gunicorn")), application, "--bind", f"127.0.0.1:{port}"]
    command += [
        "--config",
        "deploy/gunicorn.py",
        "--max-requests",
        "0",
    ]  # no worker starts anew in the middle
    with log.open("wb") as lines:
        process = subprocess.Popen(command, env=os.environ | settings, stdout=lines, stderr=lines)
    try:
        until_it_answers(port, process, log)
        yield Served(port, process.pid)
    finally:
        process.terminate()
        process.wait(60)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until_it_answers(
    port: int, process: subprocess.Popen[bytes] | None = None, log: Path | None = None, patience: float = 120
) -> None:
    """Waits for /healthz. Raises RuntimeError with the end of `log` when `process` ends or patience does."""
    end = time.monotonic() + patience
    while time.monotonic() < end and (process is None or process.poll() is None):
        with (
            contextlib.suppress(OSError),
            urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5),
        ):
            return
        time.sleep(0.2)
    said = log.read_text()[-2000:] if log else ""
    raise RuntimeError(f"nothing answers on port {port}: {said}")
