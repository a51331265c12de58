"""The queue as a page to work on: twenty rows on a laptop, own views and columns by keyboard."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from itertools import product

import pytest
from django.utils import timezone
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from aduan.accounts.models import User
from aduan.accounts.roles import Role
from aduan.cases import services
from aduan.teamwork.models import SavedView
from tests.browser.staff.conftest import barriers, shoot
from tests.factories import cases as factory
from tests.factories.accounts import person

pytestmark = pytest.mark.django_db(transaction=True)
SEEN = "all => all.filter(one => one.getBoundingClientRect().bottom <= window.innerHeight).length"

RIGHT = "all => Math.max(...all.map(one => one.getBoundingClientRect().right))"


@pytest.fixture
def queue(budi: User, citra: User, telkomsel, indosat) -> list[int]:
    now = timezone.now()
    cases = [
        factory.make_case(
            (telkomsel, indosat)[number % 2],
            at=now - dt.timedelta(hours=number),
            loss=number * 1_300_000,
            evidence_count=1 + number % 5,
            category=("PETUGAS_BANK", "HADIAH", "APK")[number % 3],
        )
        for number in range(24)
    ]
    services.claim(cases[1], by=citra, at=now)
    return [case.pk for case in cases]


def test_twenty_rows_stand_on_a_laptop(
    desk: Page, live_server: LiveServer, log_in: Callable[[User], None], budi: User, queue: list[int]
) -> None:
    log_in(budi)
    for width, dark in product((1280, 768), (False, True)):
        desk.set_viewport_size({"width": width, "height": 900})
        desk.emulate_media(color_scheme="dark" if dark else "light")
        desk.goto(live_server.url + "/kelola/antrean/")
        shoot(desk, f"queue-page-{width}-{'dark' if dark else 'light'}")
        if width == 1280:
            assert desk.eval_on_selector_all(".queue-line", SEEN) >= 20
        sideways = desk.evaluate("document.documentElement.scrollWidth > window.innerWidth")
        assert not sideways, width
        # The table moves sideways in itself: at 768 it cut off until when a case is due.
        assert desk.eval_on_selector_all(".queue-line > :last-child", RIGHT) <= width - 12, width
    assert barriers(desk) == []


def test_a_view_and_the_columns_are_set_by_keyboard(
    desk: Page, live_server: LiveServer, log_in: Callable[[User], None], budi: User, queue: list[int]
) -> None:
    log_in(budi)
    desk.goto(live_server.url + "/kelola/antrean/?operator=telkomsel&sort=oldest")
    desk.wait_for_selector("html[data-keys]", state="attached")
    desk.keyboard.press("V")
    desk.keyboard.type("Telkomsel, terlama")
    desk.keyboard.press("Enter")
    desk.locator(".queue-views a", has_text="Telkomsel, terlama").wait_for()
    assert SavedView.objects.get().address == "operator=telkomsel&sort=oldest"
    desk.wait_for_selector("html[data-keys]", state="attached")
    desk.keyboard.press("D")
    desk.keyboard.press("Space")
    desk.keyboard.press("Control+Enter")
    desk.locator(".queue-table:not(.dense) .why").first.wait_for()
    assert "operator=telkomsel" in desk.url, "the page stays where it was"
    shoot(desk, "queue-page-roomy")


MENU = """() => {
    const entries = [...document.querySelectorAll(".desk-nav > *")].map(one => one.getBoundingClientRect());
    const name = document.querySelector(".desk-me").getBoundingClientRect();
    return {rows: new Set(entries.map(one => one.top)).size, room: name.left - entries.at(-1).right};
}"""
UNREAD = 34  # pixels of a count of unread lines in two digits, which stands in the menu as well


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("role", [role for role in Role if role != Role.OPERATOR_PERSON])
def test_the_menu_of_every_role_stands_in_one_row(
    desk: Page, live_server: LiveServer, log_in: Callable[[User], None], role: Role, language: str
) -> None:
    log_in(person("menu@aduan.example", "Maharani Kusumawardhani Putri", role))
    desk.context.add_cookies([{"name": "django_language", "value": language, "url": live_server.url}])
    desk.goto(live_server.url + "/kelola/")
    stands = desk.evaluate(MENU)
    assert stands["rows"] == 1, "a laptop of 1280 pixels"
    assert stands["room"] >= UNREAD
