"""What `hold` and `removal` run beside themselves: nginx, the loop that signs, and a client that watches."""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from bench.database import load_register, scratch
from bench.outcome import Outcome, median
from bench.serving import Served, free_port, portal, until_it_answers

if TYPE_CHECKING:
    from aduan.accounts.models import User
    from aduan.operators.models import Operator

P99 = 60.0  # seconds, promised for lists and clients
CLIENT = Path("clients/fetch_block_list.py")
_READ_EVERY = 0.05  # seconds


class Seen:
    """When each number first stood in the client's `in-force`, and was gone, by this machine's clock."""

    def __init__(self, state: Path) -> None:
        self._folder, self._file = state.parent, state / "in-force" / "block.txt"
        self._over = threading.Event()
        self.at: dict[str, float] = {}
        self.gone: dict[str, float] = {}
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self) -> None:
        while not self._over.wait(_READ_EVERY):
            with contextlib.suppress(OSError):
                now, there = time.time(), set(self._file.read_text().split())
                for digits in there:
                    self.at.setdefault(digits, now)
                for digits in self.at.keys() - there:
                    self.gone.setdefault(digits, now)

    def until(self, moments: dict[str, float], count: int, patience: float) -> None:
        """Raises TimeoutError unless `at` or `gone` has so many numbers within `patience` seconds."""
        end = time.monotonic() + patience
        while len(moments) < count:
            if time.monotonic() > end:
                said = [log.read_text()[-1500:] for log in self._folder.glob("*.log")]
                raise TimeoutError("\n".join([f"the client has {len(moments)} of {count} numbers", *said]))
            time.sleep(0.2)

    def leave(self) -> None:
        self._over.set()
        self._thread.join()


@contextlib.contextmanager
def workplace() -> Iterator[Path]:
    """A database with the register of operators, and a folder for keys and lists, of this run alone."""
    from django.conf import settings

    with (
        scratch("register", load_register),
        tempfile.TemporaryDirectory(prefix="aduan-bench-", dir="/tmp") as where,
    ):
        folder = Path(where)
        settings.KEYS_DIR, settings.PUBLISH_ROOT = folder / "keys", folder / "lists"
        os.environ |= {
            "ADUAN_KEYS_DIR": str(settings.KEYS_DIR),
            "ADUAN_PUBLISH_ROOT": str(settings.PUBLISH_ROOT),
        }
        yield folder


def client_of(telkomsel: Operator, folder: Path, *, manager: User) -> tuple[str, Path]:
    """What its client needs: an access key, and the root to trust."""
    from aduan.blocklists import queries
    from aduan.operators.access_keys import create_key
    from aduan.operators.actors import Actor

    root = folder / "root.json"
    root.write_bytes(queries.metadata_bytes("1.root.json", operator=telkomsel) or b"")
    actor = Actor(operator=telkomsel, user=manager, manages=True)
    now = dt.datetime.now(dt.UTC)
    _row, key = create_key(telkomsel, by=actor, name="bench", scopes=["list:read"], at=now)
    return key, root


@contextlib.contextmanager
def lane(folder: Path) -> Iterator[tuple[int, Served]]:
    """The portal behind nginx, and the part `lists` that signs; the port of nginx, and the portal."""
    published = folder / "lists"
    with portal(ADUAN_API_READ_RATE="100000000/hour") as served:
        port = free_port()
        (folder / "nginx.conf").write_text(_nginx_conf(folder, port, served.port, published))
        nginx = shutil.which("nginx") or "/usr/sbin/nginx"
        part = [sys.executable, "-m", "portal.tasks.workers", "--only=lists"]
        with (folder / "lists.log").open("wb") as log:
            started = [
                subprocess.Popen([nginx, "-c", str(folder / "nginx.conf"), "-p", str(folder)]),
                subprocess.Popen(part, stdout=log, stderr=log),
            ]
        try:
            until_it_answers(port)
            _until_there(published / "versions" / "telkomsel.json")  # the loop has gone its first round
            yield port, served
        finally:
            for process in started:
                process.terminate()
                process.wait(60)


