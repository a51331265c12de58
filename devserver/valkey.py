"""An embedded Valkey on a Unix socket. It holds hints and a cache; what must not be lost is in PostgreSQL."""

import contextlib
import os
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from devserver import binaries
from devserver.addresses import redis_socket, redis_url
from devserver.home import Account, EmbeddedError, server_account, server_root, socket_dir
from devserver.processes import alive
from devserver.waiting import wait_until

_launched: list["subprocess.Popen[bytes]"] = []


@dataclass(frozen=True)
class Server:
    home: Path
    account: Account
    program: str
    data: Path
    sockets: Path
    throwaway: bool

    @property
    def socket(self) -> Path:
        return redis_socket(self.home)

    @property
    def url(self) -> str:
        return redis_url(self.home)

    def start(self) -> None:
        if self.running():
            if (self.data / "valkey.pid").exists():
                return
            self.stop()  # it serves a state folder that was removed
        self.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.account.own(self.data)
        self.socket.unlink(missing_ok=True)
        for attempt in range(2):
            process = self._launch()
            if wait_until(self.running, alive=partial(_lives, process), what="Valkey"):
                return
            if attempt == 0:
                self._set_aside()
        raise EmbeddedError(f"Valkey does not start.\n{self._log()}")

    def _launch(self) -> "subprocess.Popen[bytes]":
        """Its process; it outlives this one, which nevertheless reaps it when it dies earlier."""
        process = subprocess.Popen(
            self._command(), cwd="/", start_new_session=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            **self.account.popen(),
        )  # fmt: skip
        _launched[:] = [process, *(earlier for earlier in _launched if earlier.poll() is None)]
        return process

    def _command(self) -> list[str]:
        settings = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "dir": str(self.data),
            "pidfile": str(self.data / "valkey.pid"),
            "logfile": "valkey.log",
            "maxmemory-policy": "noeviction",
            "appendonly": "no" if self.throwaway else "yes",
        }
        words = [word for name, value in settings.items() for word in (f"--{name}", value)]
        return [self.program, *words, *(["--save", ""] if self.throwaway else [])]

    def stop(self) -> None:
        """Ask it to save and leave; make it leave when it cannot save."""
        try:
            pid = int(self._client().info("server")["process_id"])
        except (redis.RedisError, OSError):
            return
        try:
            self._client().shutdown()
        except redis.RedisError:
            _signal(pid, signal.SIGKILL)  # its folder is gone or full: what it held were hints
        deadline = time.monotonic() + 10
        while self.running() and time.monotonic() < deadline:
            time.sleep(0.05)

    def destroy(self) -> None:
        self.stop()
        shutil.rmtree(self.data, ignore_errors=True)
        self.socket.unlink(missing_ok=True)

    def running(self) -> bool:
        try:
            return bool(self._client().ping())
        except (redis.RedisError, OSError):
            return False

    def _client(self) -> redis.Redis:
        return redis.Redis(unix_socket_path=str(self.socket), socket_timeout=2, retry=Retry(NoBackoff(), 0))

    def alive(self) -> bool:
        """Whether its process lives: cheap enough to ask every second."""
        return alive(self.data / "valkey.pid")

    def _set_aside(self) -> None:
        """A log torn by a kill, or of another version, must not stop the portal: it holds only hints."""
        broken = self.data / "appendonlydir"
        if broken.exists():
            shutil.rmtree(self.data / "appendonlydir.broken", ignore_errors=True)
            broken.rename(self.data / "appendonlydir.broken")

    def _log(self) -> str:
        log = self.data / "valkey.log"
        return log.read_text(encoding="utf-8", errors="replace")[-1500:] if log.exists() else ""


def _lives(process: "subprocess.Popen[bytes]") -> bool:
    return process.poll() is None


def _signal(pid: int, number: int) -> None:
    with contextlib.suppress(OSError):
        os.kill(pid, number)


def server(home: Path, *, throwaway: bool = False) -> Server:
    """The server whose state is in `home` (which must exist); nothing is started yet."""
    account = server_account()
    root = server_root(home, account)
    program = binaries.valkey(account)
    return Server(home, account, program, root / "valkey", socket_dir(home, account), throwaway)
