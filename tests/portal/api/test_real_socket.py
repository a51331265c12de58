"""Through the real nginx and gunicorn: the promised sizes are taken, and no answer of the API is HTML.

Seen to fail on 0.1.0: a JSON report above 262,144 bytes met the limit for web forms and came back as a page,
and every refusal by nginx or gunicorn themselves was their own page.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
from dataclasses import dataclass

import pytest
from django.utils import timezone

from aduan.blocklists import queries
from aduan.blocklists.models import BlockList, ListType
from aduan.blocklists.services import build_list, publish_due, resume_list
from aduan.core.periods import Month
from aduan.operators.access_keys import create_key
from aduan.operators.actors import Actor
from bench import world
from portal.api.v1.outcomes import LARGEST_JSON, MOST_JSON_ROWS
from portal.common.problems import PROBLEM_TYPE
from tests.database import as_administrator
from tests.factories.accounts import step_up
from tests.nginx import Front

pytestmark = pytest.mark.django_db(transaction=True)

REASON = "x" * 290  # makes a report of 20,000 rows as large as it may be


@dataclass
class Answer:
    """What came back over the line; `status` is 0 when the server closed it without a word."""

    status: int
    kind: str
    body: bytes

    @property
    def code(self) -> str:
        return str(json.loads(self.body)["code"])


@dataclass
class Machine:
    """Operator alpha's, which writes its requests byte by byte as it pleases."""

    front: Front
    block_list: BlockList
    key: str

    @property
    def outcomes(self) -> str:
        return f"/api/v1/lists/{queries.name_of(self.block_list)}/outcomes"

    def say(self, *lines: str, body: bytes = b"", way: str = "https", key: bool = True) -> Answer:
        """One raw request: the request line, then header lines; Host and the key are added."""
        head = [lines[0], "Host: 127.0.0.1", *([f"Authorization: Bearer {self.key}"] if key else [])]
        raw = "\r\n".join([*head, *lines[1:], "Connection: close", "", ""]).encode() + body
        with contextlib.closing(self._line(way)) as line:
            with contextlib.suppress(OSError):  # refused before the whole body was read
                line.sendall(raw)
            return _read(line)

    def get(self, path: str, *headers: str, method: str = "GET", **more: object) -> Answer:
        return self.say(f"{method} {path} HTTP/1.1", *headers, **more)  # type: ignore[arg-type]

    def post(self, path: str, body: bytes, *headers: str, **more: object) -> Answer:
        length = f"Content-Length: {len(body)}"
        return self.say(f"POST {path} HTTP/1.1", length, *headers, body=body, **more)  # type: ignore[arg-type]

    def flood(self, path: str, *, times: int) -> bytes:
        """All that comes back for so many requests on one line, sent without waiting."""
        one = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        with contextlib.closing(self._line("https")) as line:
            line.sendall(f"{one}\r\n".encode() * (times - 1) + f"{one}Connection: close\r\n\r\n".encode())
            got = b""
            with contextlib.suppress(OSError):
                while piece := line.recv(65_536):
                    got += piece
        return got

    def _line(self, way: str) -> socket.socket:
        line = socket.create_connection(("127.0.0.1", self.front.ports[way]), timeout=60)
        return self.front.trust().wrap_socket(line, server_hostname="127.0.0.1") if way == "https" else line


def _read(line: socket.socket) -> Answer:
    got = b""
    with contextlib.suppress(OSError):
        while piece := line.recv(65_536):
            got += piece
    head, _gap, body = got.partition(b"\r\n\r\n")
    if not head:
        return Answer(0, "", b"")
    status, *lines = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _colon, value in (one.partition(":") for one in lines)}
    if headers.get("transfer-encoding") == "chunked":
        body = body[body.find(b"{") : body.rfind(b"}") + 1]
    return Answer(int(status.split()[1]), headers.get("content-type", "").partition(";")[0], body)


@pytest.fixture
def machine(front: Front) -> Machine:
    with as_administrator():
        world.block_numbers(MOST_JSON_ROWS, only="alpha")
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


def test_the_api_over_a_real_line(machine: Machine):
    """One installation for all that follows: starting it takes longest."""
    the_promised_sizes_are_taken(machine)
    every_refusal_is_a_problem(machine)
    a_fault_of_ours_is_a_problem(machine)
    the_server_alone_refuses_in_the_same_form(machine)
    without_an_application_it_is_a_problem_too(machine)


