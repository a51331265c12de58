"""The operator's own lists over the API, and no one else's."""

from __future__ import annotations

import hashlib

import pytest
from django.core.signals import request_finished
from django.db import close_old_connections
from django.test import Client

from aduan.blocklists.models import BlockList, Download
from aduan.blocklists.queries import name_of
from tests.portal.api.conftest import key_of, machine

LISTS = "/api/v1/lists"


def body_of(answer) -> bytes:
    return b"".join(answer) if answer.streaming else answer.content


def hang_up(answer) -> None:
    """The client goes away. As Django's own test client does, without ending the test's connection."""
    request_finished.disconnect(close_old_connections)
    answer.close()
    request_finished.connect(close_old_connections)


def test_one_sees_ones_own_lists_only(a: Client, a_list: BlockList, b_list: BlockList):
    page = a.get(LISTS).json()
    assert [one["name"] for one in page["results"]] == [name_of(a_list)]
    one = page["results"][0]
    assert one["counts"] == {"block": 3, "added": 3, "removed": 0}
    assert one["digest"] == a_list.digest
    assert {"block.txt", "block.csv", "block.json", "manifest.json"} <= {
        file["name"] for file in one["files"]
    }


def test_latest_and_one_list_say_the_same(a: Client, a_list: BlockList):
    latest = a.get(f"{LISTS}/latest").json()
    assert latest == a.get(latest["url"]).json()
    assert a.get(f"{LISTS}/latest?series=block").json() == latest
    assert a.get(f"{LISTS}/latest?series=inbound").status_code == 404
    assert a.get(f"{LISTS}/latest?series=nonsense").json()["code"] == "series_unknown"
    assert a.get(f"{LISTS}?kind=nonsense").json()["code"] == "kind_unknown"


def test_a_file_comes_with_its_digest_as_strong_etag(a: Client, a_list: BlockList):
    for file in a.get(f"{LISTS}/latest").json()["files"]:
        answer = a.get(file["url"])
        data = body_of(answer)
        assert hashlib.sha256(data).hexdigest() == file["sha256"]
        assert answer["ETag"] == f'"sha256-{file["sha256"]}"'
        assert int(answer["Content-Length"]) == len(data) == file["size"]


def test_the_signature_stands_beside_each_file(a: Client, a_list: BlockList):
    for file in a.get(f"{LISTS}/latest").json()["files"]:
        assert len(body_of(a.get(file["url"] + ".sig"))) == 64


@pytest.mark.parametrize(
    "name", ["block.xlsx", "block.txt.gz", "block.txt.sig.sig", "..", "%2e%2e", "manifest", "x"]
)
def test_a_file_that_no_list_has_is_not_found(a: Client, a_list: BlockList, name: str):
    assert a.get(f"{LISTS}/{name_of(a_list)}/files/{name}").status_code == 404


def test_another_operators_list_is_as_if_it_did_not_exist(b: Client, a_list: BlockList):
    wrong = name_of(a_list).replace("monthly-v1", "monthly-v7")
    for suffix in ("", "/files/block.txt", "/files/manifest.json.sig"):
        foreign, missing = b.get(f"{LISTS}/{name_of(a_list)}{suffix}"), b.get(f"{LISTS}/{wrong}{suffix}")
        assert foreign.status_code == missing.status_code == 404
        assert foreign.content == missing.content
        assert sorted(foreign.headers) == sorted(missing.headers)
    assert b.get(LISTS).json()["results"] == []


def test_every_download_is_recorded_whole_or_not(a: Client, a_list: BlockList):
    url = f"{LISTS}/{name_of(a_list)}/files/block.txt"
    whole = body_of(a.get(url))
    body_of(a.get(url, headers={"range": "bytes=0-9"}))
    body_of(a.get(url, headers={"range": "bytes=10-"}))
    hang_up(a.get(url))
    a.head(url)
    rows = list(
        Download.objects.order_by("id").values_list("file", "bytes_sent", "complete", "access_key__name")
    )
    assert rows[0] == ("block.txt", len(whole), True, "gateway")
    assert rows[1] == ("block.txt", 10, False, "gateway")
    assert rows[2] == ("block.txt", len(whole) - 10, True, "gateway")
    assert rows[3] == ("block.txt", 0, False, "gateway")
    assert len(rows) == 4  # HEAD carries nothing


def test_gzip_is_sent_to_who_unpacks_it_with_an_etag_of_its_own(a: Client, a_list: BlockList):
    url = f"{LISTS}/{name_of(a_list)}/files/block.txt"
    plain, packed = a.get(url), a.get(url, headers={"accept-encoding": "gzip"})
    import gzip

    assert packed["Content-Encoding"] == "gzip"
    assert gzip.decompress(body_of(packed)) == body_of(plain)
    assert packed["ETag"] != plain["ETag"]
    assert packed["ETag"] == plain["ETag"][:-1] + '-gzip"', "the digest that the manifest gives, and a mark"
    for known in (plain["ETag"], packed["ETag"]):
        again = a.get(url, headers={"accept-encoding": "gzip", "if-none-match": known})
        assert again.status_code == 304, known
    assert "Accept-Encoding" in packed["Vary"]
    assert "Accept-Encoding" in plain["Vary"]
    refusing = a.get(url, headers={"accept-encoding": "gzip;q=0, br"})
    assert "Content-Encoding" not in refusing.headers


