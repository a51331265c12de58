"""What to do now stands first, who fetched last is named, and block lists are not buried under others."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from aduan.accounts.models import User
from aduan.blocklists.models import BlockList
from aduan.blocklists.queries import latest, name_of
from aduan.blocklists.services import (
    AnswerRow,
    build_first,
    build_interims,
    report_outcomes,
    start_download,
)
from aduan.cases.models import Block
from tests.factories import referrals as make
from tests.factories.cases import released
from tests.factories.operators import person_of
from tests.portal.api.conftest import key_of, machine
from tests.portal.conftest import A_NUMBERS, a_list  # noqa: F401 - a fixture
from tests.portal.operators.conftest import at_desk

pytestmark = pytest.mark.django_db
PAGES = ("/operator/", "/operator/jaga/")


@pytest.mark.parametrize("address", PAGES)
def test_it_says_what_to_do_and_then_that_nothing_is_left(
    dewi_desk: Client,
    dewi: User,
    a_list: BlockList,  # noqa: F811
    address: str,
) -> None:
    """Seen to fail on 0.1.0: no page said when a machine had fetched last, and which."""
    text = dewi_desk.get(address).content.decode()
    assert "The newest list has not been fetched." in text
    assert "Never." in text
    client = machine(key_of(dewi, name="gateway-jakarta"))
    b"".join(client.get(f"/api/v1/lists/{name_of(a_list)}/files/block.txt"))
    text = dewi_desk.get(address).content.decode()
    assert "by your machine “gateway-jakarta”" in text
    assert "has not been fetched" not in text
    rows = [AnswerRow(nth, str(number), "blocked", "", "") for nth, number in enumerate(A_NUMBERS)]
    report_outcomes(a_list, rows, list_digest=a_list.digest, at=timezone.now())
    assert "Nothing. The newest list is fetched" in dewi_desk.get(address).content.decode()


def test_a_number_that_is_off_the_list_is_to_be_lifted_until_that_is_reported(
    dewi_desk: Client,
    agus: User,
    a_list: BlockList,  # noqa: F811
) -> None:
    """Seen to fail on d0bffad4: "Nothing." while two freed numbers were still cut."""
    now = timezone.now()
    rows = [AnswerRow(nth, str(number), "blocked", "", "") for nth, number in enumerate(A_NUMBERS)]
    report_outcomes(a_list, rows, list_digest=a_list.digest, at=now)
    released(Block.objects.get(digits=A_NUMBERS[0]).case, by=agus, at=now)
    build_interims(at=now)
    text = dewi_desk.get("/operator/jaga/").content.decode()
    assert "1 number is off your list, and you have not reported that its block is lifted." in text
    assert "Nothing." not in text
    newest = latest(a_list.operator)
    assert newest is not None
    lifted = [AnswerRow(1, str(A_NUMBERS[0]), "unblocked", "", "")]
    report_outcomes(newest, lifted, list_digest=newest.digest, at=timezone.now())
    assert "is off your list" not in dewi_desk.get("/operator/jaga/").content.decode()


def test_a_person_who_fetched_is_named(dewi_desk: Client, dewi: User, a_list: BlockList) -> None:  # noqa: F811
    handed = start_download(a_list, "block.csv", to=a_list.operator, by=dewi, at=timezone.now())
    assert handed is not None
    handed.finish(handed.file.size, True)
    assert f"by {dewi.name}" in dewi_desk.get("/operator/").content.decode()


def test_lists_of_another_series_are_behind_a_link(dewi_desk: Client, a_list: BlockList) -> None:  # noqa: F811
    home = dewi_desk.get("/operator/")
    assert [line.block_list for line in home.context["lines"]] == [a_list]
    assert dewi_desk.get("/operator/?seri=inbound").context["lines"] == []
    assert dewi_desk.get("/operator/?seri=nonsense").context["lines"] != []


def test_a_platform_need_not_fetch_an_empty_list(db: None) -> None:
    """Seen to fail on 0.1.0: who answers by mail read for ever that its list of no number was not fetched."""
    rudi = person_of(make.platform(), "rudi@whatsapp.example", "Rudi")
    build_first(at=timezone.now())
    text = at_desk(rudi).get("/operator/").content.decode()
    assert "0 numbers" in text
    assert "has not been fetched" not in text
    assert "Nothing. Your list is empty." in text
