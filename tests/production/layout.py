"""docker-compose.yml started on this machine, from PostgreSQL to nginx, on loopback.

Command lines, environment and health checks are the file's own; what dies is started again, as its `restart`
says.
"""

from __future__ import annotations

import functools
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyrage
import pytest
import requests

from devserver import binaries
from devserver.home import Account, server_account
from tests.nginx import certificate, free_port
from tests.production import front, image, servers
from tests.production.compose import Compose, Service
from tests.production.image import PROJECT, Image, User
from tests.smtp_sink import Sink

HOST = "aduan.example.go.id"  # of .env.example
PATIENCE = 90.0  # seconds; a healthy service needs less than ten
PARTS = ("web", "examiner", "worker", "lists", "beat", "monitor", "backup")
APPLICATION = ("roles", "migrate", *PARTS)


@dataclass
class Running:
    """A service and the process it has now. `wanted` is false for one that was stopped on purpose."""

    service: Service
    launch: Callable[[], subprocess.Popen[bytes]]
    process: subprocess.Popen[bytes]
    wanted: bool = True
    starts: int = 1


@dataclass
class Layout:
    """Everything below `folder`. Ask `client()` for a browser that goes through nginx."""

    folder: Path
    image: Image
    mail: Sink = field(default_factory=Sink)
    ports: dict[str, int] = field(default_factory=dict)
    running: dict[str, Running] = field(default_factory=dict)
    names: front.NameServer = field(default_factory=front.NameServer)
    settings: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        needed = ("postgres", "redis", "web", "metrics", "sink", "http", "https", "health")
        self.ports = {name: free_port() for name in needed}
        self.account = server_account()
        self._watcher = threading.Thread(target=self._watch, daemon=True)
        self._over = threading.Event()

    # Files, as an engineer prepares them by docs/operations/install.md

    def prepare(self) -> None:
        user = self.image.user
        modes = {"state": 0o700, "state/media": 0o700, "list-keys": 0o700, "lists": 0o750, "static": 0o750}
        for name, mode in {**modes, "public-keys": 0o755, "examiner": 0o755}.items():
            self.make_folder(f"volumes/{name}", mode, user.uid, user.gid)
        for name in ("set", "journal", "keys"):
            self.make_folder(f"backup/{name}", 0o700, user.uid, user.gid)
        self.make_folder("volumes/deliveries", 0o755, os.geteuid(), os.getegid())
        for name in ("lists", "static"):  # volumes mounted below a volume
            (self.folder / "volumes/state" / name).symlink_to(self.folder / "volumes" / name)
        make = [str(PROJECT / "deploy/make-secrets"), "--folder", str(self.folder / "secrets")]
        make += ["--owner", str(user.uid), "--database-owner", str(self.account.uid)]
        subprocess.run(make, check=True, capture_output=True, text=True)
        self.offline_key = pyrage.x25519.Identity.generate()
        (self.folder / "tls").mkdir()
        certificate(self.folder / "tls", HOST)
        lines = (PROJECT / ".env.example").read_text(encoding="utf-8").splitlines()
        chosen = {
            "ADUAN_EMAIL_URL": f"smtp://127.0.0.1:{self.mail.port}",
            "ADUAN_SMS_GATEWAY": "portal.tasks.sms.over_http",
            "ADUAN_SMS_URL": "https://sms.example.go.id/send",
            "ADUAN_PUBLICATION_DELAY_HOURS": "0",  # or the journey would take four hours
            "ADUAN_BACKUP_RECIPIENT": str(self.offline_key.to_public()),
            "ADUAN_PG_BINDIR": str(binaries.postgres(self.account).bindir),
            **self.settings,
        }
        kept = [line for line in lines if line.partition("=")[0].lstrip("# ") not in chosen]
        kept += [f"{name}={value}" for name, value in chosen.items()]
        (self.folder / "env").write_text("\n".join(kept) + "\n", encoding="utf-8")
        volumes = {
            f"/var/lib/aduan/{name}": str(self.folder / "volumes" / name) for name in ("lists", "static")
        }
        self.compose = Compose(
            volumes
            | {
                "/var/lib/aduan/public-keys": str(self.folder / "volumes/public-keys"),
                "/run/aduan-examiner": str(self.folder / "volumes/examiner"),
                "/var/lib/aduan-keys": str(self.folder / "volumes/list-keys"),
                "/var/lib/aduan": str(self.folder / "volumes/state"),
                "/var/log/aduan": str(self.folder / "volumes/deliveries"),
                "/backup/": f"{self.folder}/backup/",
                "/run/secrets": str(self.folder / "secrets"),
                "@postgres:5432": f"@127.0.0.1:{self.ports['postgres']}",
                "//redis:6379": f"//127.0.0.1:{self.ports['redis']}",
                "web:8000": f"127.0.0.1:{self.ports['web']}",
                "monitor:9125": f"127.0.0.1:{self.ports['sink']}",
                "0.0.0.0": "127.0.0.1",  # noqa: S104
                "127.0.0.1:9108": f"127.0.0.1:{self.ports['metrics']}",
                "127.0.0.1:8000": f"127.0.0.1:{self.ports['web']}",
                "127.0.0.1:8080": f"127.0.0.1:{self.ports['health']}",
            },
            self.folder / "env",
        )

    def make_folder(self, name: str, mode: int, uid: int, gid: int) -> Path:
        path = self.folder / name
        path.mkdir(parents=True)
        os.chown(path, uid, gid)
        path.chmod(mode)
        return path

    def give(self, path: Path) -> None:
        """A folder to the application's account."""
        os.chown(path, self.image.user.uid, self.image.user.gid)

    # Services

    def up(self, *, nginx: bool) -> None:
        """As `docker compose up -d`: in the order of depends_on, each when those before it are well."""
        self.prepare()
        servers.start_postgres(self)
        servers.start_valkey(self)
        self.run_once("roles")
        self.run_once("migrate")
        for name in PARTS:
            self.start(name, functools.partial(self._application, name))
        self._watcher.start()
        for name in PARTS:
            self.wait_until_healthy(name)
        if nginx:
            front.write(self)
            self.start("nginx", lambda: front.launch(self))
            self.wait_until_healthy("nginx")

    def start(self, name: str, launch: Callable[[], subprocess.Popen[bytes]]) -> None:
        self.running[name] = Running(self.compose.service(name), launch, launch())

    def kill(self, name: str) -> None:
        """SIGKILL to the whole service, as when its container dies; it is started again."""
        _signal_group(self.running[name].process, signal.SIGKILL)

    def down(self) -> None:
        self._over.set()
        if self._watcher.is_alive():
            self._watcher.join(10)
        for one in reversed(self.running.values()):
            _signal_group(one.process, signal.SIGTERM)
            try:
                one.process.wait(20)
            except subprocess.TimeoutExpired:
                _signal_group(one.process, signal.SIGKILL)
                one.process.wait(20)
        self.names.stop()
        self.mail.stop()

    def run_once(self, *command: str, part: str = "worker") -> str:
        """`docker compose run --rm <part> <command>`; its output."""
        service = self.compose.service(command[0] if command[0] in APPLICATION else part)
        account = self.account if "user" in self.compose.services[service.name] else self.image.user
        entry = self._entry(list(command))
        process = self._launch(entry, self._environment(service), subprocess.PIPE, account)
        said = process.communicate(timeout=600)[0].decode("utf-8", "replace")
        if process.returncode:
            pytest.fail(f"{' '.join(command)} ended with {process.returncode}:\n{said[-3000:]}")
        return said

    def try_part(self, name: str, **changes: str) -> tuple[str, int]:
        """Starts a part whose environment was changed so; its output and exit code."""
        with self.beside(name, subprocess.PIPE, **changes) as process:
            said = process.communicate(timeout=60)[0].decode("utf-8", "replace")
        return said, process.returncode

    @contextmanager
    def beside(self, name: str, output: int, **changes: str) -> Iterator[subprocess.Popen[bytes]]:
        """One more of a part, whose environment was changed so."""
        service = self.compose.service(name)
        environment = self._environment(service) | changes
        process = self._launch(self._entry(service.command), environment, output)
        try:
            yield process
        finally:
            _signal_group(process, signal.SIGKILL)
            process.wait(20)

    def wait_until_healthy(self, name: str) -> None:
        """Until the file's own health check says so; fails with the service's log."""
        one = self.running[name]
        end = time.monotonic() + PATIENCE
        environment = self._environment(one.service)
        while True:
            done = subprocess.run(
                one.service.health, cwd=self.image.app, env=environment, capture_output=True, text=True,
                timeout=60, **self.image.user.popen(),
            )  # fmt: skip
            if done.returncode == 0:
                return
            if time.monotonic() > end:
                pytest.fail(f"{name} is not healthy: {(done.stdout + done.stderr)[-800:]}\n{self.log(name)}")
            time.sleep(0.5)

    def log(self, name: str) -> str:
        path = self.folder / "log" / f"{name}.log"
        return path.read_text(encoding="utf-8", errors="replace")[-4000:] if path.exists() else ""

    def _watch(self) -> None:
        """What docker does for `restart: unless-stopped`."""
        while not self._over.wait(0.2):
            for one in list(self.running.values()):
                if one.wanted and one.process.poll() is not None:
                    one.process = one.launch()
                    one.starts += 1

    def _application(self, name: str) -> subprocess.Popen[bytes]:
        service = self.compose.service(name)
        return self._launch(self._entry(service.command), self._environment(service), self.open_log(name))

    def _entry(self, command: list[str]) -> list[str]:
        return [str(self.image.app / "deploy/entrypoint.sh"), *command]

    def _environment(self, service: Service) -> dict[str, str]:
        """ENV of the Dockerfile and the service's own; what is added are the ports to listen on."""
        line = next(
            line for line in (PROJECT / "Dockerfile").read_text().splitlines() if line.startswith("ENV PATH=")
        )
        pairs = (word.partition("=") for word in line.split()[1:])
        made = {name: value.replace("/venv", str(self.image.venv)) for name, _sign, value in pairs}
        made["PATH"] = made["PATH"].replace("$PATH", "/usr/local/bin:/usr/bin:/bin")
        made |= {"ADUAN_WEB_BIND": f"127.0.0.1:{self.ports['web']}"}
        return made | {"ADUAN_METRICS_PORT": str(self.ports["metrics"])} | service.environment

    def _launch(
        self,
        command: list[str],
        environment: dict[str, str],
        output: Any,
        account: Account | User | None = None,
    ) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            command, cwd=self.image.app, env=environment, stdin=subprocess.DEVNULL, stdout=output,
            stderr=subprocess.STDOUT, start_new_session=True, **(account or self.image.user).popen(),
        )  # fmt: skip

    def open_log(self, name: str) -> int:
        (self.folder / "log").mkdir(exist_ok=True)
        return os.open(self.folder / "log" / f"{name}.log", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)

    # The servers

    def launch_server(self, command: list[str], name: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            command, cwd="/", env={"LC_ALL": "C", "PATH": "/usr/bin:/bin"}, stdin=subprocess.DEVNULL,
            stdout=self.open_log(name), stderr=subprocess.STDOUT, start_new_session=True,
            **self.account.popen(),
        )  # fmt: skip

    def session(self) -> requests.Session:
        """Goes to https://aduan.example.go.id/ by way of the nginx here."""
        return front.session(self.ports["https"], self.folder / "tls/fullchain.pem", HOST)


def until(true: Callable[[], object], what: str, layout: Layout, seconds: float = PATIENCE) -> None:
    """Wait until `true()`; fails with the logs when that takes longer."""
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            logs = "\n".join(f"--- {name}\n{layout.log(name)[-1500:]}" for name in layout.running)
            pytest.fail(f"waited {seconds:.0f} s in vain for {what}\n{logs}")
        time.sleep(0.2)


def build(folder: Path) -> Image:
    return image.build(folder)


def _signal_group(process: subprocess.Popen[bytes], number: int) -> None:
    try:
        os.killpg(process.pid, number)
    except ProcessLookupError:
        return
