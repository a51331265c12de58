"""AZ14 and AZ15: no act without the page's own token, and nothing personal left for caches."""

from __future__ import annotations

import json

import pytest
from django.test import Client

from aduan.blocklists.models import BlockList, Outcome
from aduan.blocklists.queries import name_of
from aduan.operators.models import AccessKey
from tests.portal.api.conftest import key_of
from tests.portal.conftest import A_NUMBERS
from tests.portal.operators.conftest import at_desk
from tests.portal.test_access_matrix import PAGE_METHODS, concrete


def strict(client: Client) -> Client:
    """The same browser with the check of tokens that tests usually go without."""
    client.handler.enforce_csrf_checks = True
    return client


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"origin": "https://evil.example", "sec-fetch-site": "cross-site"},
        {"referer": "https://evil.example/page"},
        {"origin": "null"},
    ],
    ids=["no token", "foreign origin", "foreign referer", "null origin"],
)
def test_every_act_of_a_page_without_its_token_is_refused(dewi, headers: dict[str, str]):
    desk = strict(at_desk(dewi))
    for address, methods in PAGE_METHODS.items():
        if "post" in methods:
            answer = desk.post(
                concrete(address), {"name": "x", "scopes": "list:read", "life": "90"}, headers=headers
            )
            assert answer.status_code == 403, address
    assert not AccessKey.objects.exists()


def test_json_in_the_dress_of_a_form_is_not_taken(dewi, a_list: BlockList):
    """A foreign page can make a browser send text/plain or a form, with cookies; never with our key."""
    body = json.dumps(
        {"list_digest": a_list.digest, "outcomes": [{"number": str(A_NUMBERS[0]), "answer": "blocked"}]}
    )
    url = f"/api/v1/lists/{name_of(a_list)}/outcomes"
    browser = at_desk(dewi)
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"):
        assert browser.post(url, body, kind).status_code == 401
        with_key = Client(headers={"authorization": f"Bearer {key_of(dewi, name=kind)}"})
        assert with_key.post(url, body, kind).status_code == 415
    assert not Outcome.objects.exists()


def test_nothing_of_an_operator_may_be_stored_on_the_way(dewi, a_list: BlockList):
    machine = Client(headers={"authorization": f"Bearer {key_of(dewi)}"})
    desk = at_desk(dewi)
    name = name_of(a_list)
    answers = [
        machine.get("/api/v1/lists"),
        machine.get(f"/api/v1/lists/{name}/files/block.txt"),
        machine.get("/api/v1/tuf/metadata/timestamp.json"),
        machine.get("/api/v1/lists/nothing"),
        *(desk.get(concrete(address)) for address, methods in PAGE_METHODS.items() if "get" in methods),
        desk.get(f"/operator/daftar/{name}/"),
        desk.get(f"/operator/daftar/{name}/berkas/block.txt"),
    ]
    for answer in answers:
        assert "no-store" in answer["Cache-Control"], answer.request["PATH_INFO"]
        if answer.streaming:
            b"".join(answer)


def test_an_etag_that_fits_tells_another_operator_nothing(dewi, eko, a_list: BlockList):
    etag = f'"sha256-{a_list.files.get(name="block.txt").sha256}"'
    url = f"/api/v1/lists/{name_of(a_list)}/files/block.txt"
    own = Client(headers={"authorization": f"Bearer {key_of(dewi)}", "if-none-match": etag})
    other = Client(headers={"authorization": f"Bearer {key_of(eko)}", "if-none-match": etag})
    assert own.get(url).status_code == 304
    for headers in ({}, {"if-none-match": "*"}, {"range": "bytes=0-3"}, {"if-match": etag}):
        answer = other.get(url, headers=headers)
        assert answer.status_code == 404
        assert "ETag" not in answer.headers


def test_after_log_out_the_page_is_gone(dewi, a_list: BlockList):
    desk = at_desk(dewi)
    address = f"/operator/daftar/{name_of(a_list)}/"
    assert desk.get(address).status_code == 200
    desk.post("/akun/logout/")
    assert desk.get(address).status_code == 302
