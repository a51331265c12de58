"""The reference client takes what the ministry published, and nothing that was tampered with on the way."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest
from tuf.api.exceptions import DownloadHTTPError, DownloadLengthMismatchError
from tuf.ngclient import Updater

from aduan.blocklists import queries
from aduan.blocklists.services import renew, rotate
from aduan.operators.models import Operator
from tests.aduan.blocklists.served import META, TARGETS, Answers, Receiver, everything, serving

pytestmark = pytest.mark.django_db
REFUSED, UNREACHABLE, STALE = 2, 3, 4


def find(answers: Answers, end: str) -> str:
    """By the operator's own role, which names removals too."""
    return max(path for path in answers if path.endswith(end) and "/removal/" not in path)


def test_takes_each_list_once_and_follows(receiver: Receiver, two_lists: list[Answers]) -> None:
    with serving(two_lists[0]) as server:
        assert receiver.fetch_as_cron_does(server.url) == 0, receiver.said
        assert receiver.blocked == ["6281200000001", "6281200000002"]
        assert receiver.fetch(server.url) == 0
        assert "new list" not in receiver.said
        server.answers = two_lists[1]
        assert receiver.fetch(server.url) == 0, receiver.said
    assert receiver.blocked == ["6281200000002", "6281200000003"]
    heads = (receiver.state / "audit-heads.txt").read_text()
    assert len(heads.splitlines()) == 2, "a copy of the audit log's head with each list"
    newest = json.loads((receiver.state / "current" / "manifest.json").read_bytes())["audit_head"]
    assert heads.endswith(f" {newest['seq']} {newest['sha256']}\n")


def test_a_stock_tuf_client_accepts_the_repository(two_lists: list[Answers], tmp_path: Path) -> None:
    with serving(two_lists[1]) as server:
        client = Updater(
            str(tmp_path),
            server.url + META,
            str(tmp_path),
            server.url + TARGETS,
            bootstrap=two_lists[1][META + "1.root.json"],
        )
        latest = client.get_targetinfo("telkomsel/latest.json")
        assert latest is not None
        manifest = json.loads(Path(client.download_target(latest)).read_bytes())
        block = client.get_targetinfo(manifest["folder"] + "/block.txt")
        assert block is not None
        assert Path(client.download_target(block)).read_text() == "6281200000002\n6281200000003\n"
        with pytest.raises(DownloadHTTPError, match="404"):
            client.get_targetinfo("indosat/latest.json")


def test_nothing_served_to_one_operator_names_a_file_of_another(two_lists: list[Answers]) -> None:
    everything_said = b"".join(two_lists[1].values())
    assert b"telkomsel/" in everything_said
    assert b"indosat/latest" not in everything_said
    assert b"6281500000001" not in everything_said


def flipped(data: bytes, at: int) -> bytes:
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


