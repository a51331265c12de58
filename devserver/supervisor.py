"""The portal on one machine, with its own PostgreSQL and Valkey."""

import fcntl
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from types import FrameType
from typing import TextIO

from deploy.compile_catalogues import compile_stale
from devserver import greeting, keys, postgres, roles, valkey
from devserver.home import (
    PROJECT,
    EmbeddedError,
    default_home,
    prepare,
    refuse_other_version,
    write_marker,
)
from devserver.processes import Child, Pids, end
from devserver.reload import Sources
from devserver.waiting import say, wait_until

DEVELOPMENT_HOME = PROJECT / ".aduan-dev"


class Portal:
    """One portal below one ADUAN_HOME."""

    def __init__(self, environment_name: str) -> None:
        self.environment_name = environment_name
        self.home = prepare(_home(environment_name))
        refuse_other_version(self.home)
        self.port = _port(environment_name)
        self.url = f"http://127.0.0.1:{self.port}/"
        self.pids = Pids(self.home)
        self.children: list[Child] = []
        self.servers: list[postgres.Server | valkey.Server] = []
        self.began = time.monotonic()
        self.leaving = False
        self._lock: TextIO | None = None
        self.sources: Sources | None = None

    def run(self) -> int:
        """Start everything, stay until asked to stop, and leave nothing behind."""
        self._alone()
        self._watch_signals()
        try:
            self._refuse_taken_port()
            environment = self._servers()
            self._prepare(environment)
            environment = roles.without_the_migrator(environment)
            self._start(environment, self._web())
            self._wait_until_serving()  # alone: the others would take the processor from it for seconds
            self._start(environment, self._background())
            print(greeting.text(self.url, self.home, time.monotonic() - self.began), flush=True)
            return self._stay()
        except Leaving:
            return 0
        finally:
            self._stop()

    def _alone(self) -> None:
        """One supervisor a home; whatever an earlier, killed one left running is ended first."""
        self._lock = (self.home / "up.lock").open("w")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            port = self.pids.read()[2]
            raise EmbeddedError(
                f"already running from {self.home}"
                + (f" at http://127.0.0.1:{port}/" if port else "")
                + "; `make down` stops it. A second portal needs its own ADUAN_HOME and ADUAN_PORT."
            ) from None
        _, left, _ = self.pids.read()
        if left:
            say("ending what an earlier run left behind")
            end(left, patience=10)
        self.pids.forget()

    def _watch_signals(self) -> None:
        def leave(_number: int, _frame: FrameType | None) -> None:
            if not self.leaving:
                self.leaving = True
                raise Leaving

        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            if signal.getsignal(number) != signal.SIG_IGN:  # `nohup make up &` stays
                signal.signal(number, leave)

    def _refuse_taken_port(self) -> None:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", self.port))
            except PermissionError:
                raise EmbeddedError(
                    f"port {self.port} is for root alone here. Choose another: ADUAN_PORT=8001 make up"
                ) from None
            except OSError:
                raise EmbeddedError(
                    f"port {self.port} is taken by another program. Choose another: ADUAN_PORT=8001 make up"
                ) from None

    def _servers(self) -> dict[str, str]:
        """The environment of every process of the portal, with the servers in it started."""
        found = {
            "ADUAN_ENV": self.environment_name,
            "ADUAN_HOME": str(self.home),
            "DJANGO_SETTINGS_MODULE": "aduan.settings",
            "ADUAN_PUBLIC_URL": self.url,
            "ADUAN_DEMO_PASSWORD": greeting.DEMO_PASSWORD,
            "ADUAN_WEBHOOKS_TO_LOOPBACK": "1",  # an engineer's receiver runs on the same machine
            **keys.environment(self.home),
        }
        if os.environ.get("DATABASE_URL"):
            say("using the server in DATABASE_URL")
            found |= roles.given(os.environ)
        else:
            database = postgres.server(self.home)
            self._serve(database)
            found |= {"DATABASE_URL": database.url, "ADUAN_MIGRATE_DATABASE_URL": database.migrate_url}
        if os.environ.get("REDIS_URL"):
            say("using the server in REDIS_URL")
        else:
            broker = valkey.server(self.home)
            self._serve(broker)
            found["REDIS_URL"] = broker.url
        write_marker(self.home, found)
        return os.environ | found

    def _serve(self, server: postgres.Server | valkey.Server) -> None:
        say(f"starting {_described(server)}")
        self.servers.append(server)
        server.start()

    def _prepare(self, environment: dict[str, str]) -> None:
        compile_stale()
        for name in ("log", "media", "mail", "static"):
            (self.home / name).mkdir(mode=0o700, exist_ok=True)
        with (self.home / "log" / "prepare.log").open("w+", encoding="utf-8") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "devserver.prepare"], cwd=PROJECT, env=environment, text=True,
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log,
                start_new_session=True,
            )  # fmt: skip
            try:
                for line in process.stdout or ():
                    if line.startswith("step: "):
                        say(line.removeprefix("step: ").strip())
                code = process.wait()
            finally:
                end([process.pid] if process.poll() is None else [], patience=5)
            if code:
                log.seek(0)
                lines = [
                    line for line in log.read().splitlines() if line and not line.startswith((" ", "LINE"))
                ]
                raise EmbeddedError(f"that failed: {lines[-1] if lines else code}\nDetails: {log.name}")

    # The same command lines as in docker-compose.yml.

    def _web(self) -> dict[str, list[str]]:
        address = f"127.0.0.1:{self.port}"
        if self.environment_name == "development":
            self.sources = Sources()
            return {"web": [sys.executable, "manage.py", "runserver", "--skip-checks", address]}
        gunicorn = str(Path(sys.executable).parent / "gunicorn")
        return {"web": [gunicorn, "aduan.wsgi", "--config", "deploy/gunicorn.py", "--bind", address]}

    def _background(self) -> dict[str, list[str]]:
        celery = [str(Path(sys.executable).parent / "celery"), "-A", "aduan", "--quiet"]
        workers = [sys.executable, "-m", "portal.tasks.workers"]
        renewal = [sys.executable, "manage.py", "renew_sample", "--every", "600"]
        sample = {"sample": renewal} if os.environ.get("ADUAN_SAMPLE", "1") != "0" else {}
        return {
            "worker": [*workers, "--without=lists"],
            "lists": [*workers, "--only=lists"],
            "beat": [*celery, "beat", "--schedule", str(self.home / "beat"), "--pidfile", ""],
            **sample,
        }

    def _start(self, environment: dict[str, str], commands: dict[str, list[str]]) -> None:
        say(f"starting {', '.join(commands)}")
        for name, command in commands.items():
            sees = environment if name == "lists" else environment | keys.without_private(self.home)
            child = Child(name, command, self.home / "log" / f"{name}.log", sees)
            self.children.append(child)
            child.start()
        self._remember()

    def _remember(self) -> None:
        running = [child.process.pid for child in self.children if child.process]
        self.pids.write(os.getpid(), running, self.port)

    def _wait_until_serving(self) -> None:
        web = self.children[0]
        what = f"the web server to answer {self.url}readyz"
        if not wait_until(lambda: _answers(self.url), alive=lambda: web.alive, what=what):
            raise EmbeddedError(f"the web server has ended.\n{_tail(web.log)}")

    def _stay(self) -> int:
        """Until asked to leave: a process that dies is started again; one that keeps dying ends all."""
        while True:
            time.sleep(0.5)
            for server in self.servers:
                if not server.alive():
                    say(f"{_described(server)} died; starting it again")
                    server.start()
            for child in self.children:
                if not child.alive:
                    self._again(child)
            if self.sources and self.sources.changed():
                self._reload()

    def _reload(self) -> None:
        """Worker and beat start again with the changed code; runserver watches for itself."""
        compile_stale()
        later = [child for child in self.children if child.name != "web"]
        end([child.process.pid for child in later if child.process], patience=10)
        for child in later:
            child.starts.clear()
            child.start()
        self._remember()

    def _again(self, child: Child) -> None:
        if child.hopeless():
            raise EmbeddedError(f"{child.name} keeps dying.\n{_tail(child.log)}")
        say(f"{child.name} died; starting it again")
        child.start()
        self._remember()

    def _stop(self) -> None:
        self.leaving = True
        running = [child.process.pid for child in self.children if child.process and child.alive]
        if self.servers or running:
            say("stopping")
        end(running, patience=20)
        for server in reversed(self.servers):
            server.stop()
        self.pids.forget()


class Leaving(Exception):  # not an error: it was asked for
    """Raised in the supervisor by a signal."""


def _home(environment_name: str) -> Path:
    if environment_name == "development" and not os.environ.get("ADUAN_HOME"):
        return DEVELOPMENT_HOME
    return default_home()


def _port(environment_name: str) -> int:
    text = os.environ.get("ADUAN_PORT") or ("8001" if environment_name == "development" else "8000")
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise EmbeddedError(f"ADUAN_PORT is {text!r}; it must be a port number such as 8000.")
    return int(text)


def _described(server: postgres.Server | valkey.Server) -> str:
    if isinstance(server, valkey.Server):
        return "Valkey"
    return f"PostgreSQL {server.programs.major} (from {server.programs.origin})"


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url + "readyz", timeout=5) as response:  # noqa: S310  # our own address
            return bool(response.status == 200)
    except OSError:
        return False


def _tail(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace")[-2000:] if path.exists() else ""