def test_a_part_is_one_of_the_file_itself_unless_a_packed_one_is_gone_on_with(a: Client, a_list: BlockList):
    """Seen to fail on 0.3.0: clients that unpack by themselves broke at a part of the packed file."""
    url = f"/api/v1/lists/{name_of(a_list)}/files/block.txt"
    whole, packed = a.get(url), a.get(url, headers={"accept-encoding": "gzip"})
    asked = {"accept-encoding": "gzip", "range": "bytes=5-"}
    for headers in (asked, asked | {"if-range": whole["ETag"]}):
        part = a.get(url, headers=headers)
        assert (part.status_code, part.has_header("Content-Encoding")) == (206, False)
        assert body_of(part) == body_of(a.get(url))[5:]
    more = a.get(url, headers=asked | {"if-range": packed["ETag"]})
    assert (more.status_code, more["Content-Encoding"]) == (206, "gzip")
    assert body_of(more) == body_of(packed)[5:]


def test_without_the_scope_nothing_is_read(dewi, a_list: BlockList):
    writer = machine(key_of(dewi, name="writer", scopes=["report:write"]))
    for url in (LISTS, f"{LISTS}/latest", f"{LISTS}/{name_of(a_list)}/files/block.txt"):
        answer = writer.get(url)
        assert (answer.status_code, answer.json()["code"], answer.json()["scope"]) == (
            403,
            "scope_missing",
            "list:read",
        )


def test_pages_follow_by_cursor(a: Client, a_list: BlockList):
    page = a.get(f"{LISTS}?size=1").json()
    assert len(page["results"]) == 1
    assert page["next"] is None
    assert a.get(f"{LISTS}?cursor=nonsense").status_code == 404


@pytest.mark.parametrize("size", ["abc", "", "0", "-1", "201", "1e2", "٣", "9" * 40])
def test_a_size_that_is_none_is_refused_and_not_passed_over(a: Client, a_list: BlockList, size: str):
    answer = a.get(LISTS, {"size": size})
    assert (answer.status_code, answer.json()["code"], answer.json()["field"]) == (
        400,
        "size_unknown",
        "size",
    )


@pytest.mark.parametrize("query", ["cursor=", "cursor=&size=2", "cursor=a&cursor=b"])
def test_a_cursor_without_a_value_is_not_taken_for_the_first_page(a: Client, a_list: BlockList, query: str):
    """The framework takes an empty one for none: a client that lost its place read the newest lists again."""
    answer = a.get(f"{LISTS}?{query}")
    assert answer.status_code == 400
    assert "cursor" in str(answer.json())


def test_a_list_that_is_not_published_does_not_exist(a: Client, telkomsel, settings, budi, citra):
    import datetime as dt

    from django.utils import timezone

    from aduan.blocklists.models import ListType
    from aduan.blocklists.services import build_list
    from aduan.core.periods import last_ended
    from tests.factories.blocklists import a_block

    settings.PUBLICATION_DELAY = dt.timedelta(hours=4)
    now = timezone.now()
    a_block(telkomsel, by=(budi, citra), at=now, digits=6281200000001)
    built = build_list(telkomsel, period=last_ended(now), kind=ListType.MONTHLY, at=now)
    assert built is not None
    assert built.state == BlockList.State.AWAITING_PUBLICATION
    assert a.get(LISTS).json()["results"] == []
    assert a.get(f"{LISTS}/{name_of(built)}").status_code == 404
    assert a.get(f"{LISTS}/{name_of(built)}/files/block.txt").status_code == 404


def test_tuf_metadata_and_targets_are_ones_own(a: Client, b: Client, a_list: BlockList):
    timestamp = a.get("/api/v1/tuf/metadata/timestamp.json").json()
    assert timestamp["signed"]["_type"] == "timestamp"
    assert a.get("/api/v1/tuf/metadata/1.root.json").status_code == 200
    own = "/api/v1/tuf/metadata/2.telkomsel.json"
    assert a.get(own).json()["signed"]["_type"] == "targets"
    assert b.get(own).status_code == 404
    for path, fact in a.get(own).json()["signed"]["targets"].items():
        folder, _slash, name = path.rpartition("/")
        url = f"/api/v1/tuf/targets/{folder}/{fact['hashes']['sha256']}.{name}"
        assert hashlib.sha256(body_of(a.get(url))).hexdigest() == fact["hashes"]["sha256"]
        assert b.get(url).status_code == 404
    assert Download.objects.filter(file="block.txt", complete=True).exists()
