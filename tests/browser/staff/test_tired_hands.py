"""Keys as tired hands press them: held down too long, with Caps Lock left on, amid a composition."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import Page, Route
from pytest_django.live_server_helper import LiveServer

from aduan.accounts.models import User
from aduan.cases.models import Case
from tests.browser.sessions import send_form
from tests.browser.staff import scenario
from tests.factories import cases as factory

pytestmark = pytest.mark.django_db(transaction=True)
PRESS = "init => document.body.dispatchEvent(new KeyboardEvent('keydown', {bubbles: true, ...init}))"
OPEN = "document.querySelectorAll('dialog[open], details[open]').length"


def press(page: Page, *keys: str) -> None:
    page.wait_for_selector("html[data-keys]", state="attached")
    for key in keys:
        page.keyboard.press(key)


@pytest.fixture
def queue(desk: Page, live_server: LiveServer, log_in: Callable[[User], None], budi: User) -> Page:
    log_in(budi)
    desk.goto(live_server.url + "/kelola/antrean/")
    desk.wait_for_selector("html[data-keys]", state="attached")
    return desk


@pytest.mark.parametrize(
    "slip",
    [
        {"key": "?", "repeat": True},
        {"key": "?", "isComposing": True},
        {"key": "D", "modifierCapsLock": True},
        {"key": "D", "altKey": True},
        {"key": "D", "ctrlKey": True},
    ],
    ids=str,
)
def test_a_slip_does_nothing(queue: Page, slip: dict[str, object]) -> None:
    queue.evaluate(PRESS, slip)
    assert queue.evaluate(OPEN) == 0


@pytest.mark.parametrize(
    "meant", [{"key": "?"}, {"key": "D"}, {"key": "d", "shiftKey": True, "modifierCapsLock": True}], ids=str
)
def test_what_is_meant_is_done(queue: Page, meant: dict[str, object]) -> None:
    queue.evaluate(PRESS, meant)
    assert queue.evaluate(OPEN) == 1


def test_many_are_closed_by_keyboard_alone(queue: Page, telkomsel, live_server: LiveServer) -> None:
    """Bulk work showed the keys of its reasons, and heard none; Ctrl Enter sent it without its button."""
    scenario.reasons()
    cases = [factory.make_case(telkomsel, at=timezone.now()) for _ in range(2)]
    queue.goto(live_server.url + "/kelola/antrean/")
    press(queue, "j", "x", "j", "x")
    send_form(queue.locator(".bulk button[value=dismiss]"))
    press(queue, "1")
    with queue.expect_navigation():
        press(queue, "Control+Enter")
    assert {case.status for case in Case.objects.filter(pk__in=[case.pk for case in cases])} == {"dismissed"}


def test_of_several_buttons_none_is_chosen_for_the_person(queue: Page, telkomsel) -> None:
    factory.make_case(telkomsel, at=timezone.now())
    queue.reload()
    press(queue, "j", "x", "Control+Enter")
    assert queue.evaluate("document.activeElement.value") == "ask", "the first of the buttons, to be pressed"


def test_what_is_sent_is_no_draft_however_long_the_answer_takes(
    queue: Page, telkomsel, live_server: LiveServer
) -> None:
    """It came back as "you typed this and did not send it"."""
    case = factory.make_case(telkomsel, at=timezone.now())
    queue.goto(f"{live_server.url}/kelola/perkara/{case.pk}/")
    kept: list[str] = []
    queue.on("request", lambda one: kept.append(one.url) if one.url.endswith("/draf/") else None)

    def late(route: Route) -> None:
        queue.wait_for_timeout(1_500)  # a draft is kept a second after the last key
        route.continue_()

    queue.route("**/catatan/", late)
    press(queue, "m")
    queue.keyboard.type("sudah saya cek")
    with queue.expect_navigation():
        press(queue, "Control+Enter")
    queue.get_by_text("sudah saya cek").wait_for()
    assert kept == []
