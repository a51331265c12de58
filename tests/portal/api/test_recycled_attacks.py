"""A stolen key of an operator, or its system gone wrong, frees no list: scope, ceiling, and a person."""

from __future__ import annotations

import json

import pytest
from django.test import Client
from django.utils import timezone

from aduan.blocklists.models import BlockList, Outcome
from aduan.cases import services
from aduan.cases.models import Block, Case, RecycledNotice
from aduan.notifications.models import OutboxMessage
from tests.factories.blocklists import a_block, published
from tests.portal.api.conftest import key_of, machine
from tests.portal.api.test_outcomes import row, send, send_csv

FIRST = 6281270001000


@pytest.fixture
def ten(telkomsel, budi, citra) -> list[int]:
    numbers = [FIRST + turn for turn in range(10)]
    for digits in numbers:
        a_block(telkomsel, by=(budi, citra), at=timezone.now(), digits=digits)
    return numbers


@pytest.fixture
def ten_listed(telkomsel, ten: list[int]) -> BlockList:
    return published(telkomsel, at=timezone.now())


def released() -> int:
    return Block.objects.exclude(released_at=None).count()


def notice(of: Client, number: int) -> int:
    body = json.dumps({"number": str(number), "answer": "recycled"})
    return of.post("/api/v1/notices", body, "application/json").status_code


@pytest.mark.parametrize("way", ["json", "csv"])
def test_a_key_without_the_scope_frees_nothing_by_a_row_between_others(dewi, ten_listed, ten, way):
    weak = machine(key_of(dewi, name="reporter", scopes=["list:read", "report:write"]))
    if way == "json":
        answer = send(weak, ten_listed, [row(ten[0]), row(ten[1], "recycled"), row(ten[2])])
    else:
        text = f"number,answer\n{ten[0]},blocked\n{ten[1]}, Recycled \n{ten[2]},blocked\n"
        answer = send_csv(weak, ten_listed, text)
    assert answer.status_code in (400, 403), answer.content
    assert not Outcome.objects.exists(), "all rows or none"
    assert not RecycledNotice.objects.exists()
    assert released() == 0


def test_ten_at_once_wait_for_a_person_and_the_operator_hears_of_it(a, dewi, ten_listed, ten):
    answer = send(a, ten_listed, [row(number, "recycled") for number in ten])
    assert answer.status_code == 200, answer.content
    assert answer.json()["recycled_waiting"] == 10, "the machine learns it, not only the mailbox"
    assert released() == 0
    assert RecycledNotice.objects.filter(state="waiting").count() == 10
    assert set(Outcome.objects.values_list("effect_note", flat=True)) == {"waits_for_person"}
    assert OutboxMessage.objects.filter(kind="operator_recycled_waits").exists()


def test_ten_one_by_one_free_five_and_a_second_key_does_not_begin_anew(a, dewi, ten_listed, ten):
    assert [notice(a, number) for number in ten[:5]] == [200] * 5
    other = machine(key_of(dewi, name="second"))
    assert [notice(other, number) for number in ten[5:]] == [200] * 5
    assert released() == 5
    assert RecycledNotice.objects.filter(state="waiting").count() == 5
    for number in ten:  # said again, nothing more is freed
        notice(a, number)
    assert released() == 5


def test_the_answer_counts_only_what_waits(a, ten_listed, ten, agus):
    def waiting(*rows: dict[str, object]) -> int:
        return int(send(a, ten_listed, list(rows)).json()["recycled_waiting"])

    assert waiting(row(ten[0]), *(row(number, "recycled") for number in ten[1:4])) == 0
    assert released() == 3
    beyond = [row(number, "recycled") for number in ten[4:8]]
    assert waiting(*beyond) == 4
    assert waiting(*beyond) == 4, "whose connection broke, and who sends again, learns the same"
    services.settle_recycled(
        RecycledNotice.objects.filter(state="waiting")[0], by=agus, at=timezone.now(), believed=False
    )
    assert waiting(row(ten[0])) == 3


def test_an_operator_frees_no_number_of_another(b, ten_listed, ten):
    assert notice(b, ten[0]) == 404
    assert released() == 0
    assert Case.objects.filter(status="released").count() == 0
