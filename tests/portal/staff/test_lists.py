"""The list manager's pages: what waits and why, two people for a hold, the kill switch, the dry run."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client

from aduan.accounts.models import User
from aduan.accounts.roles import Role
from aduan.blocklists.models import BlockList, ListType, Outcome
from aduan.blocklists.services import AnswerRow, build_list, report_outcomes, stopped
from aduan.operators.models import Operator
from tests.factories.accounts import person
from tests.factories.blocklists import OCTOBER, a_block, published
from tests.portal.staff.login import log_in_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def held(telkomsel: Operator, indosat: Operator, budi: User, citra: User, now: dt.datetime) -> BlockList:
    a_block(telkomsel, by=(budi, citra), at=now, digits=6281500000001)
    built = build_list(telkomsel, period=OCTOBER, kind=ListType.MONTHLY, at=now)
    assert built is not None
    return built


def test_two_people_release_a_held_list(held: BlockList, lina: User, client: Client) -> None:
    log_in_staff(client, lina)
    page = client.get(f"/kelola/daftar/{held.pk}/").content.decode()
    assert "6281500000001" in page
    for _turn in range(2):
        client.post(f"/kelola/daftar/{held.pk}/lepas/")
    held.refresh_from_db()
    assert held.state == "stopped", "the same person twice counts once"
    log_in_staff(client, person("mira@aduan.example", "Mira", Role.LIST_MANAGER))
    client.post(f"/kelola/daftar/{held.pk}/lepas/")
    held.refresh_from_db()
    assert held.state == "awaiting"


def test_a_list_is_rejected_with_a_reason(held: BlockList, lina: User, client: Client) -> None:
    log_in_staff(client, lina)
    client.post(f"/kelola/daftar/{held.pk}/tolak/", {"reason": " "})
    held.refresh_from_db()
    assert held.state == "stopped"
    client.post(f"/kelola/daftar/{held.pk}/tolak/", {"reason": "salah operator"})
    held.refresh_from_db()
    assert held.rejected_note == "salah operator"


def test_one_person_stops_publication_and_another_lets_it_run(lina: User, client: Client) -> None:
    log_in_staff(client, lina)
    client.post("/kelola/daftar/hentikan/", {"reason": "sengketa"})
    stop = stopped()
    assert stop is not None
    assert "sengketa" in client.get("/kelola/daftar/").content.decode()
    client.post(f"/kelola/daftar/lanjutkan/{stop.pk}/")
    assert stopped() is not None
    log_in_staff(client, person("mira@aduan.example", "Mira", Role.LIST_MANAGER))
    client.post(f"/kelola/daftar/lanjutkan/{stop.pk}/")
    assert stopped() is None


def test_the_dry_run_shows_what_would_be_held(held: BlockList, lina: User, client: Client) -> None:
    log_in_staff(client, lina)
    page = client.get("/kelola/daftar/uji-coba/?operator=telkomsel").content.decode()
    assert "6281500000001" in page
    assert BlockList.objects.count() == 1


def test_a_reviewer_settles_a_refusal_and_sees_no_lists(
    telkomsel: Operator, budi: User, citra: User, now: dt.datetime, client: Client
) -> None:
    block = a_block(telkomsel, by=(budi, citra), at=now)
    block_list = published(telkomsel, at=now)
    rows = [AnswerRow(1, str(block.digits), "refused", "", "pelanggan korporat")]
    report_outcomes(block_list, rows, list_digest=block_list.digest, at=now)
    log_in_staff(client, budi)
    assert client.get("/kelola/daftar/").status_code == 403
    assert "pelanggan korporat" in client.get("/kelola/penolakan/").content.decode()
    client.post(f"/kelola/penolakan/{Outcome.objects.get().pk}/")
    assert Outcome.objects.get().settled_by == budi
