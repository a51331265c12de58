"""LD3, BI6: clients that dribble, stall or lie about lengths, at the real nginx; honest ones are served."""

from __future__ import annotations

import contextlib
import http.client
import os
import re
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from aduan.complaints.models import Complaint
from deploy.slow_clients import Counters, Line
from tests.nginx import Front

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]
EACH = [pytest.param(20, id="60"), pytest.param(170, id="510", marks=pytest.mark.slow)]  # of three kinds
SHORT = {
    "client_header_timeout 10s": "client_header_timeout 2s",
    "client_body_timeout 20s": "client_body_timeout 2s",
}
GET = b"GET /robots.txt HTTP/1.1\r\nHost: 127.0.0.1\r\n"
POST = b"POST /lapor/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"


def opened(front: Front) -> ssl.SSLSocket:
    raw = socket.create_connection(("127.0.0.1", front.ports["https"]), timeout=60)
    return front.trust().wrap_socket(raw, server_hostname="127.0.0.1")


@pytest.fixture
def slow(front: Front) -> Iterator[list[ssl.SSLSocket]]:
    """Connections that no one closes on this side before the end."""
    made: list[ssl.SSLSocket] = []
    yield made
    for line in made:
        line.close()


def honest(front: Front) -> list[int]:
    """The statuses of ten pages, each asked for on a connection of its own."""
    statuses = []
    for _turn in range(10):
        line = http.client.HTTPSConnection(
            "127.0.0.1", front.ports["https"], timeout=20, context=front.trust()
        )
        with contextlib.closing(line):
            line.request("GET", "/robots.txt")
            answer = line.getresponse()
            answer.read()
            statuses.append(answer.status)
    return statuses


@pytest.mark.parametrize("each", EACH)
def test_slow_connections_keep_no_honest_one_waiting_and_are_closed(
    front: Front, slow: list[ssl.SSLSocket], each: int
) -> None:
    """With the limits of deploy/nginx, of which two are shortened so that their end is seen."""
    front.change(SHORT)
    front.start()
    for kind in range(3 * each):
        line = opened(front)
        slow.append(line)
        if kind % 3 == 0:  # a header that never ends
            line.sendall(GET + b"X-Slow: ")
        elif kind % 3 == 1:  # a body that never comes
            line.sendall(POST + b"Content-Length: 100000\r\n\r\nnumber=0")
        else:  # asks, and reads nothing
            line.sendall(GET + b"\r\n")
        if kind % each == 0:
            _dribble(slow)
    assert set(honest(front)) == {200}
    end = time.monotonic() + 60
    for place, line in enumerate(slow):
        if place % 3 < 2:
            line.settimeout(max(end - time.monotonic(), 0.1))
            assert _closed(line), "a connection that sends nothing more was kept"
    assert set(honest(front)) == {200}


def test_connections_that_say_nothing_are_closed(front: Front) -> None:
    """Not even a handshake: the limit of nginx for headers counts from the first moment."""
    front.change(SHORT)
    front.start()
    silent = [socket.create_connection(("127.0.0.1", front.ports["https"]), timeout=60) for _ in range(20)]
    try:
        assert set(honest(front)) == {200}
        end = time.monotonic() + 60
        for line in silent:
            line.settimeout(max(end - time.monotonic(), 0.1))
            assert _closed(line), "a connection that says nothing was kept"
    finally:
        for line in silent:
            line.close()


def honest_but_slow(front: Front) -> bytes:
    """The answer to a form of 40 KB over a line that takes ten seconds for it: three windows here."""
    with opened(front) as line:
        line.sendall(POST + b"Content-Length: 40000\r\nConnection: close\r\n\r\n")
        for _piece in range(40):
            line.sendall(b"x" * 1000)
            time.sleep(0.25)
        return line.recv(12)


def trickle(lines: list[ssl.SSLSocket], over: threading.Event) -> None:
    """A byte from, and for those that read a byte to, each client, twice a second."""
    while not over.wait(0.5):
        for place, line in enumerate(lines):
            with contextlib.suppress(OSError):
                line.recv(1) if place % 3 == 2 else line.sendall(b"x")


@pytest.mark.skipif(os.geteuid() != 0, reason="closing connections takes CAP_NET_ADMIN: run it as root")
@pytest.mark.parametrize(
    "each", [pytest.param(4, id="12"), pytest.param(170, id="510", marks=pytest.mark.slow)]
)
def test_connections_that_trickle_are_closed_and_a_slow_honest_one_is_not(
    front: Front, slow: list[ssl.SSLSocket], each: int
) -> None:
    """nginx alone kept them for ever: its times begin anew with each byte."""
    front.start()
    (front.folder / "static").mkdir()
    (front.folder / "static/large.bin").write_bytes(bytes(30_000_000))
    part = subprocess.Popen(
        [
            sys.executable,
            "deploy/slow_clients.py",
            "--window",
            "3",
            "--tick",
            "0.25",
            str(front.ports["https"]),
        ]
    )
    over = threading.Event()
    try:
        for kind in range(3 * each):
            line = opened(front)
            slow.append(line)
            if kind % 3 == 0:
                line.sendall(GET + b"X-Slow: ")
            elif kind % 3 == 1:
                line.sendall(POST + b"Content-Length: 100000\r\n\r\nnumber=0")
            else:
                line.sendall(GET.replace(b"/robots.txt", b"/static/large.bin") + b"\r\n")
        threading.Thread(target=trickle, args=(slow, over), daemon=True).start()
        assert honest_but_slow(front).startswith(b"HTTP/1.1 ")
        assert set(honest(front)) == {200}
        end = time.monotonic() + 60
        while kept(front):
            assert time.monotonic() < end, "a connection that trickles was kept"
            time.sleep(0.5)
        assert part.poll() is None
    finally:
        over.set()
        part.terminate()
        part.wait(10)


