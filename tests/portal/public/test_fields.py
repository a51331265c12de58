import datetime as dt

import pytest

from portal.public.fields import moment, rupiah


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("1500000", 1_500_000),
        ("Rp 1.500.000", 1_500_000),
        ("rp1.500.000,-", 1_500_000),
        ("1.500.000,00", 1_500_000),
        ("1,500,000", 1_500_000),
        ("1 500 000", 1_500_000),
        ("1,5 juta", 1_500_000),
        ("2jt", 2_000_000),
        ("500 rb", 500_000),
        ("500ribu", 500_000),
        ("1.250 rb", 1_250_000),
        ("1,25 jt", 1_250_000),
        ("0", 0),
        ("1.500.000 rupiah", 1_500_000),
        ("2 jutaan", 2_000_000),
        ("3 jt 500 rb", 3_500_000),
        ("3jt500rb", 3_500_000),
        ("sekitar 2 juta", 2_000_000),
        ("kurang lebih Rp 750 ribu", 750_000),
        ("1 milyar", 1_000_000_000),
        ("1,25 miliar", 1_250_000_000),
        ("Rp. 250.000,-", 250_000),
        ("tidak ada", 0),
        ("Tidak  ada", 0),
    ],
)
def test_amounts_are_read_as_people_write_them(text: str, amount: int) -> None:
    assert rupiah(text) == amount


@pytest.mark.parametrize(
    "text",
    [
        "banyak",
        "1.2.3.4",
        "-5",
        "5 dollar",
        "=1+1",
        "1" * 80,
        "",
        "1..5",
        "Rp 1,5",
        "500 rb 3 jt",
        "2 3",
        "1 juta 5",
        "9" * 20,
        "1.250 jt",
        "Rp 2,500 juta",
        "1.250 milyar",
    ],
)
def test_what_is_no_amount_is_not_guessed(text: str) -> None:
    assert rupiah(text) is None


def test_a_day_without_a_time_stays_this_day_in_every_zone() -> None:
    for zone in ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"):
        when = moment(dt.date(2026, 11, 20), None, zone)
        assert when is not None
        assert when.astimezone(dt.UTC).date() == dt.date(2026, 11, 20)


def test_the_zone_of_the_person_counts() -> None:
    when = moment(dt.date(2026, 11, 20), dt.time(14, 30), "Asia/Jayapura")
    assert when == dt.datetime(2026, 11, 20, 5, 30, tzinfo=dt.UTC)


def test_an_unknown_zone_is_western_time() -> None:
    when = moment(dt.date(2026, 11, 20), dt.time(14, 30), "Mars/Olympus")
    assert when == dt.datetime(2026, 11, 20, 7, 30, tzinfo=dt.UTC)