@pytest.mark.parametrize(
    "end",
    [
        "block.txt",
        "block.csv",
        "added.txt",
        "removed.txt",
        "latest.json",
        "telkomsel.json",
        "snapshot.json",
        "timestamp.json",
    ],
)
def test_one_flipped_bit_is_refused(receiver: Receiver, two_lists: list[Answers], end: str) -> None:
    with serving(two_lists[0]) as server:
        assert receiver.fetch(server.url) == 0
        before = receiver.blocked
        news = {path: body for path, body in two_lists[1].items() if two_lists[0].get(path) != body}
        # Several versions of a page may be new; which of them the client reads, their digests decide.
        touched = {
            path: flipped(body, len(body) // 2) if body else b"1\n"
            for path, body in news.items()
            if path.endswith(end)
        }
        assert touched
        server.answers = two_lists[1] | touched
        assert receiver.fetch(server.url) in (REFUSED, UNREACHABLE), receiver.said
        assert receiver.blocked == before
        server.answers = two_lists[1]
        assert receiver.fetch(server.url) == 0, "the refusal must not spoil the next run"


def mangled(data: bytes) -> dict[str, bytes]:
    lines = data.splitlines(keepends=True)
    return {
        "a line less": b"".join(lines[:-1]),
        "a line more": data + b"6281299999999\n",
        "another order": b"".join(reversed(lines)),
        "a line twice": data + lines[-1],
        "CRLF": data.replace(b"\n", b"\r\n"),
        "BOM": b"\xef\xbb\xbf" + data,
        "a space": data.replace(b"\n", b" \n"),
        "cut": data[:-5],
        "empty": b"",
    }


@pytest.mark.parametrize("how", list(mangled(b"1\n")))
def test_a_changed_list_is_refused(receiver: Receiver, two_lists: list[Answers], how: str) -> None:
    path = find(two_lists[1], "block.txt")
    with serving({**two_lists[1], path: mangled(two_lists[1][path])[how]}) as server:
        assert receiver.fetch(server.url) != 0
    assert receiver.blocked == []


def test_rolling_back_is_refused(receiver: Receiver, two_lists: list[Answers]) -> None:
    old, new, _theirs = two_lists
    with serving(new) as server:
        assert receiver.fetch(server.url) == 0
        server.answers = old
        assert receiver.fetch(server.url) == REFUSED, receiver.said
        server.answers = {**new, META + "timestamp.json": old[META + "timestamp.json"]}
        assert receiver.fetch(server.url) == REFUSED
    assert receiver.blocked == ["6281200000002", "6281200000003"]


def test_mixing_pages_of_two_moments_is_refused(receiver: Receiver, two_lists: list[Answers]) -> None:
    old, new, _theirs = two_lists
    role = find(new, ".telkomsel.json")
    with serving({**new, role: old[find(old, ".telkomsel.json")]}) as server:
        assert receiver.fetch(server.url) == REFUSED, receiver.said


def test_another_operators_pages_are_refused(receiver: Receiver, two_lists: list[Answers]) -> None:
    _old, new, theirs = two_lists
    swapped = {**theirs, **new, find(new, ".telkomsel.json"): theirs[find(theirs, ".indosat.json")]}
    with serving(swapped) as server:
        assert receiver.fetch(server.url) == REFUSED, receiver.said
    assert receiver.blocked == []


def test_a_frozen_repository_is_noticed_within_a_day(
    receiver: Receiver, two_lists: list[Answers], today: dt.datetime
) -> None:
    with serving(two_lists[0]) as server:
        assert receiver.fetch(server.url) == 0
        assert receiver.fetch(server.url, at=today + dt.timedelta(hours=25)) == STALE, receiver.said
    assert receiver.fetch("http://127.0.0.1:9/", at=today + dt.timedelta(hours=27)) == STALE
    assert receiver.blocked == ["6281200000001", "6281200000002"]


def test_endless_data_ends_one_byte_after_the_declared_length(
    receiver: Receiver, two_lists: list[Answers]
) -> None:
    with serving(two_lists[1]) as server:
        server.endless = find(two_lists[1], "block.txt")
        assert receiver.fetch(server.url) == REFUSED, receiver.said
        assert DownloadLengthMismatchError.__name__ in receiver.said or "exceeding" in receiver.said
        assert server.sent < 32 << 20


def test_follows_a_changed_key_and_a_renewed_timestamp(
    tmp_path: Path, published_twice: list[Answers], telkomsel: Operator, today: dt.datetime
) -> None:
    receiver = Receiver(tmp_path / "op", "telkomsel", published_twice[0][META + "1.root.json"])
    with serving(published_twice[1]) as server:
        assert receiver.fetch(server.url) == 0
        for role, number in (("timestamp", 1), ("targets", 2), ("root", 3), ("snapshot", 1)):
            assert rotate(role, number, at=today)
        assert renew(at=today + dt.timedelta(hours=2)) == ["timestamp"]
        server.answers = everything(telkomsel)
        assert receiver.fetch(server.url) == 0, receiver.said
        late = Receiver(receiver.state.parent / "late", "telkomsel", published_twice[0][META + "1.root.json"])
        assert late.fetch(server.url) == 0, "three roots were missed"
        assert late.blocked == receiver.blocked


def test_only_its_own_page_is_given_to_an_operator(
    published_twice: list[Answers], telkomsel: Operator, indosat: Operator
) -> None:
    page = find(published_twice[1], ".telkomsel.json").removeprefix(META)
    target = find(published_twice[1], "block.txt").removeprefix(TARGETS)
    assert queries.metadata_bytes(page, operator=telkomsel) is not None
    assert queries.metadata_bytes(page, operator=indosat) is None
    assert queries.metadata_bytes(page, operator=None) is None
    assert queries.target(target, operator=indosat) is None
