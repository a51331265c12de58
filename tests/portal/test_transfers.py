"""PB11: a download that is cut is resumed to the same bytes, or starts again; never a mix of two files."""

from __future__ import annotations

import hashlib
import random
from pathlib import Path

import pytest
from django.http import HttpResponseBase
from django.test import RequestFactory

from portal.common.transfers import Served, answer

# Closing a response ends a request, and that looks at the database connection.
pytestmark = pytest.mark.django_db

DATA = b"".join(b"62812%07d\n" % number for number in range(5000))
ETAG = f'"sha256-{hashlib.sha256(DATA).hexdigest()}"'


@pytest.fixture
def file(tmp_path: Path) -> Served:
    path = tmp_path / "block.txt"
    path.write_bytes(DATA)
    return Served(path, "block.txt", len(DATA), hashlib.sha256(DATA).hexdigest(), "text/plain")


class Ended(list[tuple[int, bool]]):
    """What the delivery record would hold; `begun` counts transfers whose end the web server will tell."""

    begun = 0

    def __call__(self, sent: int, complete: bool) -> None:
        self.append((sent, complete))

    def begin(self) -> str:
        self.begun += 1
        return str(self.begun)


def ask(file: Served, *, method: str = "GET", ended: Ended | None = None, **headers: str) -> HttpResponseBase:
    request = RequestFactory().generic(
        method, "/", headers={name.replace("_", "-"): v for name, v in headers.items()}
    )
    record = ended if ended is not None else Ended()
    return answer(request, file, finish=record, begin=record.begin)


def body(response: HttpResponseBase) -> bytes:
    data = b"".join(response)
    response.close()
    return data


def test_a_thousand_cuts_resume_to_the_same_file(file: Served):
    dice = random.Random(11)
    for _cut in range(1000):
        have = DATA[: dice.randrange(len(DATA))]
        rest = ask(file, range=f"bytes={len(have)}-", if_range=ETAG)
        assert rest.status_code == 206
        assert rest["Content-Range"] == f"bytes {len(have)}-{len(DATA) - 1}/{len(DATA)}"
        assert have + body(rest) == DATA


@pytest.mark.parametrize(
    "stale", ['"sha256-' + "0" * 64 + '"', "W/" + ETAG, "Tue, 01 Dec 2026 00:00:00 GMT", ""]
)
def test_another_version_starts_again_whole(file: Served, stale: str):
    whole = ask(file, range="bytes=100-", if_range=stale)
    assert whole.status_code == 200
    assert body(whole) == DATA


@pytest.mark.parametrize(
    ("header", "start", "end"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=0-", 0, None),
        ("bytes=10-19", 10, 20),
        ("bytes=-5", -5, None),
        ("bytes=-99999999", 0, None),
        ("bytes=10-99999999", 10, None),
        ("BYTES = 10 - 19", 10, 20),
    ],
)
def test_one_range_is_cut_exactly(file: Served, header: str, start: int, end: int | None):
    part = ask(file, range=header)
    assert part.status_code == 206
    assert body(part) == DATA[start:end]
    assert part["ETag"] == ETAG


@pytest.mark.parametrize(
    "header", ["bytes=0-1,3-4", "bytes=5-2", "bytes=-", "lines=0-1", "bytes=a-b", "bytes=0-" + "9" * 40, ""]
)
def test_what_is_no_single_range_gives_the_whole_file(file: Served, header: str):
    whole = ask(file, range=header)
    assert (whole.status_code, body(whole) == DATA) == (200, True)


@pytest.mark.parametrize("header", [f"bytes={len(DATA)}-", f"bytes={len(DATA) + 7}-", "bytes=-0"])
def test_a_range_outside_says_how_long_the_file_is(file: Served, header: str):
    refused = ask(file, range=header)
    assert (refused.status_code, refused["Content-Range"]) == (416, f"bytes */{len(DATA)}")


@pytest.mark.parametrize("known", [ETAG, "*", f'"x", {ETAG}', f"W/{ETAG}"])
def test_who_has_it_is_reported_so_without_the_bytes(file: Served, known: str):
    ended = Ended()
    unchanged = ask(file, if_none_match=known, ended=ended)
    assert (unchanged.status_code, unchanged.content, unchanged["ETag"]) == (304, b"", ETAG)  # type: ignore[attr-defined]
    assert ended == []


def test_if_match_of_another_file_is_refused(file: Served):
    assert ask(file, if_match='"other"').status_code == 412
    assert body(ask(file, if_match=ETAG)) == DATA


def test_head_says_the_same_without_the_bytes(file: Served):
    head = ask(file, method="HEAD")
    assert (head["Content-Length"], head["ETag"], head["Accept-Ranges"]) == (str(len(DATA)), ETAG, "bytes")


def test_the_record_tells_whole_from_cut(file: Served):
    ended = Ended()
    body(ask(file, ended=ended))
    half = ask(file, range="bytes=0-9", ended=ended)
    body(half)
    ask(file, ended=ended).close()
    body(ask(file, range="bytes=10-", ended=ended))
    assert ended == [(len(DATA), True), (10, False), (0, False), (len(DATA) - 10, True)]


def test_an_empty_file_is_a_file(tmp_path: Path):
    path = tmp_path / "removed.txt"
    path.touch()
    empty = Served(path, "removed.txt", 0, hashlib.sha256(b"").hexdigest(), "text/plain")
    ended = Ended()
    assert body(ask(empty, ended=ended)) == b""
    assert ended == [(0, True)]
    assert ask(empty, range="bytes=0-").status_code == 416


def test_the_web_server_in_front_carries_whole_files_and_never_parts(file: Served):
    from dataclasses import replace

    behind = replace(file, accel="/_lists/telkomsel/2026-10/monthly-v1/block.txt")
    whole = ask(behind)
    assert whole["X-Accel-Redirect"] == "/_lists/telkomsel/2026-10/monthly-v1/block.txt"
    assert (whole.content, whole["ETag"]) == (b"", ETAG)  # type: ignore[attr-defined]
    assert body(ask(behind, range="bytes=5-9")) == DATA[5:10]


def test_behind_a_web_server_only_its_log_says_that_a_file_arrived(file: Served):
    from dataclasses import replace

    behind, ended = replace(file, accel="/_lists/telkomsel/2026-10/monthly-v1/block.txt"), Ended()
    assert ask(behind, ended=ended)["X-Delivery"] == "1"
    tail = ask(behind, range="bytes=10-", ended=ended)
    assert (tail["X-Delivery"], body(tail)) == ("2", DATA[10:])
    assert ended == []
    middle = ask(behind, range="bytes=10-19", ended=ended)
    assert body(middle) == DATA[10:20]
    assert "X-Delivery" not in middle.headers
    assert ended == [(10, False)]
    assert "X-Delivery" not in ask(behind, method="HEAD", ended=ended).headers
    assert "X-Delivery" not in ask(file, ended=ended).headers