def the_promised_sizes_are_taken(machine: Machine) -> None:
    numbers = machine.get(machine.outcomes.replace("/outcomes", "/files/block.txt")).body.decode().split()
    assert len(numbers) == MOST_JSON_ROWS
    rows = [{"number": number, "answer": "blocked", "reason": REASON} for number in numbers]
    report = json.dumps({"list_digest": machine.block_list.digest, "outcomes": rows}).encode()
    report += b" " * (LARGEST_JSON - len(report))
    assert len(report) == LARGEST_JSON == 8 * 1024 * 1024
    taken = machine.post(machine.outcomes, report, "Content-Type: application/json")
    assert taken.status == 200, taken.body
    assert json.loads(taken.body)["changed"] == MOST_JSON_ROWS
    more = machine.post(machine.outcomes, report + b" ", "Content-Type: application/json")
    assert (more.status, more.kind, more.code) == (413, PROBLEM_TYPE, "too_large")


def every_refusal_is_a_problem(machine: Machine) -> None:
    key, json_kind = "/api/v1/key", "Content-Type: application/json"
    refusals = {
        "fields": (400, machine.post("/api/v1/notices", b"{}", json_kind)),
        "a broken header": (400, machine.get(key, "Broken header")),
        "a foreign host": (400, machine.say(f"GET {key} HTTP/1.1", "Host: elsewhere.example")),
        "headers too large": (400, machine.get(key, f"X-Long: {'x' * 9000}")),
        "no key": (401, machine.get(key, key=False)),
        "no such key": (401, machine.get(key, "Authorization: Bearer an_00000000_x", key=False)),
        "a signature": (403, machine.post("/api/sms/", b"{}", json_kind)),
        "no such address": (404, machine.get("/api/v1/nothing")),
        "no such version": (404, machine.get("/api/v9/key")),
        "the bare prefix": (404, machine.get("/api")),
        "hidden files": (404, machine.get("/api/v1/lists/../../../_lists/x")),
        "a method": (405, machine.get(key, method="DELETE")),
        "tracing": (405, machine.get(key, method="TRACE")),
        "a method of sms": (405, machine.get("/api/sms/")),
        "a method of docs": (405, machine.post("/api/docs/", b"")),
        "no length": (400, machine.get(machine.outcomes, json_kind, method="POST")),
        "a length announced": (413, machine.get(machine.outcomes, "Content-Length: 99999999999")),
        "an address too long": (414, machine.get(f"{key}?{'x' * 8300}")),
        "an address rather long": (400, machine.get(f"{key}?{'x' * 6000}")),
        "a type": (415, machine.post(machine.outcomes, b"<a/>", "Content-Type: application/xml")),
    }
    for name, (status, answer) in refusals.items():
        assert answer.status == status, (name, answer)
        if status != 200:
            assert answer.kind == PROBLEM_TYPE, (name, answer)
            problem = json.loads(answer.body)
            assert problem["status"] == status, (name, problem)
            assert problem["code"], (name, problem)
            assert problem["detail"], (name, problem)
    plain = machine.post("/api/v1/notices", b"x" * 2000, json_kind, way="http")
    assert (plain.status, plain.kind) == (413, PROBLEM_TYPE), plain


def a_fault_of_ours_is_a_problem(machine: Machine) -> None:
    with as_administrator() as cursor:
        cursor.execute("ALTER TABLE operators_accesskey RENAME TO operators_accesskey_away")
        try:
            answer = machine.get("/api/v1/key")
        finally:
            cursor.execute("ALTER TABLE operators_accesskey_away RENAME TO operators_accesskey")
    assert (answer.status, answer.kind, answer.code) == (500, PROBLEM_TYPE, "server_error"), answer


def the_server_alone_refuses_in_the_same_form(machine: Machine) -> None:
    """As under `make up`, and where another web server stands in front."""
    for name, answer in {
        "a broken header": machine.get("/api/v1/key", "Broken header", way="web"),
        "an address too long": machine.get(f"/api/v1/key?{'x' * 9000}", way="web"),
        "no request at all": machine.say("nonsense", way="web"),
    }.items():
        assert 400 <= answer.status < 500, (name, answer)
        assert answer.kind == PROBLEM_TYPE, (name, answer)
        assert json.loads(answer.body)["status"] == answer.status, (name, answer)


def without_an_application_it_is_a_problem_too(machine: Machine) -> None:
    """408 has no answer at all: nginx closes the line. 429 and 502 are nginx's own."""
    machine.front.running[0].send_signal(signal.SIGSTOP)  # gunicorn's arbiter starts no new worker
    children = _children(machine.front.running[0].pid)
    for pid in children:
        os.kill(pid, signal.SIGKILL)
    machine.front.running[0].kill()
    machine.front.running[0].wait()
    refused = machine.get("/api/v1/key")
    assert (refused.status, refused.kind, refused.code) == (502, PROBLEM_TYPE, "unavailable"), refused
    page = machine.get("/")
    assert (page.status, page.kind) == (502, "text/html")
    flood = machine.flood("/api/v1/key", times=900)
    assert b" 429 " in flood
    assert b"too_many_requests" in flood
    assert b"<html" not in flood.lower()


def _children(pid: int) -> list[int]:
    with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as children:  # noqa: PTH123
        return [int(child) for child in children.read().split()]
