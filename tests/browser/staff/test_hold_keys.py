"""The hold lane by keyboard alone: found on the queue, proposed, confirmed, ended by one key."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from aduan.accounts.models import User
from aduan.cases.models import Case, Hold
from tests.factories import holds

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def press(desk: Page, *keys: str) -> None:
    desk.wait_for_selector("html[data-keys]", state="attached")
    for key in keys:
        desk.keyboard.press(key)


def page_of(live_server: LiveServer, case: Case) -> str:
    return f"{live_server.url}/kelola/perkara/{case.pk}/"


def test_two_people_hold_a_number_and_one_ends_it_without_a_mouse(
    desk: Page, live_server: LiveServer, log_in: Callable[[User], None], telkomsel, budi, citra
) -> None:
    holds.hold_rules()
    case = holds.candidate(telkomsel, at=timezone.now())
    queue, page = f"{live_server.url}/kelola/antrean/", f"**/kelola/perkara/{case.pk}/**"

    log_in(budi)
    desk.goto(queue)
    press(desk, "h")
    desk.wait_for_url(page)
    press(desk, "h")
    desk.keyboard.type("Sedang menelepon banyak orang")
    press(desk, "Tab", "Space", "Control+Enter")
    desk.get_by_text("Orang kedua mengonfirmasinya").wait_for()

    log_in(citra)
    desk.goto(queue)
    press(desk, "h")
    desk.wait_for_url(page)
    press(desk, "h", "Space", "Control+Enter")
    desk.get_by_text("Daftarnya terbit dalam hitungan detik").wait_for()
    hold = Hold.objects.get()
    assert (hold.proposed_by, hold.second_by) == (budi, citra)

    desk.goto(page_of(live_server, case))
    press(desk, "y")
    desk.get_by_text("dihitung sebagai kekeliruan").wait_for()
    hold.refresh_from_db()
    assert (hold.end_reason, hold.ended_by) == ("mistake", citra)


def test_an_open_queue_shows_a_candidate_without_a_reload(
    desk: Page, live_server: LiveServer, log_in: Callable[[User], None], telkomsel, budi
) -> None:
    holds.hold_rules()
    log_in(budi)
    desk.clock.install()
    desk.goto(f"{live_server.url}/kelola/antrean/")
    desk.wait_for_selector("html[data-keys]", state="attached")
    case = holds.candidate(telkomsel, at=timezone.now())
    desk.clock.fast_forward(16_000)
    desk.locator(f"#hold-lane a[href^='/kelola/perkara/{case.pk}/']").wait_for()
    assert desk.locator("#hold-status").inner_text().strip() != ""
