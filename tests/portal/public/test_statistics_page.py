"""What the page of public figures says beside its numbers: how they are counted, corrections, pictures."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.test import Client
from django.urls import reverse

from aduan.operators.models import Operator
from aduan.statistics.models import Correction, Snapshot
from aduan.statistics.services.snapshots import write_snapshot
from portal.public.outcome_strokes import strokes_of
from portal.public.pace_pictures import pace_bar, step_chart
from tests.conftest import JAKARTA
from tests.factories.operators import operator
from tests.factories.referrals import platform
from tests.factories.statistics import counted

AT = dt.datetime(2026, 11, 18, 3, tzinfo=JAKARTA)


def page(language: str = "en") -> str:
    return Client(headers={"accept-language": language}).get(reverse("public:statistics")).text


def a_month() -> Snapshot:
    """September: decisions, and answers of two operators and a platform, one of which never stayed silent."""
    for code in ("satu", "dua"):
        operator(code, code.title())
    platform("pesan")
    day = dt.date(2026, 9, 7)
    counted("complaints", "received", day, 900, category="KURIR", channel="sms")
    for act, count in (("block", 600), ("refer", 170), ("spoofed", 15), ("dismiss", 115), ("not_ours", 100)):
        counted("decisions", act, day, count, promise="kept", hours="4-6")
    for code, count, answer in (
        *(("satu", 90, "blocked"), ("satu", 30, "refused")),
        *(("dua", 190, "blocked"), ("dua", 7, "refused"), ("dua", 6, "silent")),
    ):
        promise, hours = ("missed", "none") if answer == "silent" else ("kept", "2-4")
        counted("answers", code, day, count, answer=answer, promise=promise, hours=hours, listed="1-2")
    counted("referrals", "pesan", day, 170, answer="suspended", hours="24-36")
    return write_snapshot(at=AT)


def card(text: str, code: str) -> str:
    found = re.search(rf'<article class="panel receiver" id="{code}">.*?</article>', text, re.DOTALL)
    assert found is not None
    return found[0]


def value_of(text: str, label: str) -> str:
    found = re.search(rf'<th scope="row">{label}</th><td class="num">([^<]*)<', text)
    assert found is not None, label
    return found[1]


@pytest.mark.django_db
def test_each_receiver_reads_of_what_it_did_not_do_too() -> None:
    """Nothing is zero of which a few may stand among the rare ones."""
    a_month()
    text = page()
    assert value_of(card(text, "satu"), "Refused, with a reason") == "30"
    assert value_of(card(text, "satu"), "No answer in 15 days") == "0"
    assert value_of(card(text, "dua"), "No answer in 15 days") == "not shown apart"
    assert value_of(card(text, "dua"), "Not our number") == "not shown apart"
    assert value_of(card(text, "pesan"), "No answer in 15 days") == "0"


@pytest.mark.django_db
def test_every_step_has_its_hours_and_every_block_says_how_it_is_counted() -> None:
    a_month()
    text = page()
    for title in ("to the decision", "From the decision to the list", "From the list to the operator’s act"):
        assert title in text
    assert text.count('class="pace-bar"') == 3
    links = {link.rpartition("/")[2] for link in re.findall(r'href="(/statistik/data/[^"]+)"', text)}
    datasets = {"complaints", "decisions", "holds", "answers", "referrals", "open_cases"}
    assert {f"{name}.{kind}" for name in datasets for kind in ("sql", "csv")} | {"lists.csv"} <= links
    assert "waiting" in Client().get(reverse("public:statistics_sql", args=["open_cases"])).text


@pytest.mark.django_db
def test_a_correction_stands_on_the_page() -> None:
    for stratum, dataset, change in (("received", "complaints", 1200), ("dua", "answers", -12)):
        Correction.objects.create(
            dataset=dataset,
            stratum=stratum,
            month=dt.date(2026, 9, 1),
            change=change,
            released_on=AT.date() - dt.timedelta(days=2),
        )
    a_month()
    for language, received in (("en", "Complaints received"), ("id", "Aduan diterima")):
        lines = re.findall(
            r'<th scope="row">([^<]+)</th><td>[^<]+</td><td class="num">([^<]+)<', page(language)
        )
        assert (received, "+1,200" if language == "en" else "+1.200") in lines
        assert [change for name, change in lines if "Dua" in name] == ["−12"]


@pytest.mark.django_db
def test_hours_of_no_released_month_are_not_said_to_be_none() -> None:
    counted("wrong_blocks", "block", dt.date(2026, 9, 7), 9, hours="24-36")
    write_snapshot(at=AT)
    assert value_of(page(), "Hours blocked wrongly, in the months that are released") == "not shown"


@pytest.mark.django_db
def test_a_month_without_complaints_keeps_its_place() -> None:
    for month in (7, 9):
        counted("complaints", "received", dt.date(2026, month, 7), 40)
    write_snapshot(at=AT)
    assert re.search(r"August 2026</th><td[^>]*>fewer than 10", page())


def test_a_hundred_strokes_are_a_hundred() -> None:
    found = strokes_of({"a": 333, "b": 333, "c": 334, "d": 3})
    assert [one.count for one in found] == [33, 33, 34, 0]
    assert sum(one.wide.count("M") for one in found) == sum(one.narrow.count("M") for one in found) == 100


def test_no_strokes_where_what_is_withheld_would_be_one() -> None:
    assert strokes_of({"a": 900, "b": 899, "c": None}) == []
    assert [one.count for one in strokes_of({"a": 900, "b": 900, "c": None})] == [50, 50, 0]
    assert strokes_of({"a": None}) == strokes_of({"a": 0}) == []


def test_a_bar_is_drawn_of_what_is_known_alone() -> None:
    assert pace_bar(12, None, promised=True) is None
    bar = pace_bar(12, 48, promised=True)
    assert bar is not None
    assert (bar.median, bar.p95, bar.promise) == (78, 312, 156)


def test_steps_are_broken_where_a_month_is_withheld() -> None:
    series = [("July", "Jul", "at most 12 hours", 12), ("August", "Aug", "too few to be told", None)]
    series += [("September", "Sep", "at most 24 hours", 24), ("October", "Oct", "at most 6 hours", 6)]
    chart = step_chart("Hours", series, top=12)
    assert chart is not None
    assert chart.path == "M0 36.0H26M52 0.0H78V54.0H104"
    assert chart.promise_y == 0
    assert step_chart("Hours", series[1:2], top=12) is None


@pytest.mark.django_db
def test_a_receiver_of_no_released_month_is_not_said_to_have_been_sent_few(telkomsel: Operator) -> None:
    """Forty numbers may wait for the day on which their month is old enough."""
    counted("complaints", "received", dt.date(2026, 9, 7), 40)
    write_snapshot(at=AT)
    sent = re.search(r"(?s)Numbers sent(?:\s|<[^>]*>)*([^<]+)<", page())
    assert sent is not None
    assert sent[1].strip() == "not shown"
