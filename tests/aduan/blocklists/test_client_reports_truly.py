"""The reference client never says that all is well when nothing was taken, loaded or checked."""

from __future__ import annotations

import csv
import fcntl
import io
import json
from pathlib import Path

import pytest

from tests.aduan.blocklists.served import Answers, Receiver, client, serving

pytestmark = pytest.mark.django_db
GOOD = ["6281200000001", "6281200000002"]


class Ministry:
    """Takes a report whole, or names the rows with numbers that it does not know, so many at a time."""

    def __init__(self, digest: str, *, known: list[str], names: int = 1000) -> None:
        self.digest, self.known, self.names = digest, set(known), names
        self.taken: list[str] = []
        self.asked = 0

    def take(self, body: bytes) -> tuple[int, bytes]:
        self.asked += 1
        text = body.decode("utf-16" if body[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
        head = text.splitlines()[0]
        rows = list(csv.reader(io.StringIO(text), delimiter=max((",", ";", "\t"), key=head.count)))
        first = 2 if rows[0][0].startswith("sep=") else 1
        numbers = {row: cells[0] for row, cells in enumerate(rows[first:], start=first + 1) if any(cells)}
        if not numbers:
            return 400, json.dumps({"code": "no_rows", "detail": "There are no rows."}).encode()
        bad = [row for row, number in numbers.items() if number not in self.known]
        if bad:
            errors = [{"row": row, "code": "not_on_list", "message": "No."} for row in bad[: self.names]]
            return 400, json.dumps({"code": "rows_refused", "detail": "No.", "errors": errors}).encode()
        self.taken = list(numbers.values())
        return 200, json.dumps({"list_digest": self.digest, "rows": len(numbers)}).encode()


@pytest.fixture
def digest(two_lists: list[Answers]) -> str:
    """That of the first list, under whose name its manifest is served."""
    (path,) = [path for path in two_lists[0] if path.endswith(".latest.json")]
    return path.rsplit("/", 1)[1].split(".")[0]


def reporting(receiver: Receiver, file: Path) -> str:
    """A command that writes this file as its answers."""
    return f'cp {file} "$ADUAN_OUTCOMES"'


@pytest.mark.parametrize(
    "answer",
    [
        (200, b"<!doctype html><title>Please log in to this network</title>"),
        (200, b"{}"),
        (200, b'{"list_digest": "another"}'),
        (204, b""),
        (200, b'{"list_digest": "'),
    ],
    ids=["a proxy's page", "nothing", "another list", "no content", "cut off"],
)
def test_a_report_is_taken_only_when_the_ministry_says_so(
    receiver: Receiver,
    two_lists: list[Answers],
    digest: str,
    tmp_path: Path,
    answer: tuple[int, bytes],
) -> None:
    """Seen to fail on 0.3.0: whatever answered 2xx was taken for the ministry, and nothing was sent again."""
    file = tmp_path / "answers.csv"
    file.write_text("number,answer\n" + "".join(f"{number},blocked\n" for number in GOOD))
    ministry = Ministry(digest, known=GOOD)
    with serving(two_lists[0]) as server:
        server.take = lambda _body: answer
        assert receiver.fetch(server.url, "--on-change", reporting(receiver, file)) == client.NOT_REPORTED
        assert "report not sent" in receiver.said
        server.take = ministry.take
        assert receiver.fetch(server.url, "--on-change", reporting(receiver, file)) == client.OK
    assert ministry.taken == GOOD


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("number,answer\n{rows}", "utf-8-sig"),
        ("number;answer\r\n{rows}", "utf-8"),
        ("number\tanswer\n{rows}", "utf-16"),
        ("sep=;\r\nnumber;answer\r\n{rows}", "utf-8"),
    ],
)
@pytest.mark.parametrize("known", [GOOD, []], ids=["some good", "none good"])
def test_bad_rows_are_left_out_of_any_table_that_the_ministry_reads(
    receiver: Receiver,
    two_lists: list[Answers],
    digest: str,
    tmp_path: Path,
    text: str,
    encoding: str,
    known: list[str],
) -> None:
    """Seen to fail on 0.3.0: a table in UTF-16 ended with 2, which says that the list is forged."""
    mark = next(sign for sign in ("\t", ";", ",") if sign in text)
    end = "\r\n" if "\r" in text else "\n"
    rows = "".join(f"{number}{mark}blocked{end}" for number in (*GOOD, "6281299999999"))
    file = tmp_path / "answers.csv"
    file.write_bytes(text.format(rows=rows).encode(encoding))
    ministry = Ministry(digest, known=known)
    with serving(two_lists[0]) as server:
        server.take = ministry.take
        status = receiver.fetch(server.url, "--on-change", reporting(receiver, file))
        assert status == client.NOT_REPORTED, receiver.said
        assert receiver.fetch(server.url, "--on-change", "exit 9") == client.OK, "said once"
    assert ministry.taken == known
    assert "6281299999999" in (receiver.state / "refused-rows.csv").read_text()


