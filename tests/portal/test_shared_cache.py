"""AZ15: a cache between the portal and its visitors, which knows no users, gives no one what is another's."""

from __future__ import annotations

import http.client
from dataclasses import dataclass

import pytest

from aduan.accounts.models import User
from aduan.blocklists import queries
from aduan.blocklists.models import BlockList
from tests.nginx import Front
from tests.portal.api.conftest import key_of
from tests.portal.operators.conftest import at_desk

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def test_a_shared_cache_gives_no_one_what_is_anothers(
    front: Front, a_list: BlockList, b_list: BlockList, dewi: User, eko: User, budi: User
):
    front.start()
    name = queries.name_of(a_list)
    assert name == queries.name_of(b_list)
    api = ["", "/latest", f"/{name}", *(f"/{name}/files/block.{suffix}" for suffix in ("txt", "csv", "json"))]
    paths = [f"/api/v1/lists{tail}" for tail in api] + ["/api/v1/key", "/api/v1/tuf/metadata/timestamp.json"]
    keys = {"a": key_of(dewi), "b": key_of(eko)}
    for path in paths:
        first, second = (ask(front, path, Authorization=f"Bearer {keys[who]}") for who in "ab")
        assert (first.status, second.status) == (200, 200), path
        assert (first.cached, second.cached) != ("HIT", "HIT"), path
        assert second.cached == "MISS", path
        if "tuf" not in path:
            assert first.body != second.body, path
        assert ask(front, path).status == 401, path
    for who, page in ((dewi, "/operator/"), (dewi, f"/operator/daftar/{name}/"), (budi, "/kelola/antrean/")):
        cookie = at_desk(who).cookies["sid"].value
        seen = ask(front, page, Cookie=f"sid={cookie}")
        stranger = ask(front, page)
        again = ask(front, page, Cookie=f"sid={cookie}")
        assert (seen.status, stranger.status, again.status) == (200, 302, 200), page
        assert "HIT" not in (seen.cached, again.cached), page
        assert "no-store" in seen.control, page


@dataclass
class Answer:
    status: int
    cached: str | None
    control: str
    body: bytes


def ask(front: Front, path: str, **headers: str) -> Answer:
    """Through the cache, twice: what the second one got."""
    for _time in range(2):
        line = http.client.HTTPConnection("127.0.0.1", front.ports["cache"], timeout=30)
        line.request("GET", path, headers=headers)
        answer = line.getresponse()
        got = Answer(
            answer.status,
            answer.headers["X-Cache"],
            answer.headers.get("Cache-Control", ""),
            answer.read(),
        )
        line.close()
    return got
