"""A real operator's night.

The reference client on a cron-like loop against a real server, while everything happens.

Lists are published, a key is rotated, a block is released, the server is killed and started again. After
each run of the client the operator's set is either exactly the ministry's (exit 0) or exactly the one
before (any other exit): never a third thing.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from django.utils import timezone

from aduan.accounts.models import User
from aduan.blocklists import queries
from aduan.blocklists.models import Outcome
from aduan.blocklists.services import build_interims, publish_due, renew
from aduan.core.periods import last_ended
from aduan.operators import access_keys, actors
from aduan.operators.models import AccessKey, Operator
from tests.database import database_url
from tests.factories.blocklists import a_block, published
from tests.factories.cases import released
from tests.portal.api.conftest import key_of

ROOT = Path(__file__).parents[2]
# Answers for every number that came or went.
ANSWER = (
    "{ echo number,answer,acted_at,reason; "
    """sed 's/$/,blocked,,/' "$ADUAN_LIST/added.txt"; """
    """sed 's/$/,unblocked,,/' "$ADUAN_LIST/removed.txt"; } > "$ADUAN_OUTCOMES" """
)


@dataclass
class Server:
    """gunicorn with two workers on a port of its own, which can be killed."""

    log: Path
    port: int = 0
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        if not self.port:
            with socket.socket() as probe:
                probe.bind(("127.0.0.1", 0))
                self.port = int(probe.getsockname()[1])
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [
                    str(Path(sys.executable).with_name("gunicorn")),
                    "aduan.wsgi",
                    "--config",
                    "deploy/gunicorn.py",
                    "--bind",
                    f"127.0.0.1:{self.port}",
                ],
                cwd=ROOT,
                env=os.environ | {"DATABASE_URL": database_url()},
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        end = time.monotonic() + 60
        while time.monotonic() < end:
            with (
                contextlib.suppress(OSError),
                urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=5),
            ):
                return
            time.sleep(0.2)
        pytest.fail(f"the server does not answer: {self.log.read_text()[-2000:]}")

    def kill(self) -> None:
        """SIGKILL to master and workers, as when a machine dies."""
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None


@dataclass
class Gateway:
    """The operator's machine: what cron starts, and what its blocking system then holds."""

    folder: Path
    server: Server
    accepted: list[frozenset[str]] = field(default_factory=list)

    def put_key(self, text: str) -> None:
        (self.folder / "key.txt").write_text(text, encoding="ascii")

    def run(self) -> int:
        command = [sys.executable, str(ROOT / "clients" / "fetch_block_list.py")]
        command += ["--url", f"http://127.0.0.1:{self.server.port}/api/v1/", "--operator", "telkomsel"]
        command += ["--root", "root.json", "--key-file", "key.txt", "--state", "state", "--on-change", ANSWER]
        done = subprocess.run(command, cwd=self.folder, capture_output=True, text=True, timeout=60)
        self.said = done.stdout + done.stderr
        return done.returncode

    @property
    def blocked(self) -> frozenset[str]:
        path = self.folder / "state" / "current" / "block.txt"
        return frozenset(path.read_text(encoding="ascii").split()) if path.exists() else frozenset()


@pytest.fixture
def server(tmp_path: Path, transactional_db: None) -> Iterator[Server]:
    running = Server(tmp_path / "server.log")
    yield running
    running.kill()


def of_the_ministry(operator: Operator) -> frozenset[str]:
    newest = queries.latest(operator)
    assert newest is not None
    served = queries.file_of(newest, "block.txt")
    assert served is not None
    return frozenset(served.path.read_text(encoding="ascii").split())


def goes_well(gateway: Gateway, operator: Operator) -> None:
    assert gateway.run() == 0, gateway.said
    assert gateway.blocked == of_the_ministry(operator)


@pytest.mark.journey
@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_the_operators_set_is_the_ministrys_at_every_point(
    tmp_path: Path, server: Server, telkomsel: Operator, dewi: User, budi: User, citra: User, agus: User
):
    now = timezone.now
    for digits in (6281200000001, 6281200000002, 6281200000003):
        a_block(telkomsel, by=(budi, citra), at=now(), digits=digits)
    published(telkomsel, at=now(), period=last_ended(now()))
    root = queries.metadata_bytes("1.root.json", operator=telkomsel)
    assert root is not None
    (tmp_path / "root.json").write_bytes(root)
    server.start()
    gateway = Gateway(tmp_path, server)
    gateway.put_key(key_of(dewi))
    goes_well(gateway, telkomsel)
    assert Outcome.objects.filter(answer="blocked").count() == 3

    # An urgent block comes with an interim list.
    urgent = a_block(telkomsel, by=(budi, citra), at=now(), digits=6281300000009, urgent=True)
    build_interims(at=now())
    publish_due(at=now())
    assert "6281300000009" in of_the_ministry(telkomsel)
    goes_well(gateway, telkomsel)

    # The key is rotated: old and new are good, then the old one is revoked.
    by = actors.actor_for(dewi)
    old = AccessKey.objects.get()
    _row, fresh = access_keys.rotate_key(old, by=by, at=now())
    goes_well(gateway, telkomsel)
    before = gateway.blocked
    access_keys.revoke_key(old, by=by, at=now())
    assert gateway.run() != 0
    assert gateway.blocked == before
    gateway.put_key(fresh)
    goes_well(gateway, telkomsel)

    # A block is released: the removal goes out alone and at once.
    released(urgent.case, by=agus, at=now(), reason="The number was mistyped.")
    build_interims(at=now())
    publish_due(at=now())
    assert "6281300000009" not in of_the_ministry(telkomsel)
    goes_well(gateway, telkomsel)
    assert Outcome.objects.filter(answer="unblocked", digits=6281300000009).exists()

    # The server dies; the list stays. It comes back; the loop goes on.
    server.kill()
    before = gateway.blocked
    assert gateway.run() == 3, gateway.said
    assert gateway.blocked == before
    a_block(telkomsel, by=(budi, citra), at=now(), digits=6281200000007, urgent=True)
    build_interims(at=now())
    publish_due(at=now())
    renew(at=now())
    server.start()
    goes_well(gateway, telkomsel)
    assert "6281200000007" in gateway.blocked


@pytest.mark.faults
@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_revoked_key_is_refused_by_all_workers_within_a_second(server: Server, dewi: User):
    text = key_of(dewi)
    server.start()

    def status() -> int:
        asked = urllib.request.Request(
            f"http://127.0.0.1:{server.port}/api/v1/key", headers={"Authorization": f"Bearer {text}"}
        )
        try:
            with urllib.request.urlopen(asked, timeout=10) as answer:  # noqa: S310
                return int(answer.status)
        except urllib.error.HTTPError as refusal:
            return refusal.code

    assert {status() for _time in range(12)} == {200}
    access_keys.revoke_key(AccessKey.objects.get(), by=actors.actor_for(dewi), at=timezone.now())
    assert {status() for _time in range(24)} == {401}
