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


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("day", "time", "refused"),
    [
        ("2026-11-26", "21.15", "Jam ini belum tiba"),
        ("2026-11-27", "", "Tanggal ini belum terjadi"),
        ("2026-11-27", "09.00", "Tanggal ini belum terjadi"),
        ("2026-11-26", "10.30", ""),
        ("2026-11-26", "11.30", ""),  # a phone in the east beside the zone of the west
        ("2026-11-26", "", ""),
        ("2026-11-25", "21.15", ""),
    ],
)
def test_what_is_still_to_come_has_not_happened(
    client: Client, monkeypatch: pytest.MonkeyPatch, day: str, time: str, refused: str
) -> None:
    """At 10.00 in Jakarta. The services allow a day, for clocks of other portals."""
    now = dt.datetime(2026, 11, 26, 3, 0, tzinfo=dt.UTC)
    monkeypatch.setattr(timezone, "now", lambda: now)
    answer = client.post("/lapor/", filled(occurred_on=day, occurred_time=time, action="check"))
    assert answer.status_code == (400 if refused else 200)
    assert refused in answer.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("contact_email", "0813-2211-4455", "Ini nomor telepon; untuk itu ada isian tersendiri"),
        ("contact_phone", "sari@example.id", "Ini alamat email; untuk itu ada isian tersendiri"),
    ],
)
def test_a_contact_in_the_other_field_is_named(client: Client, field: str, value: str, words: str) -> None:
    answer = client.post("/lapor/", filled(**{field: value}, action="send"))
    assert answer.status_code == 400
    assert words in answer.content.decode()
