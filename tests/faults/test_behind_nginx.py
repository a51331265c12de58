"""PB11 through the real nginx.

A cut download is resumed to the same bytes or begun again, and the delivery record knows which arrived.
"""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import http.client
import json
import random
import socket
import stat
import time
from dataclasses import dataclass

import pytest
from django.utils import timezone

from aduan.blocklists import queries
from aduan.blocklists.models import BlockList, Download, ListType
from aduan.blocklists.services import build_list, publish_due, resume_list
from aduan.core.periods import Month
from aduan.operators.access_keys import create_key
from aduan.operators.actors import Actor
from bench import world
from portal.tasks.tasks import record_deliveries
from tests.database import as_administrator
from tests.factories.accounts import step_up
from tests.nginx import Front

pytestmark = [pytest.mark.slow, pytest.mark.faults, pytest.mark.django_db(transaction=True)]

CUTS = 1000
NUMBERS = 90_000  # block.json has 7 MB, more than the sockets in between take in


@dataclass
class Machine:
    """Operator alpha's: knows its list and asks for files of it."""

    front: Front
    block_list: BlockList
    key: str

    def address(self, name: str) -> str:
        return f"/api/v1/lists/{queries.name_of(self.block_list)}/files/{name}"

    def ask(
        self, name: str, body: bytes | None = None, **headers: str
    ) -> tuple[http.client.HTTPResponse, bytes]:
        line = http.client.HTTPSConnection(
            "127.0.0.1", self.front.ports["https"], timeout=30, context=self.front.trust()
        )
        sent = {key.replace("_", "-"): value for key, value in headers.items()}
        path = self.address(name) if "/" not in name else name
        with contextlib.closing(line):
            line.request(
                "POST" if body else "GET", path, body, {"Authorization": f"Bearer {self.key}"} | sent
            )
            answer = line.getresponse()
            return answer, answer.read()

    def begin_and_hang_up(self, name: str, *, after: int) -> bytes:
        """The first `after` bytes of the body, taken in small sips so that no more of it is on its way."""
        raw = socket.socket()
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 16_384)
        raw.settimeout(30)
        raw.connect(("127.0.0.1", self.front.ports["https"]))
        with self.front.trust().wrap_socket(raw, server_hostname="127.0.0.1") as line:
            line.sendall(
                f"GET {self.address(name)} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                f"Authorization: Bearer {self.key}\r\n\r\n".encode()
            )
            got = b""
            while b"\r\n\r\n" not in got:
                got += line.recv(4096)
            body = got.partition(b"\r\n\r\n")[2]
            while len(body) < after:
                body += line.recv(min(16_384, after - len(body)))
        return body[:after]


@pytest.fixture
def machine(front: Front) -> Machine:
    with as_administrator():
        world.block_numbers(NUMBERS, only="alpha")
    alpha = world.operators()[0]
    built = build_list(alpha, period=Month(2026, 10), kind=ListType.MONTHLY, at=world.AT)
    assert built is not None
    for person in world.people():
        built = resume_list(built, by=person, step_up=step_up(person, world.AT), at=world.AT)
    publish_due(at=world.AT)
    built.refresh_from_db()
    front.start()
    manager = Actor(operator=alpha, user=world.people()[0], manages=True)
    scopes = ["list:read", "report:write"]
    key = create_key(alpha, by=manager, name="gateway", scopes=scopes, at=timezone.now())[1]
    return Machine(front, built, key)


def test_downloads_through_nginx(machine: Machine):
    """One country for all that follows: filling it takes longest."""
    only_the_group_reads(machine)
    a_thousand_cuts_end_in_the_same_file(machine)
    conditions_are_kept(machine)
    the_record_tells_whole_from_cut(machine)
    a_report_on_every_number_is_taken(machine)


def only_the_group_reads(machine: Machine) -> None:
    made = [path for path in machine.front.lists.rglob("*") if ".staging" not in path.parts]
    assert any(path.name == "block.txt" for path in made)
    assert [path for path in made if stat.S_IMODE(path.stat().st_mode) & 0o007] == []
    assert machine.ask("block.txt")[0].status == 200
    assert machine.ask(f"/_lists/{machine.block_list.folder}/block.txt")[0].status == 404


