"""Days as people say them: read where they are sure, refused with a way on where they are not."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from portal.public.days import day
from tests.portal.public.forms import filled

TODAY = dt.date(2026, 11, 28)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("hari ini", TODAY),
        ("Tadi pagi", TODAY),
        ("kemarin", dt.date(2026, 11, 27)),
        ("kemarin  sore", dt.date(2026, 11, 27)),
        ("kemarin lusa", dt.date(2026, 11, 26)),
        ("2 hari yang lalu", dt.date(2026, 11, 26)),
        ("27 Nopember 2026", dt.date(2026, 11, 27)),
        ("27 nov", dt.date(2026, 11, 27)),
        ("tgl 5 Des", dt.date(2025, 12, 5)),
    ],
)
def test_what_people_say(text: str, expected: dt.date) -> None:
    assert day(text, today=TODAY) == expected


@pytest.mark.parametrize(
    "text", ["Senin kemarin", "minggu lalu", "tadi malam", "besok", "30 Februari 2026", "12 apa", "lupa"]
)
def test_a_day_that_is_not_sure_is_not_guessed(text: str) -> None:
    assert day(text, today=TODAY) is None


@pytest.mark.django_db
def test_yesterday_is_read_and_shown_and_an_unread_day_may_be_left_out(client: Client, telkomsel) -> None:
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    shown = client.post("/lapor/", filled(occurred_on="kemarin", action="check")).text
    assert f"{yesterday.day} " in shown
    assert "Kami tidak memahami tanggal ini" not in shown
    refused = client.post("/lapor/", filled(occurred_on="minggu lalu", action="check")).text
    assert "Kami tidak memahami tanggal ini" in refused
    assert "kosongkan" in refused
