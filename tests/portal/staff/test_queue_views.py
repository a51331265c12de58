"""The queue as one likes it: own views, orders, columns, density, and the work that is no case."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from aduan.core.errors import WrongState
from aduan.numbers.models import RoutingTask
from aduan.numbers.services import open_routing_task
from aduan.teamwork import services
from aduan.teamwork.models import QueueColumn, QueueDisplay, SavedView
from tests.factories import cases as factory
from tests.portal.staff.login import log_in_staff

DAY = dt.timedelta(days=1)


@pytest.fixture
def today() -> dt.datetime:
    """The pages ask the real clock, so the cases are of this hour."""
    return timezone.now()


def numbers_on(page) -> list[str]:
    return [entry["row"].number for entry in page.context["shown"]]


def test_a_view_keeps_filters_words_and_order_under_a_name(client, budi, telkomsel, indosat, today):
    wanted = factory.make_case(telkomsel, at=today, loss=5_000_000)
    factory.make_case(indosat, at=today)
    log_in_staff(client, budi)
    address = "view=all&operator=telkomsel&loss=1000000&sort=oldest&cursor=9.9&x=1"
    said = client.post("/kelola/antrean/tampilan/", {"name": "  Telkomsel  mahal ", "address": address})
    (view,) = client.get("/kelola/antrean/").context["my_desk"].views
    assert view.name == "Telkomsel mahal"
    assert view.address == "view=all&operator=telkomsel&loss=1000000&sort=oldest", "no page, nothing unknown"
    assert said["Location"].endswith(view.address)
    page = client.get(f"/kelola/antrean/?{view.address}")
    assert numbers_on(page) == [wanted.number_text]
    assert f'href="?{view.address.replace("&", "&amp;")}" aria-current="page"' in page.text


def test_words_and_filters_make_a_view_too(client, budi, telkomsel, today):
    factory.make_case(telkomsel, at=today)
    log_in_staff(client, budi)
    address = {"name": "Kurir", "address": "q=kurir+palsu&category=HADIAH"}
    client.post("/kelola/antrean/tampilan/", address)
    assert SavedView.objects.get().address == "q=kurir+palsu&category=HADIAH"


def test_a_view_is_its_owners_alone(client, budi, citra, telkomsel):
    view = services.save_view(by=budi, name="Milik Budi", address="view=mine")
    log_in_staff(client, citra)
    assert "Milik Budi" not in client.get("/kelola/antrean/").text
    client.post(f"/kelola/antrean/tampilan/{view.pk}/hapus/")
    assert SavedView.objects.filter(pk=view.pk).exists()
    log_in_staff(client, budi).post(f"/kelola/antrean/tampilan/{view.pk}/hapus/")
    assert not SavedView.objects.exists()


def test_a_name_is_used_once_and_views_are_few(budi):
    services.save_view(by=budi, name="Pagi", address="view=mine")
    services.save_view(by=budi, name="pagi", address="view=overdue")
    assert SavedView.objects.get().address == "view=overdue"
    for number in range(19):
        services.save_view(by=budi, name=f"Tampilan {number}", address="")
    with pytest.raises(WrongState):
        services.save_view(by=budi, name="Satu lagi", address="")
    for broken in ({"position": 21, "name": "x"}, {"position": 3, "name": "y"}, {"position": 1, "name": ""}):
        with pytest.raises(IntegrityError), transaction.atomic():
            SavedView.objects.create(person=budi, **broken)


@pytest.mark.parametrize("posted", [{"name": ""}, {"name": "x" * 41}, {"name": " ", "address": "view=mine"}])
def test_a_view_that_cannot_be_kept_is_said(client, budi, posted):
    log_in_staff(client, budi)
    page = client.post("/kelola/antrean/tampilan/", posted, follow=True)
    assert not SavedView.objects.exists()
    assert list(page.context["messages"])


def test_columns_and_density_are_each_persons_own(client, budi, citra, telkomsel, today):
    factory.make_case(telkomsel, at=today, region="Jawa Barat")
    page = log_in_staff(client, budi).get("/kelola/antrean/")
    assert 'class="queue-table table-responsive dense"' in page.text
    assert "Jawa Barat" not in page.text
    chosen = {"columns": ["region", "loss"], "address": "view=overdue"}
    assert client.post("/kelola/antrean/kolom/", chosen)["Location"] == "/kelola/antrean/?view=overdue"
    page = client.get("/kelola/antrean/")
    assert "Jawa Barat" in page.text
    assert 'class="queue-table table-responsive"' in page.text
    assert 'class="why soft"' in page.text, "with room for it the sentence of the rank is shown"
    assert "Jawa Barat" not in log_in_staff(client, citra).get("/kelola/antrean/").text


def test_no_column_is_shown_that_is_none(client, budi):
    log_in_staff(client, budi).post("/kelola/antrean/kolom/", {"columns": ["password"]})
    assert not QueueDisplay.objects.exists()
    with pytest.raises(IntegrityError), transaction.atomic():
        QueueDisplay.objects.create(person=budi, columns=["password"])
    assert QueueDisplay(person=budi).columns == [c for c in QueueColumn.values if c != "region"]


@pytest.mark.parametrize(
    ("sort", "first"), [("oldest", "old"), ("newest", "new"), ("due", "old"), ("suggested", "loss")]
)
def test_an_order_holds_from_page_to_page(client, budi, telkomsel, today, sort, first):
    cases = {"old": factory.make_case(telkomsel, at=today - 3 * DAY)}
    cases["loss"] = factory.make_case(telkomsel, at=today - DAY, loss=900_000_000, evidence_count=8)
    for number in range(60):
        factory.make_case(telkomsel, at=today - DAY + dt.timedelta(minutes=number))
    cases["new"] = factory.make_case(telkomsel, at=today)
    log_in_staff(client, budi)
    one = client.get("/kelola/antrean/", {"sort": sort})
    two = client.get("/kelola/antrean/", {"sort": sort, "cursor": one.context["next"]})
    if sort != "suggested":
        assert numbers_on(one)[0] == cases[first].number_text
    assert len({*numbers_on(one), *numbers_on(two)}) == 63
    back = client.get("/kelola/antrean/", {"sort": sort, "cursor": two.context["previous"]})
    assert numbers_on(back) == numbers_on(one)


def test_what_is_no_case_stands_beside_the_queue_with_its_count(client, budi, telkomsel, today):
    case = factory.make_case(None, at=today)
    open_routing_task(case.number, reason=RoutingTask.Reason.NO_RANGE, at=today)
    page = log_in_staff(client, budi).get("/kelola/antrean/")
    work = {one.address: one.count for one in page.context["other_work"]}
    assert work == {"/kelola/penolakan/": 0, "/kelola/register/tugas/": 1}
    assert all(f'href="{address}"' in page.text for address in work)
    assert "operator_refusals" not in [entry["name"] for entry in page.context["submenu"]]
