"""What ends a run of the reference client: its time, another run, a wrong clock, a wrong name."""

from __future__ import annotations

import datetime as dt
import email.utils
import fcntl
import os
import time
from pathlib import Path

import pytest

from tests.aduan.blocklists.served import META, Answers, Receiver, client, serving
from tests.aduan.blocklists.test_client_in_trouble import (
    FIRST,
    Handler,
    body_for,
)

pytestmark = pytest.mark.django_db
BRIEF = ("--minutes", "0.03")


def slow_headers(handler: Handler) -> None:
    """A line of the head now and then: each comes within any time-out, and the head never ends."""
    try:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
        for number in range(90):
            handler.wfile.write(b"X-%d: more\r\n" % number)
            handler.wfile.flush()
            time.sleep(0.2)
    except OSError:
        return


def test_slow_headers_do_not_pass_the_end_of_a_run(
    in_use: Receiver,
    two_lists: list[Answers],
) -> None:
    with serving(two_lists[1]) as server:
        server.instead = slow_headers
        began = time.monotonic()
        assert in_use.fetch(server.url, *BRIEF) == client.UNREACHABLE
        assert time.monotonic() - began < 12, "the head would have taken eighteen seconds"
        assert "too slow" in in_use.said
        assert in_use.blocked == FIRST
        server.instead = None
        assert in_use.fetch(server.url) == client.OK


def alive(pid: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False


def ends_soon(pids: list[int]) -> None:
    """A killed process is there until the kernel finds time for it; left alone, `sleep` has minutes."""
    deadline = time.monotonic() + 60
    while left := [pid for pid in pids if alive(pid)]:
        assert time.monotonic() < deadline, left
        time.sleep(0.02)


def test_a_command_that_hangs_is_ended_with_all_it_started_and_the_next_run_works(
    in_use: Receiver,
    two_lists: list[Answers],
    tmp_path: Path,
) -> None:
    hangs = f"sleep 300 & echo $! > {tmp_path}/pids; echo $$ >> {tmp_path}/pids; wait"
    with serving(two_lists[1]) as server:
        assert in_use.fetch(server.url, "--minutes", "0.08", "--on-change", hangs) == client.NOT_REPORTED
        assert "had not finished" in in_use.said
        left = [int(pid) for pid in (tmp_path / "pids").read_text().split()]
        assert len(left) == 2
        ends_soon(left)
        note = f'cat "$ADUAN_ADDED" > {tmp_path}/added'
        assert in_use.fetch(server.url, "--on-change", note) == client.OK, in_use.said
    assert (tmp_path / "added").read_text().split() == ["6281200000003"]


def test_a_lock_that_is_older_than_a_run_may_last_is_an_error(
    in_use: Receiver,
    two_lists: list[Answers],
) -> None:
    lock = in_use.state / ".lock"
    with serving(two_lists[1]) as server, lock.open("a") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert in_use.fetch(server.url, "--minutes", "30") == client.OK
        ago = time.time() - 40 * 60
        os.utime(lock, (ago, ago))
        assert in_use.fetch(server.url, "--minutes", "30") == client.STALE
        assert "40 minutes" in in_use.said


@pytest.mark.parametrize("days", [-400, -2, 2, 400])
def test_a_clock_that_is_not_the_servers_is_an_error_also_when_nothing_is_new(
    in_use: Receiver,
    two_lists: list[Answers],
    days: int,
) -> None:
    def at_another_time(handler: Handler) -> None:
        body = body_for(handler)
        handler.send_response_only(200 if body is not None else 404)
        handler.send_header("Date", email.utils.formatdate(time.time() - days * 86400, usegmt=True))
        handler.send_header("Content-Length", str(len(body or b"")))
        handler.end_headers()
        handler.wfile.write(body or b"")

    with serving(two_lists[0]) as server:
        server.instead = at_another_time
        assert in_use.fetch(server.url) == client.THIS_MACHINE
        assert "the clock is " + ("ahead" if days > 0 else "behind") in in_use.said
    assert in_use.blocked == FIRST


def test_a_clock_that_is_far_behind_is_seen_without_the_servers_date_too(
    in_use: Receiver,
    two_lists: list[Answers],
    today: dt.datetime,
) -> None:
    """The server here shares the wrong clock; what was signed does not."""
    with serving(two_lists[0]) as server:
        assert in_use.fetch(server.url, at=today - dt.timedelta(days=400)) == client.THIS_MACHINE
    assert "the clock is behind" in in_use.said


def test_the_key_of_another_operator_is_named_as_such(
    receiver: Receiver,
    two_lists: list[Answers],
) -> None:
    answers = {path: body for path, body in two_lists[1].items() if not path.endswith(".telkomsel.json")}
    with serving(answers) as server:
        assert receiver.fetch(server.url) == client.THIS_MACHINE
    assert "another operator's" in receiver.said


def test_a_root_that_is_none_is_this_machines_trouble(
    receiver: Receiver,
    two_lists: list[Answers],
) -> None:
    receiver.root.write_bytes(two_lists[0][META + "timestamp.json"])
    with serving(two_lists[0]) as server:
        assert receiver.fetch(server.url) == client.THIS_MACHINE
    assert "--root" in receiver.said
