"""What is withheld from the files is nowhere else: page, feed, pictures and home page follow from the files.

Two worlds with the same files, in which only counts differ that wait for their ten, look the same to a
stranger, byte for byte. What follows from the files is what `test_attack.py` looks for.
"""

from __future__ import annotations

import datetime as dt
import random
import re

import pytest
from django.db import transaction
from django.test import Client

from aduan.statistics.datasets import DATASETS
from aduan.statistics.models import DayCount, Snapshot
from aduan.statistics.queries import released_months
from aduan.statistics.services import make_snapshot
from portal.common.kept_pages import kept_pages
from tests.aduan.statistics.test_attack import WORLDS

pytestmark = pytest.mark.django_db
AT = dt.datetime(2026, 11, 18, 2, tzinfo=dt.UTC)
YESTERDAY = dt.date(2026, 11, 17)
FRESH = re.compile(rb'(nonce|value|data-request)="[^"]*"|req_\w+')  # made anew for each visitor
EMPTY_FEED = re.compile(rb"<updated>[^<]*</updated></feed>")  # without an entry it is of the moment
LANGUAGES = ("id", "en")


@pytest.mark.parametrize(("dataset", "seed"), [(name, 0) for name in WORLDS])
def test_nothing_that_is_withheld_is_said_elsewhere(client: Client, dataset: str, seed: int) -> None:
    assert_says_no_more(client, dataset, seed)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(1, 101))
@pytest.mark.parametrize("dataset", WORLDS)
def test_nothing_that_is_withheld_is_said_elsewhere_in_many_worlds(
    client: Client, dataset: str, seed: int
) -> None:
    assert_says_no_more(client, dataset, seed)


def test_the_comparison_sees_what_is_published(client: Client) -> None:
    """It can fail: ten rows more of a day that is over change the page."""
    few, many = (everything_public(client, "complaints", 0, hidden) for hidden in (9, 40))
    assert few["/statistik/"] != many["/statistik/"]


def assert_says_no_more(client: Client, dataset: str, seed: int) -> None:
    most = random.Random(seed + 1).randint(2, 9)
    one, other = (everything_public(client, dataset, seed, hidden) for hidden in (1, most))
    assert one["files"] == other["files"], "the worlds differ in what is withheld alone"
    assert one.keys() == other.keys()
    differing = [address for address in one if one[address] != other[address]]
    assert differing == []


def everything_public(client: Client, dataset: str, seed: int, hidden: int) -> dict[str, bytes]:
    """What a stranger can read of a world in which `hidden` rows wait on its last day."""
    with transaction.atomic():
        _fill(dataset, random.Random(seed), hidden)
        snapshot = make_snapshot(at=AT)
        assert snapshot is not None
        found = {"files": repr(sorted(snapshot.files.items())).encode()}
        for language in LANGUAGES:
            for address in addresses(snapshot, language):
                kept_pages.forget()
                answer = client.get(address, headers={"accept-language": language})
                said = b"".join(answer) if answer.streaming else answer.content
                said = EMPTY_FEED.sub(b"", said)
                found[f"{address} {language}" if language == "en" else address] = FRESH.sub(b"", said)
        transaction.set_rollback(True)
    kept_pages.forget()
    return found


def addresses(snapshot: Snapshot, language: str) -> list[str]:
    months = sorted({f"{one.month:%Y-%m}" for one in released_months()} | {"2026-09", "2026-10"})
    pictures = [f"/statistik/gambar/{snapshot.day}/{month}.{language}.png" for month in months]
    return ["/", "/statistik/", "/statistik/data/", "/statistik/umpan.atom", *pictures]


def _fill(name: str, dice: random.Random, hidden: int) -> None:
    """Busy days of two months, and `hidden` rows on the last day that is counted."""
    stratum, keys = WORLDS[name]
    last = YESTERDAY - dt.timedelta(days=DATASETS[name].settling)
    days = [last - dt.timedelta(days=back) for back in range(1, 60, 7)]
    rows = [(day, key, dice.randint(10, 60)) for day in days for key in dice.sample(keys, min(3, len(keys)))]
    rows.append((last, dice.choice(keys), hidden))
    DayCount.objects.bulk_create(
        DayCount(dataset=name, stratum=stratum, day=day, key=list(key), count=count)
        for day, key, count in rows
    )
