"""A machine learns where it stands: what changed since its list, what is open, where its word differs."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from django.test import Client
from django.utils import timezone

from aduan.accounts.models import User
from aduan.blocklists import queries
from aduan.blocklists.models import BlockList, ListSeries
from aduan.blocklists.queries import name_of
from aduan.blocklists.services import build_interims
from aduan.cases.models import Block
from aduan.operators.models import Operator
from tests.factories.blocklists import a_block
from tests.factories.cases import released
from tests.portal.conftest import A_NUMBERS, B_NUMBERS

CHANGES = "/api/v1/lists/changes"


@pytest.fixture
def three_lists(a_list: BlockList, telkomsel: Operator, budi: User, citra: User, agus: User) -> BlockList:
    """The monthly list, one that removes its first number, one that adds another. Returns the newest."""
    at = timezone.now() - dt.timedelta(minutes=30)
    gone = Block.objects.get(digits=A_NUMBERS[0])
    released(gone.case, by=agus, at=at)
    a_block(telkomsel, by=(budi, citra), at=at, digits=6281200000009, urgent=True)
    made = build_interims(at=at)
    assert [one.sequence for one in made] == [2, 3]
    return made[-1]


def caught_up(machine: Client, since: int) -> tuple[set[str], int]:
    """As an operator's machine does it: page by page, until there is no more."""
    blocked: set[str] = set()
    address: str | None = f"{CHANGES}?since={since}"
    sequence = since
    while address:
        page = machine.get(address).json()
        blocked = (blocked | set(page["added"])) - set(page["removed"])
        sequence, address = page["sequence"], page["next"]
    return blocked, sequence


@pytest.mark.parametrize("size", [1, 2, 10_000])
def test_the_changes_of_all_lists_make_the_newest(
    a: Client, three_lists: BlockList, monkeypatch: pytest.MonkeyPatch, size: int
):
    monkeypatch.setattr(queries.changes_since, "__kwdefaults__", {"after": 0, "limit": size})
    blocked, sequence = caught_up(a, 0)
    newest = b"".join(a.get(f"/api/v1/lists/{name_of(three_lists)}/files/block.txt")).decode().split()
    assert (blocked, sequence) == (set(newest), three_lists.sequence)


def test_from_a_list_on_only_what_came_behind_it(a: Client, three_lists: BlockList):
    first = a.get(f"{CHANGES}?since=1").json()
    assert (first["added"], first["removed"], first["caught_up"]) == ([], [str(A_NUMBERS[0])], False)
    last = a.get(first["next"]).json()
    assert (last["added"], last["removed"], last["caught_up"]) == (["6281200000009"], [], True)
    assert (last["sequence"], last["digest"]) == (3, three_lists.digest)
    nothing = a.get(f"{CHANGES}?since=3").json()
    assert (nothing["added"], nothing["removed"], nothing["caught_up"]) == ([], [], True)


@pytest.mark.parametrize(
    "query", ["", "since=x", "since=-1", "since=4", "since=99999999999", "since=0&after=x"]
)
def test_what_is_no_place_in_the_chain_is_refused(a: Client, three_lists: BlockList, query: str):
    answer = a.get(f"{CHANGES}?{query}")
    assert (answer.status_code, answer.json()["code"] in {"fields_invalid", "since_unknown"}) == (400, True)


def test_another_operator_learns_nothing_of_it(b: Client, three_lists: BlockList, b_list: BlockList):
    blocked, _sequence = caught_up(b, 0)
    assert blocked == {str(number) for number in B_NUMBERS}
    assert b.get(f"/api/v1/lists/{name_of(three_lists)}/open").status_code == 404


def test_open_numbers_shrink_with_each_answer(a: Client, three_lists: BlockList, a_list: BlockList):
    address = f"/api/v1/lists/{name_of(a_list)}/open"
    before = a.get(address).json()
    assert (before["open"], before["numbers"]) == (2, [str(number) for number in A_NUMBERS[1:]])
    assert before["due_at"]
    rows = [{"number": str(A_NUMBERS[1]), "answer": "blocked"}]
    body = json.dumps({"list_digest": a_list.digest, "outcomes": rows})
    assert a.post(f"/api/v1/lists/{name_of(a_list)}/outcomes", body, "application/json").status_code == 200
    assert a.get(address).json()["numbers"] == [str(A_NUMBERS[2])]


def test_reconciliation_names_what_differs(a: Client, a_list: BlockList):
    rows = [{"number": str(A_NUMBERS[1]), "answer": "not_ours"}]
    body = json.dumps({"list_digest": a_list.digest, "outcomes": rows})
    a.post(f"/api/v1/lists/{name_of(a_list)}/outcomes", body, "application/json")
    found = a.get("/api/v1/reconciliation?difference=declined").json()
    assert (found["listed"], found["waiting"], found["declined"]) == (3, 2, 1)
    assert [one["number"] for one in found["numbers"]] == [str(A_NUMBERS[1])]
    assert a.get("/api/v1/reconciliation?difference=nonsense").status_code == 400
    assert a.get("/api/v1/reconciliation?series=inbound").json()["list"] is None


@pytest.mark.parametrize(
    "address",
    [
        "/api/v1/lists",
        "/api/v1/lists/latest",
        f"{CHANGES}?since=1",
        "/api/v1/reconciliation",
        "/api/v1/traces",
        "/api/v1/tuf/metadata/timestamp.json",
    ],
)
def test_what_is_polled_is_not_sent_twice(a: Client, a_list: BlockList, address: str):
    """Seen to fail on 0.1.0: only files had an ETag."""
    first = a.get(address)
    assert first.status_code == 200
    for known in (first["ETag"], f"W/{first['ETag']}", f'"x", {first["ETag"]}'):
        again = a.get(address, headers={"if-none-match": known})
        assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
        assert "RateLimit-Remaining" in again
    assert a.get(address, headers={"if-none-match": '"x"'}).status_code == 200


def test_series_are_apart(a: Client, three_lists: BlockList):
    assert a.get(f"{CHANGES}?since=0&series={ListSeries.INBOUND}").json()["added"] == []