@contextlib.contextmanager
def watching(state: Path, port: int, *, key: str, root: Path, series: str = "hold") -> Iterator[Seen]:
    """The reference client as systemd runs it, with its own three seconds between two questions."""
    command = [sys.executable, str(CLIENT), "--url", f"http://127.0.0.1:{port}/api/v1/", "--watch"]
    command += ["--operator", "telkomsel", "--root", str(root), "--state", str(state), "--series", series]
    with (state.parent / "client.log").open("wb") as log:
        process = subprocess.Popen(command, env={**os.environ, "ADUAN_KEY": key}, stderr=log)
    try:
        _until_there(state / "current")
        seen = Seen(state)
        yield seen
        seen.leave()
    finally:
        process.terminate()
        process.wait(60)


@contextlib.contextmanager
def intake(served: Served, requests: list[str]) -> Iterator[list[str]]:
    """Complaints without pause, a batch after another, until the block ends; gives what was answered."""
    over, answered = threading.Event(), list[str]()

    def send() -> None:
        left = iter(requests)
        while not over.is_set() and (batch := [form for form, _n in zip(left, range(20), strict=False)]):
            for status, count in served.ask(batch, clients=2).statuses.items():
                answered.extend([status] * count)

    thread = threading.Thread(target=send, daemon=True)
    thread.start()
    try:
        yield answered
    finally:
        over.set()
        thread.join(120)


def outcome_of(
    signed: dict[str, float],
    listed: dict[str, float],
    client: dict[str, float],
    answered: list[str],
    *,
    title: str,
    to_client: str,
    median_of_lists: float = P99,
) -> Outcome:
    """How long after the second signature list and client had each number; by the number, in s since 1970.

    `answered`: what the intake beside it answered; `median_of_lists`: a narrower promise for the lists.
    """
    lists = [max(0.0, listed[digits] - at) for digits, at in signed.items()]
    clients = [max(0.0, client[digits] - at) for digits, at in signed.items()]
    refused = sum(status != "302" for status in answered)
    return Outcome(
        title=title,
        runs=len(signed),
        median_ratio=percentile(clients, 99),
        floor=median(clients),
        limit=P99,
        sense="most",
        also_holds=median(lists) <= median_of_lists and percentile(lists, 99) <= P99 and not refused,
        rows=[
            ("to the round that publishes the list (its stamp)", shown(lists)),
            (to_client, shown(clients)),
            ("complaints taken meanwhile", f"{len(answered):,}, refused {refused}"),
        ],
        more={
            "list_s": [round(percentile(lists, at), 2) for at in (50, 95, 99)],
            "client_s": [round(percentile(clients, at), 2) for at in (50, 95, 99)],
            "complaints": len(answered),
        },
    )


def percentile(values: Sequence[float], at: int) -> float:
    return statistics.quantiles(values, n=100, method="inclusive")[at - 1]


def shown(values: Sequence[float]) -> str:
    return ", ".join(f"P{at} {percentile(values, at):.2f} s" for at in (50, 95, 99))


def _until_there(path: Path, patience: float = 180) -> None:
    end = time.monotonic() + patience
    while not path.exists():
        if time.monotonic() > end:
            raise TimeoutError(f"{path} is not there")
        time.sleep(0.1)


def _nginx_conf(folder: Path, port: int, behind: int, published: Path) -> str:
    """The small file as deploy/nginx/aduan.conf serves it, and everything else from the portal."""
    whole = Path("deploy/nginx/aduan.conf").read_text()
    start = whole.index('location ~ "^/api/v1/tuf/versions/')
    versions = whole[start : whole.index("  }", start)] + "  }"
    temporary = "".join(
        f"  {kind}_temp_path {folder}/{kind};\n"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    return f"""user root;
worker_processes 1;
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{}}
http {{
  access_log off;
{temporary}  server {{
    listen 127.0.0.1:{port};
    {versions.replace("/var/lib/aduan/lists/", f"{published}/")}
    location / {{
      proxy_pass http://127.0.0.1:{behind};
      proxy_set_header Host $host;
      proxy_set_header X-Real-IP $remote_addr;
    }}
  }}
}}
"""
