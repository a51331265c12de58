"""Operator B's key with all that names operator A, in bodies, parameters and headers: nothing of A comes."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from aduan.accounts.models import User
from aduan.blocklists.models import BlockList, BlockListEntry, Download, Outcome, OutcomeReport
from aduan.blocklists.queries import name_of
from aduan.cases.models import Block, RecycledNotice, TraceRequest
from aduan.cases.workflow import ProposalType
from aduan.numbers.models import PhoneNumber
from aduan.operators.models import AccessKey, Operator, OperatorMember
from tests.factories import cases as make
from tests.portal.api.conftest import key_of, machine
from tests.portal.conftest import A_NUMBERS, B_NUMBERS

pytestmark = pytest.mark.django_db
WRITTEN = (
    Outcome,
    OutcomeReport,
    RecycledNotice,
    TraceRequest,
    Block,
    PhoneNumber,
    AccessKey,
    OperatorMember,
)


def _rows() -> dict[str, list[dict[str, Any]]]:
    unlike = {"last_used_at", "last_used_from"}  # of the key that asks
    return {
        model.__name__: [
            {name: value for name, value in row.items() if name not in unlike}
            for row in model.objects.order_by("pk").values()
        ]
        for model in WRITTEN
    }


@pytest.fixture
def of_a(telkomsel: Operator, dewi: User) -> dict[str, Any]:
    """Every word by which a form could say that it speaks for A."""
    member = OperatorMember.objects.get(user=dewi)
    names = {"operator": telkomsel.code, "operator_id": telkomsel.pk, "organisation": telkomsel.pk}
    return names | {"actor": member.pk, "user": dewi.pk, "as": telkomsel.code, "tenant": telkomsel.pk}


@pytest.fixture
def trace(telkomsel: Operator, budi: User, citra: User) -> TraceRequest:
    case = make.confirmed(
        telkomsel,
        first=budi,
        second=citra,
        at=timezone.now(),
        proposal_type=ProposalType.SPOOFED,
        digits=6281270004321,
    )
    return TraceRequest.objects.get(case=case, operator=telkomsel)


def _send(client: Client, address: str, body: dict[str, Any], given: dict[str, Any]) -> Any:
    """In the body, in the address and in headers at once."""
    query = "&".join(f"{name}={value}" for name, value in given.items())
    headers = {f"x-{name.replace('_', '-')}": str(value) for name, value in given.items()}
    return client.post(f"{address}?{query}", json.dumps(given | body), "application/json", headers=headers)


def test_a_body_that_speaks_for_another_operator_writes_nothing(
    b: Client,
    a_list: BlockList,
    b_list: BlockList,
    trace: TraceRequest,
    of_a: dict[str, Any],
) -> None:
    number = str(A_NUMBERS[0])
    outcomes = {"list_digest": a_list.digest, "outcomes": [{"number": number, "answer": "blocked"} | of_a]}
    own = f"/api/v1/lists/{name_of(b_list)}/outcomes"
    bodies: list[tuple[str, dict[str, Any]]] = [
        (own, outcomes),
        (own, outcomes | {"list_digest": b_list.digest}),
        (own, outcomes | {"list": name_of(a_list), "list_id": a_list.pk}),
        ("/api/v1/notices", {"number": number, "answer": "recycled"}),
        ("/api/v1/notices", {"number": number, "answer": "blocked"}),
        ("/api/v1/in-use-since", {"number": number, "since": str(timezone.localdate() - dt.timedelta(30))}),
        (f"/api/v1/traces/{trace.pk}/answer", {"finding": "nothing"}),
    ]
    nothing: dict[str, Any] = {}
    before = _rows()
    answers = [
        _send(b, address, body, given).status_code for address, body in bodies for given in (nothing, of_a)
    ]
    assert set(answers) <= {400, 403, 404, 409}, answers
    assert _rows() == before


def test_a_parameter_that_names_another_operator_changes_no_answer(
    b: Client,
    a_list: BlockList,
    b_list: BlockList,
    trace: TraceRequest,
    of_a: dict[str, Any],
) -> None:
    name = name_of(b_list)
    addresses = [
        "key", "lists", "lists/latest", "lists/changes?since=0", f"lists/{name}", f"lists/{name}/open",
        f"lists/{name}/files/block.txt", "reconciliation", "traces", "traces?answered=false",
    ]  # fmt: skip
    for address in addresses:
        plain = b.get(f"/api/v1/{address}")
        bare = b"".join(plain) if plain.streaming else plain.content
        assert plain.status_code == 200, (address, bare)
        for word, value in of_a.items():
            joined = "&" if "?" in address else "?"
            answer = b.get(f"/api/v1/{address}{joined}{word}={value}", headers={f"x-{word}": str(value)})
            said = b"".join(answer) if answer.streaming else answer.content
            assert answer.status_code in {200, 400}, (address, word)
            assert not [digits for digits in A_NUMBERS if str(digits).encode() in said], (address, word)
    assert set(Download.objects.values_list("operator", flat=True)) == {b_list.operator_id}
    assert set(BlockListEntry.objects.filter(list_id=b_list.pk).values_list("digits", flat=True)) == set(
        B_NUMBERS
    )


def test_two_keys_in_one_request_are_not_both(dewi: User, eko: User, a_list: BlockList) -> None:
    """Which of two a proxy and we believe could differ: the one in `Authorization` counts, or none."""
    other = key_of(dewi)
    theirs = machine(key_of(eko))
    address = f"/api/v1/lists/{name_of(a_list)}/open"
    for headers in ({"x-api-key": other}, {"x-authorization": f"Bearer {other}"}, {"cookie": f"key={other}"}):
        assert str(A_NUMBERS[0]) not in theirs.get(address, headers=headers).content.decode()
    assert str(A_NUMBERS[0]) not in theirs.get(f"{address}?key={other}").content.decode()
    both = f"Bearer {key_of(eko, name='second')}, Bearer {other}"
    answer = Client(headers={"authorization": both}).get(address)
    assert answer.status_code in {400, 401}
