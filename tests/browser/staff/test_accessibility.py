"""Every page of the desk: nothing for axe to find, no breach of the CSP, nothing wider than the screen."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
from django.conf import settings
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from aduan.accounts.models import User
from tests.bounds import proved
from tests.browser.staff.conftest import SHOTS, barriers, shoot
from tests.browser.staff.page_inventory import InventoryPage, PageInventory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Variants = Sequence[tuple[int, str]]
TWO: Variants = [(1280, "light"), (768, "dark")]
FOUR: Variants = [*TWO, (1280, "dark"), (768, "light")]
# The pages that people sit in front of all day.
MAIN = {"queue", "case", "case-propose", "campaign", "dashboard", "audit"}


def check_page(
    desk: Page, base: str, stop: InventoryPage, variants: Variants, log_in: Callable[[User], None]
) -> list[str]:
    """What is wrong with one page, loaded once and seen at each size and in each scheme."""
    if stop.who:
        log_in(stop.who)
    else:
        desk.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    desk.set_viewport_size({"width": variants[0][0], "height": 900})
    desk.goto(base + stop.address)
    if stop.act:
        stop.act(desk)
    wrong = []
    for width, scheme in variants:
        desk.emulate_media(color_scheme="dark" if scheme == "dark" else "light", reduced_motion="reduce")
        desk.set_viewport_size({"width": width, "height": 900})
        shoot(desk, f"{stop.name}-{width}-{scheme}")
        if desk.evaluate("document.documentElement.scrollWidth > window.innerWidth + 1"):
            wrong.append(f"{stop.name} {width}: wider than the screen")
        wrong += [f"{stop.name} {width} {scheme}: {barrier}" for barrier in barriers(desk)]
    return wrong


@pytest.fixture
def stops(telkomsel, indosat, budi, citra) -> list[InventoryPage]:
    return PageInventory(budi, citra, telkomsel, indosat).build()


def test_every_page_can_be_used_by_everybody(
    desk: Page, live_server: LiveServer, log_in: Callable[[User], None], stops: list[InventoryPage]
):
    """The main pages in all four looks, the others large and light or small and dark by turns."""
    wrong = []
    for turn, stop in enumerate(stops):
        variants = FOUR if SHOTS or stop.name in MAIN else [TWO[turn % 2]]
        wrong += check_page(desk, live_server.url, stop, variants, log_in)
    assert len(stops) > 50
    assert not wrong, "\n".join(wrong)


@pytest.mark.slow
@pytest.mark.parametrize("language", ["id", "en"])
def test_every_page_in_both_languages_and_all_four_variants(
    desk: Page,
    live_server: LiveServer,
    log_in: Callable[[User], None],
    stops: list[InventoryPage],
    language: str,
):
    desk.context.add_cookies(
        [{"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": live_server.url}]
    )
    wrong = [line for stop in stops for line in check_page(desk, live_server.url, stop, FOUR, log_in)]
    assert not wrong, "\n".join(wrong)
    proved(4 * len(stops), f"looks at a page of the desk ({language})")