def a_thousand_cuts_end_in_the_same_file(machine: Machine) -> None:
    answer, whole = machine.ask("block.txt")
    etag = answer.headers["ETag"]
    assert etag == f'"sha256-{hashlib.sha256(whole).hexdigest()}"'
    assert "X-Delivery" not in answer.headers
    assert "X-Accel-Redirect" not in answer.headers
    dice = random.Random(11)
    for cut in range(CUTS):
        have = machine.begin_and_hang_up("block.txt", after=dice.randrange(1, len(whole)))
        stale = cut % 10 == 0
        known = '"sha256-' + "0" * 64 + '"' if stale else etag
        rest, data = machine.ask("block.txt", Range=f"bytes={len(have)}-", If_Range=known)
        assert rest.status == (200 if stale else 206)
        assert hashlib.sha256(data if stale else have + data).digest() == hashlib.sha256(whole).digest()
    print(f"{CUTS} cuts of {len(whole):,} bytes")  # noqa: T201


def conditions_are_kept(machine: Machine) -> None:
    answer, whole = machine.ask("block.csv")
    etag = answer.headers["ETag"]
    assert answer.headers["Accept-Ranges"] == "bytes"
    for header in ("bytes=0-1,5-6", "bytes=-", "lines=0-1"):
        several, data = machine.ask("block.csv", Range=header)
        assert (several.status, data == whole) == (200, True)
    for start, end in ((0, 0), (5, 9), (len(whole) - 1, len(whole) + 10)):
        part, data = machine.ask("block.csv", Range=f"bytes={start}-{end}")
        assert (part.status, data) == (206, whole[start : end + 1])
    assert machine.ask("block.csv", Range=f"bytes={len(whole)}-")[0].status == 416
    unchanged, data = machine.ask("block.csv", If_None_Match=etag)
    assert (unchanged.status, data, unchanged.headers["ETag"]) == (304, b"", etag)
    assert machine.ask("block.csv", If_None_Match='"sha256-other"')[0].status == 200
    assert machine.ask("block.csv", If_Match='"sha256-other"')[0].status == 412
    packed, data = machine.ask("block.csv", Accept_Encoding="gzip")
    assert (packed.headers["Content-Encoding"], gzip.decompress(data) == whole) == ("gzip", True)
    assert packed.headers["ETag"] not in ("", etag)


def the_record_tells_whole_from_cut(machine: Machine) -> None:
    size = machine.block_list.files.get(name="block.json").size
    _answer, whole = machine.ask("block.json")
    have = machine.begin_and_hang_up("block.json", after=100_000)
    machine.ask("block.json", Range=f"bytes={len(have)}-")
    machine.ask("block.json", Range="bytes=0-9")
    records = Download.objects.filter(file="block.json").order_by("pk")
    end = time.monotonic() + 30
    while records.filter(bytes_sent=None).exists() and time.monotonic() < end:
        time.sleep(0.2)  # nginx notices the hung-up line when it writes to it
        record_deliveries()
    recorded = list(records.values_list("bytes_sent", "complete"))
    assert [complete for _sent, complete in recorded] == [True, False, True, False]
    assert recorded[0][0] == len(whole) == size
    assert 100_000 <= (recorded[1][0] or 0) < size
    assert (recorded[2][0], recorded[3][0]) == (size - len(have), 10)


def a_report_on_every_number_is_taken(machine: Machine) -> None:
    """Its statements take longer than those of a page may: a second here, five in deploy/."""
    numbers = machine.ask("block.txt")[1].decode().split()
    rows = "".join(f"{number},blocked,2026-11-18T09:30:00+07:00,\n" for number in numbers)
    address = f"/api/v1/lists/{queries.name_of(machine.block_list)}/outcomes"
    begun = time.monotonic()
    answer, said = machine.ask(
        address,
        f"number,answer,acted_at,reason\n{rows}".encode(),
        Content_Type="text/csv",
        X_List_Digest=machine.block_list.digest,
    )
    assert answer.status == 200, said
    assert json.loads(said)["changed"] == len(numbers) == NUMBERS
    print(f"{NUMBERS:,} answers in {time.monotonic() - begun:.1f} s")  # noqa: T201
