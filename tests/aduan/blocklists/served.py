"""The repository as a hostile world could serve it: the real rows over real HTTP, and any answer replaced."""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import http.server
import importlib.util
import io
import os
import resource
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import time_machine

from aduan.blocklists import queries, tuf_metadata
from aduan.blocklists.models import TufMetadata
from aduan.blocklists.services.tuf_repository import newest
from aduan.operators.models import Operator

CLIENT = Path(__file__).parents[3] / "clients" / "fetch_block_list.py"
_spec = importlib.util.spec_from_file_location("fetch_block_list", CLIENT)
assert _spec is not None
assert _spec.loader is not None
client = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(client)
META, TARGETS = "tuf/metadata/", "tuf/targets/"
Answers = dict[str, bytes]


def everything(operator: Operator) -> Answers:
    """All that this operator can get at this moment, by the path below the API."""
    pages = {
        META + name: body
        for page in TufMetadata.objects.order_by("version")
        for name in ["timestamp.json" if page.role == "timestamp" else f"{page.version}.{page.role}.json"]
        if (body := queries.metadata_bytes(name, operator=operator)) is not None
    }
    pem = queries.list_key_pem()
    pages[f"{TARGETS}{hashlib.sha256(pem).hexdigest()}.lists.pem"] = pem
    for block_list in queries.lists_for(operator):
        for file in queries.files_of(block_list):
            path = f"{block_list.folder}/{file.sha256}.{file.name}"
            served = queries.target(path, operator=operator)
            assert served is not None
            pages[TARGETS + path] = served.path.read_bytes()
        for name in ("latest", f"latest-{block_list.series}"):
            latest = f"{operator.code}/{block_list.digest}.{name}.json"
            served = queries.target(latest, operator=operator)
            assert served is not None
            pages[TARGETS + latest] = served.path.read_bytes()
    return pages | _of_online_roles(operator)


def _of_online_roles(operator: Operator) -> Answers:
    """What the newest pages of the online roles name."""
    found = {}
    for which in tuf_metadata.ONLINE_ROLES:
        page = newest(tuf_metadata.online_role(operator.code, which))
        for path, file in tuf_metadata.read(bytes(page.body)).signed.targets.items() if page else ():
            folder, _slash, name = path.rpartition("/")
            asked = f"{folder}/{file.hashes['sha256']}.{name}"
            served = queries.target(asked, operator=operator)
            assert served is not None, path
            found[TARGETS + asked] = served.path.read_bytes()
    return found


class Server(http.server.ThreadingHTTPServer):
    """Serves `answers`; `endless` names a path that never ends; `instead` answers in its own way.

    `take` gets the body of each report and gives the status and the body of the answer.
    """

    daemon_threads = True
    answers: Answers
    endless: str = ""
    sent: int = 0
    instead: Callable[[http.server.BaseHTTPRequestHandler], None] | None = None
    take: Callable[[bytes], tuple[int, bytes]] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/"


class _Handler(http.server.BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        if self.server.instead is not None:
            self.server.instead(self)
            return
        path = self.path.removeprefix("/")
        if path == self.server.endless:
            self.send_response(200)
            self.end_headers()
            try:
                while self.server.sent < 1 << 30:
                    self.server.sent += self.wfile.write(b"6281200000001\n" * 4096)
            except OSError:
                return
            return
        body = self.server.answers.get(path)
        self.send_response(200 if body is not None else 404)
        self.send_header("Content-Length", str(len(body or b"")))
        self.end_headers()
        self.wfile.write(body or b"")

    def do_POST(self) -> None:
        sent = self.rfile.read(int(self.headers["Content-Length"]))
        assert self.server.take is not None
        status, body = self.server.take(sent)
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        """Quiet."""


@contextmanager
def serving(answers: Answers) -> Iterator[Server]:
    server = Server(("127.0.0.1", 0), _Handler)
    server.answers = answers
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class Receiver:
    """An operator's machine: the reference client with its own state and its own clock."""

    def __init__(self, folder: Path, operator: str, root: bytes) -> None:
        self.state, self.operator = folder / "state", operator
        folder.mkdir(parents=True, exist_ok=True)
        self.root = folder / "root.json"
        self.root.write_bytes(root)

    def fetch(self, url: str, *more: str, at: dt.datetime | None = None) -> int:
        """The exit status of one run. `at` moves the clock of the client."""
        options = ["--url", url, "--operator", self.operator, "--root", str(self.root)]
        said = io.StringIO()
        clock = time_machine.travel(at, tick=True) if at else contextlib.nullcontext()
        with contextlib.redirect_stderr(said), clock:
            status = client.main([*options, "--state", str(self.state), "--timeout", "5", *more])
        self.said = said.getvalue()
        return int(status)

    def fetch_as_cron_does(self, url: str, *more: str, largest_file: int | None = None) -> int:
        """The same in a process of its own, which may be unable to write files of more than so many bytes."""
        command = [sys.executable, str(CLIENT), "--url", url, "--operator", self.operator]
        done = subprocess.run(
            [*command, "--root", str(self.root), "--state", str(self.state), *more],
            capture_output=True,
            text=True,
            env={**os.environ, "ADUAN_KEY": "test"},
            preexec_fn=lambda: _limit(largest_file),
        )
        self.said = done.stderr
        return done.returncode

    @property
    def blocked(self) -> list[str]:
        """What this operator blocks now."""
        path = self.state / "current" / "block.txt"
        return path.read_text().split() if path.exists() else []


def _limit(largest_file: int | None) -> None:
    if largest_file is not None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (largest_file, largest_file))
