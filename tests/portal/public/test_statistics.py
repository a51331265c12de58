"""The page of public figures: from a snapshot alone, small counts are withheld, files that never change."""

from __future__ import annotations

import datetime as dt
import json
import re

import pytest
from django.test import Client
from django.urls import reverse

from aduan.statistics.datasets import DATASETS
from aduan.statistics.models import Snapshot
from aduan.statistics.services import make_snapshot
from tests.factories.statistics import counted

pytestmark = pytest.mark.django_db
AT = dt.datetime(2026, 11, 18, 2, tzinfo=dt.UTC)


@pytest.fixture
def snapshot() -> Snapshot:
    """Two months of complaints, one of them with a kind of fraud that nine people complained of."""
    for month in (9, 10):
        counted("complaints", "received", dt.date(2026, month, 5), 1200, category="KURIR", channel="whatsapp")
        counted("complaints", "received", dt.date(2026, month, 6), 9, category="LAIN", channel="sms")
    counted("decisions", "block", dt.date(2026, 10, 7), 40, promise="kept", hours="4-6")
    counted("decisions", "dismiss", dt.date(2026, 10, 8), 9, promise="kept", hours="4-6")
    made = make_snapshot(at=AT)
    assert made is not None
    return made


def test_before_the_first_snapshot_the_page_says_so(client: Client) -> None:
    assert "Belum ada angka" in client.get(reverse("public:statistics")).text
    assert client.get(reverse("public:statistics_newest", args=["figures.json"])).status_code == 404


def test_the_page_is_small_and_asks_the_database_little(
    client: Client, snapshot: Snapshot, django_assert_max_num_queries
) -> None:
    with django_assert_max_num_queries(12):
        page = client.get(reverse("public:statistics"))
    assert page.status_code == 200
    assert len(page.content) <= 100 * 1024
    assert "2.409" in page.text  # nine of the last day wait for the next


def test_a_count_below_ten_is_never_shown(client: Client, snapshot: Snapshot) -> None:
    page = client.get(reverse("public:statistics")).text
    dismissed = re.search(r"Ditutup tanpa tindakan</th><td[^>]*>([^<]+)<", page)
    assert dismissed is not None
    assert dismissed.group(1) == "kurang dari 10"
    assert not re.search(r'class="num">[1-9]<', page)


def test_every_file_of_the_page_is_there_and_never_changes(client: Client, snapshot: Snapshot) -> None:
    page = client.get(reverse("public:statistics")).text + client.get(reverse("public:statistics_data")).text
    links = {link for link in re.findall(r'href="(/statistik/[^"]+)"', page) if "." in link}
    assert len(links) > len(DATASETS) * 2
    for link in links:
        answer = client.get(link)
        assert answer.status_code == 200, link
        if snapshot.day.isoformat() in link:
            assert "immutable" in answer["Cache-Control"]
    name = "figures.json"
    newest = client.get(reverse("public:statistics_newest", args=[name]))
    assert newest.headers["Location"] == reverse("public:statistics_file", args=[snapshot.day, name])
    assert json.loads(client.get(newest.headers["Location"]).content)["complaints.received.2026-10.total"]


@pytest.mark.parametrize("link", ["2026-02-30/figures.json", "2026-11-17/no.csv", "sql/users.sql"])
def test_what_does_not_exist_is_not_found(client: Client, snapshot: Snapshot, link: str) -> None:
    assert client.get(f"/statistik/data/{link}").status_code == 404


def test_new_months_stand_in_the_feed(client: Client, snapshot: Snapshot) -> None:
    feed = client.get(reverse("public:statistics_feed"))
    assert feed["Content-Type"].startswith("application/atom+xml")
    assert "Angka Oktober 2026" in feed.text


def test_english_readers_find_the_same_figures(snapshot: Snapshot) -> None:
    page = Client(headers={"accept-language": "en"}).get(reverse("public:statistics")).text
    assert "2,409" in page
    assert "complaints received" in page