def test_more_bad_rows_than_are_named_at_once_end_in_one_run(
    receiver: Receiver,
    two_lists: list[Answers],
    digest: str,
    tmp_path: Path,
) -> None:
    """Seen to fail on 0.3.0: after fifty rounds each run began anew and said that the next goes on."""
    file = tmp_path / "answers.csv"
    bad = [f"62812999{number:05d}" for number in range(60)]
    file.write_text("number,answer\n" + "".join(f"{number},blocked\n" for number in (*bad, *GOOD)))
    ministry = Ministry(digest, known=GOOD, names=1)
    with serving(two_lists[0]) as server:
        server.take = ministry.take
        assert receiver.fetch(server.url, "--on-change", reporting(receiver, file)) == client.NOT_REPORTED
    assert (ministry.taken, ministry.asked) == (GOOD, 61)
    assert len((receiver.state / "refused-rows.csv").read_text().splitlines()) == 60


def test_a_server_that_names_rows_that_there_are_not_is_asked_once(
    receiver: Receiver,
    two_lists: list[Answers],
    tmp_path: Path,
) -> None:
    file = tmp_path / "answers.csv"
    file.write_text("number,answer\n6281200000001,blocked\n")
    asked: list[bytes] = []

    def take(body: bytes) -> tuple[int, bytes]:
        asked.append(body)
        return 400, b'{"code": "rows_refused", "errors": [{"row": 77, "code": "x", "message": "y"}]}'

    with serving(two_lists[0]) as server:
        server.take = take
        assert receiver.fetch(server.url, "--on-change", reporting(receiver, file)) == client.NOT_REPORTED
    assert len(asked) == 1


def test_a_run_that_meets_the_first_one_does_not_end_well_without_a_list(
    receiver: Receiver,
    two_lists: list[Answers],
) -> None:
    """Seen to fail on 0.3.0: while the first run still fetched, every other ended with 0 and no list."""
    receiver.state.mkdir()
    with serving(two_lists[0]) as server, (receiver.state / ".lock").open("a") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert receiver.fetch(server.url) == client.NO_LIST
        assert "another run is at work" in receiver.said
        fcntl.flock(held, fcntl.LOCK_UN)
        assert receiver.fetch(server.url) == client.OK


@pytest.mark.parametrize("file", ["block.txt", "block.csv"])
@pytest.mark.parametrize("how", ["cut", "changed", "empty", "gone"])
def test_a_list_in_place_that_is_no_longer_what_was_verified_is_named(
    receiver: Receiver,
    two_lists: list[Answers],
    file: str,
    how: str,
) -> None:
    """Seen to fail on 0.3.0: half a list was in force, and every run ended with 0."""
    with serving(two_lists[0]) as server:
        assert receiver.fetch(server.url) == client.OK
        path = receiver.state / "current" / file
        body = path.read_bytes()
        if how == "gone":
            path.unlink()
        else:
            path.write_bytes({"cut": body[:-7], "changed": body[:-2] + b"9\n", "empty": b""}[how])
        assert receiver.fetch(server.url) == client.THIS_MACHINE
        assert "this machine:" in receiver.said
        (receiver.state / "current").unlink()
        assert receiver.fetch(server.url) == client.OK, receiver.said
    assert receiver.blocked == GOOD


@pytest.mark.parametrize(
    "wrong",
    [
        ["--operater", "telkomsel"],
        ["--minutes", "0"],
        ["--minutes", "nan"],
        ["--minutes", "-1"],
        ["--timeout", "soon"],
        ["--watch", "0"],
        ["--max-age", "inf"],
        ["--series", "blocks"],
    ],
)
def test_a_typing_error_is_this_machines_and_no_forged_list(
    receiver: Receiver,
    wrong: list[str],
) -> None:
    """Seen to fail on 0.3.0: each ended with 2, or ran as if nothing had been asked for."""
    with pytest.raises(SystemExit) as end:
        receiver.fetch("http://127.0.0.1:9/", *wrong)
    assert end.value.code == client.THIS_MACHINE


@pytest.mark.parametrize("key", [b"\xff\xfe\x00", b"an key", "an_kunci\u00e9".encode()])
def test_a_key_file_that_holds_no_key_is_named_as_such(
    receiver: Receiver,
    tmp_path: Path,
    key: bytes,
) -> None:
    (tmp_path / "key").write_bytes(key)
    assert receiver.fetch("http://127.0.0.1:9/", "--key-file", str(tmp_path / "key")) == client.THIS_MACHINE
    assert "the access key is not one word" in receiver.said


def test_a_key_file_with_a_mark_is_read(
    receiver: Receiver,
    two_lists: list[Answers],
    tmp_path: Path,
) -> None:
    (tmp_path / "key").write_bytes(b"\xef\xbb\xbfan_12345678_secret\r\n")
    with serving(two_lists[0]) as server:
        assert receiver.fetch(server.url, "--key-file", str(tmp_path / "key")) == client.OK
