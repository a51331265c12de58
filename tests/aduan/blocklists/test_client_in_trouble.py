"""Whatever goes wrong around the reference client, the list in use stays, and the exit status says why."""

from __future__ import annotations

import datetime as dt
import fcntl
import http.server
import os
import time
from pathlib import Path

import pytest

from tests.aduan.blocklists.served import Answers, Receiver, Server, client, serving

pytestmark = pytest.mark.django_db
Handler = http.server.BaseHTTPRequestHandler
FIRST = ["6281200000001", "6281200000002"]


def body_for(handler: Handler) -> bytes | None:
    server = handler.server
    assert isinstance(server, Server)
    return server.answers.get(handler.path.removeprefix("/"))


def cut_off(handler: Handler) -> None:
    body = body_for(handler) or b""
    handler.send_response(200 if body else 404)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body[: len(body) // 2])


def dripping(handler: Handler) -> None:
    handler.send_response(200)
    handler.end_headers()
    try:
        for _turn in range(200):
            handler.wfile.write(b"{")
            time.sleep(0.02)
    except OSError:
        return


def a_page_of_a_proxy(handler: Handler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Type", "text/html")
    handler.end_headers()
    handler.wfile.write(b"<!doctype html><title>Please log in to this network</title>")


def a_refusal(handler: Handler) -> None:
    handler.send_response(401)
    handler.send_header("Content-Type", "application/problem+json")
    handler.end_headers()
    handler.wfile.write(b'{"code": "key_expired", "detail": "This key\\u001b[2J has expired."}')


def a_failure(handler: Handler) -> None:
    handler.send_error(503)


@pytest.mark.parametrize(
    ("instead", "status", "said"),
    [
        (cut_off, client.UNREACHABLE, "cut off after"),
        (dripping, client.UNREACHABLE, "too slow"),
        (a_page_of_a_proxy, client.REFUSED, "REFUSED"),
        (a_refusal, client.UNREACHABLE, "401 key_expired: This key [2J has expired."),
        (a_failure, client.UNREACHABLE, "503"),
    ],
)
def test_a_bad_line_or_server_changes_nothing(
    in_use: Receiver,
    two_lists: list[Answers],
    instead: object,
    status: int,
    said: str,
) -> None:
    with serving(two_lists[1]) as server:
        server.instead = instead  # type: ignore[assignment]  # one of the functions above
        assert in_use.fetch(server.url, "--minutes", "0.01") == status, in_use.said
        assert said in in_use.said
        assert in_use.blocked == FIRST
        server.instead = None
        assert in_use.fetch(server.url) == client.OK, "the trouble must not spoil the next run"


def test_a_redirect_is_not_followed_and_the_key_goes_nowhere_else(
    in_use: Receiver,
    two_lists: list[Answers],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[str] = []
    monkeypatch.setenv("ADUAN_KEY", "an_12345678_secret")
    with serving(two_lists[1]) as elsewhere, serving(two_lists[1]) as server:
        elsewhere.instead = lambda handler: asked.append(handler.path)

        def away(handler: Handler) -> None:
            handler.send_response(302)
            handler.send_header("Location", elsewhere.url + handler.path.removeprefix("/"))
            handler.end_headers()

        server.instead = away
        assert in_use.fetch(server.url) == client.UNREACHABLE
    assert "not followed" in in_use.said
    assert asked == []
    assert in_use.blocked == FIRST


@pytest.mark.parametrize("largest", [0, 1500])
def test_a_full_disk_leaves_the_list_in_use(
    in_use: Receiver,
    two_lists: list[Answers],
    largest: int,
) -> None:
    """`0`: not even the trust can be written; `1500`: that fits, the manifest does not."""
    with serving(two_lists[1]) as server:
        assert in_use.fetch_as_cron_does(server.url, largest_file=largest) == client.THIS_MACHINE
        assert "this machine:" in in_use.said
        assert "Traceback" not in in_use.said
        assert in_use.blocked == FIRST
        assert in_use.fetch(server.url) == client.OK, in_use.said
    assert in_use.blocked == ["6281200000002", "6281200000003"]


def test_a_folder_or_key_that_cannot_be_used_is_said_so(
    receiver: Receiver,
    two_lists: list[Answers],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with serving(two_lists[0]) as server:
        assert receiver.fetch(server.url, "--key-file", str(tmp_path / "nothing")) == client.THIS_MACHINE
        (tmp_path / "key").write_text("an_12345678_secret\nX-More: header")
        assert receiver.fetch(server.url, "--key-file", str(tmp_path / "key")) == client.THIS_MACHINE
        assert "one word" in receiver.said
        monkeypatch.setenv("ADUAN_KEY", "an_12345678_secret")
        assert receiver.fetch("http://aduannomor.example/api/v1/") == client.THIS_MACHINE
        assert "https://" in receiver.said
        (tmp_path / "file").write_text("")
        receiver.state = tmp_path / "file" / "state"
        assert receiver.fetch(server.url) == client.THIS_MACHINE


def test_a_name_that_no_one_knows_is_unreachable(in_use: Receiver) -> None:
    assert in_use.fetch("https://aduan-nomor.invalid/api/v1/") == client.UNREACHABLE
    assert in_use.blocked == FIRST


def test_two_runs_at_once_do_not_meet_and_one_that_hangs_is_noticed(
    in_use: Receiver,
    two_lists: list[Answers],
) -> None:
    lock = in_use.state / ".lock"
    with serving(two_lists[1]) as server, lock.open("a") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert in_use.fetch(server.url) == client.OK
        assert "another run is at work" in in_use.said
        assert in_use.blocked == FIRST
        long_ago = time.time() - 27 * 3600
        os.utime(lock, (long_ago, long_ago))
        assert in_use.fetch(server.url) == client.STALE


def test_a_wrong_clock_is_named(
    in_use: Receiver,
    two_lists: list[Answers],
    today: dt.datetime,
) -> None:
    with serving(two_lists[1]) as server:
        assert in_use.fetch(server.url, at=today - dt.timedelta(days=2)) == client.THIS_MACHINE
        assert "the clock is behind" in in_use.said
        assert in_use.fetch(server.url, at=today + dt.timedelta(days=2)) == client.STALE
        assert "clock says" in in_use.said
    assert in_use.blocked == FIRST


def test_a_damaged_copy_is_named_and_not_built_upon(
    in_use: Receiver,
    two_lists: list[Answers],
) -> None:
    (in_use.state / "current" / "manifest.json").write_bytes(b"{")
    with serving(two_lists[1]) as server:
        assert in_use.fetch(server.url) == client.THIS_MACHINE
    assert "damaged" in in_use.said


def test_the_command_hears_everything_since_it_last_succeeded(
    receiver: Receiver,
    two_lists: list[Answers],
    tmp_path: Path,
) -> None:
    """Between the two moments there were two lists: one that only removed, one that added."""
    note = f'cat "$ADUAN_ADDED" > {tmp_path}/added; cat "$ADUAN_REMOVED" > {tmp_path}/removed'
    with serving(two_lists[0]) as server:
        assert receiver.fetch(server.url, "--on-change", "exit 1") == client.NOT_REPORTED
        assert receiver.fetch(server.url, "--on-change", note) == client.OK
        assert (tmp_path / "added").read_text().split() == FIRST
        server.answers = two_lists[1]
        assert receiver.fetch(server.url, "--on-change", "exit 1") == client.NOT_REPORTED
        assert receiver.fetch(server.url, "--on-change", note) == client.OK
    assert (tmp_path / "added").read_text().split() == ["6281200000003"]
    assert (tmp_path / "removed").read_text().split() == ["6281200000001"]
    newest = (receiver.state / "current" / "removed.txt").read_text()
    assert newest == "", "the newest list alone does not say so"