def test_without_nginx_the_part_ends_and_is_started_again_beside_the_next_one() -> None:
    """It would have gone on in the network of a container that is no more."""
    ended = subprocess.run(
        [sys.executable, "deploy/slow_clients.py", "1"], capture_output=True, text=True, timeout=60
    )
    assert ended.returncode == 1
    assert "no one listens" in ended.stderr


def kept(front: Front) -> str:
    """The connections to nginx that are open, as the kernel lists them."""
    asked = ["ss", "-Htn", "state", "established", f"sport = :{front.ports['https']}"]
    return subprocess.run(asked, capture_output=True, text=True, check=True).stdout


# Seconds: bytes that wait to be read, that were read, that came.
LINES: dict[str, tuple[bool, dict[int, tuple[int, int, int]]]] = {
    "a body byte by byte": (True, {t: (0, 3000, 500 + t) for t in range(0, 61, 5)}),
    "a body byte by byte after a megabyte": (
        True, {0: (0, 3000, 500)} | {t: (0, 3000, 1_000_000 + t) for t in range(5, 91, 5)},
    ),
    "an answer read byte by byte": (True, {t: (4_000_000, 3000 + t, 500) for t in range(0, 61, 5)}),
    "photos over GPRS": (False, {t: (0, 3000, 500 + 2500 * t) for t in range(0, 601, 5)}),
    "photos over GPRS that stood still for 25 seconds": (
        False, {t: (0, 3000, 500 + 2500 * (t if t < 20 else max(20, t - 25))) for t in range(0, 101, 5)},
    ),
    "a list read over GPRS": (False, {t: (4_000_000, 3000 + 2500 * t, 500) for t in range(0, 601, 5)}),
    "asking again and again": (False, {t: (0, 3000 + 200 * t, 500 + 150 * t) for t in range(0, 601, 5)}),
    "nothing": (False, dict.fromkeys(range(0, 601, 5), (0, 3000, 500))),
    "an application that takes a minute": (
        False, {0: (0, 3000, 500)} | dict.fromkeys(range(5, 61, 5), (0, 3000, 2500)) | {65: (0, 9000, 2500)},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", LINES)
def test_what_trickles(name: str) -> None:
    wanted, seen = LINES[name]
    line = Line(Counters(*seen[0]))
    assert any(line.trickles(Counters(*facts), at, 30, 7680) for at, facts in seen.items()) is wanted


def _dribble(lines: list[ssl.SSLSocket]) -> None:
    """One more byte from each: it does not begin the time of a header anew."""
    for place, line in enumerate(lines):
        if place % 3 == 0:
            with contextlib.suppress(OSError):
                line.sendall(b"x")


def _closed(line: socket.socket) -> bool:
    try:
        while line.recv(4096):
            pass
    except TimeoutError:
        return False
    except OSError:
        return True
    return True


BROKEN = {
    "a chunk without a length": POST + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nnumber=1\r\n0\r\n\r\n",
    "a chunk shorter than it says": POST + b"Transfer-Encoding: chunked\r\n\r\nff\r\nnumber=1\r\n0\r\n\r\n",
    "two lengths": POST + b"Content-Length: 5\r\nContent-Length: 50\r\n\r\nabcde",
    "a length and chunks": POST + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET / H",
    "a header of 65 KB": GET + b"X-Long: " + b"x" * 66_560 + b"\r\n\r\n",
    "a line of 20 KB": b"GET /?" + b"a" * 20_000 + b" HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
    "a header within a header": GET + b"X-A: b\rSet-Cookie: c\r\n\r\n",
}


def test_what_lies_about_its_length_is_refused_by_nginx_and_costs_no_memory(front: Front) -> None:
    front.change(SHORT)
    front.start()
    assert set(honest(front)) == {200}
    before = _memory_of_web(front)
    for name, request in BROKEN.items():
        for _turn in range(2):
            with opened(front) as line:
                line.settimeout(30)
                with contextlib.suppress(OSError):
                    line.sendall(request)
                assert _status(line) in {0, 400, 408, 414, 431}, name
    many = b"&".join(b"f%d=x" % place for place in range(20_000))
    for _turn in range(2):
        with opened(front) as line:
            line.settimeout(30)
            line.sendall(POST + b"Content-Length: %d\r\n\r\n" % len(many) + many)
            assert _status(line) in {400, 403, 413}
    assert set(honest(front)) == {200}
    assert _memory_of_web(front) - before < 50_000_000
    assert not Complaint.objects.exists()


def _status(line: ssl.SSLSocket) -> int:
    """0 when it was closed without an answer."""
    try:
        answer = line.recv(4096)
    except OSError:
        return 0
    return int(answer.split()[1]) if answer else 0


def _memory_of_web(front: Front) -> int:
    """The most bytes that any one process of gunicorn had in memory since it began.

    Not their sum: a worker that is still starting when it is counted first would look like a leak.
    """
    master = front.running[0].pid
    children = Path(f"/proc/{master}/task/{master}/children").read_text(encoding="ascii").split()
    found = [Path(f"/proc/{pid}/status").read_text(encoding="ascii") for pid in (master, *children)]
    return max(1024 * int(re.findall(r"VmHWM:\s+(\d+) kB", status)[0]) for status in found)
