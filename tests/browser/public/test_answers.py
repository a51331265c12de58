"""Every answer of the server ends in a sentence beside the button and a way on, and no retry is endless."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from aduan.complaints.models import Complaint
from tests.browser.public.test_unreliable_network import fill
from tests.factories.files import jpeg

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def screenshot(tmp_path: Path) -> Path:
    path = tmp_path / "chat.jpg"
    path.write_bytes(jpeg())
    return path


HTML = "<html><body><h1>Bad Gateway</h1></body></html>"


def beside_the_button(page: Page) -> None:
    """The state stands right under the send button."""
    button, state = page.locator("#summary button[value=send]"), page.locator("#sending .notice")
    gap = state.bounding_box()["y"] - button.bounding_box()["y"] - button.bounding_box()["height"]  # type: ignore[index]
    assert 0 <= gap < 60


ANSWERS = (
    (403, "text/html", "terlalu lama terbuka"),
    (413, "text/html", "melebihi"),
    (418, "text/plain", "gangguan"),
    (429, "text/html", "Coba lagi pukul"),
    (429, "application/json", "Coba lagi pukul"),
    (502, "text/html", "gangguan"),
)


def test_each_answer_has_a_sentence_and_a_way_on(visit: Any) -> None:
    """On 9f931d8 a proxy's 429, a 403 and a 413 gave one sentence far above the button and no way on."""
    visitor = visit()
    visitor.offline = True  # the answers below are errors on purpose
    page = visitor.page
    visitor.go("/lapor/")
    fill(page)
    given: list[tuple[int, str]] = []
    asked: list[str] = []

    def answer(route: Route) -> None:
        asked.append("once")
        if not given:
            route.continue_()
            return
        status, content_type = given.pop()
        body = "{}" if content_type == "application/json" else HTML
        headers = {"Retry-After": "120"} if status == 429 else {}
        route.fulfill(status=status, content_type=content_type, body=body, headers=headers)

    page.route("**/lapor/", answer)
    send, state = page.locator("#summary button[value=send]"), page.locator("#sending .notice")
    for status, content_type, words in ANSWERS:
        given.append((status, content_type))
        send.click()
        expect(state).to_contain_text(words)
        beside_the_button(page)
        expect(state.locator("button")).to_be_visible()
        if status < 500:
            expect(send).to_be_enabled()
            page.wait_for_timeout(300)
            assert not given
    assert len(asked) >= len(ANSWERS)
    state.locator("button").click()
    page.wait_for_url(re.compile("/tanda-terima/$"))
    assert Complaint.objects.count() == 1
    visitor.faults.clear()


def test_a_server_that_stays_ill_is_asked_six_times_and_then_the_person_decides(visit: Any) -> None:
    visitor = visit()
    visitor.offline = True
    page = visitor.page
    visitor.go("/lapor/")
    fill(page)
    page.clock.install()
    asked: list[str] = []

    def answer(route: Route) -> None:
        asked.append("send")
        route.fulfill(status=503, content_type="text/html", body=HTML)

    page.route("**/lapor/", answer)
    page.locator("#summary button[value=send]").click()
    for _turn in range(40):
        page.clock.run_for(10_000)
        page.wait_for_timeout(50)
    expect(page.locator("#sending .notice")).to_contain_text("beberapa kali")
    assert len(asked) == 6
    visitor.faults.clear()


def test_an_error_goes_when_its_field_is_mended_and_a_bad_number_is_not_taken_along(visit: Any) -> None:
    visitor = visit()
    page = visitor.page
    visitor.go("/lapor/")
    page.locator("#part-evidence .way[data-step]").click()
    page.locator("#id_number").fill("0812345xxxx")
    expect(page.locator("#understood .invalid-feedback")).to_be_visible()
    page.locator("#part-number [data-step='1']").click()
    expect(page.locator("#part-number")).to_be_visible()
    expect(page.locator("[data-field=number] [data-error]").first).not_to_be_empty()
    page.locator("#id_number").fill("0812-3456-7890")
    expect(page.locator("[data-field=number] [data-error]").first).to_be_empty()
    expect(page.locator("#understood")).to_contain_text("Telkomsel")
    page.locator("#part-number [data-step='1']").click()
    expect(page.locator("#part-what")).to_be_visible()


@pytest.mark.parametrize(("status", "kind"), [(429, "text/html"), (502, "text/html"), (200, "text/html")])
def test_a_message_that_could_not_be_read_has_a_sentence_and_a_way_on(
    visit: Any, status: int, kind: str
) -> None:
    visitor = visit()
    visitor.offline = True
    page = visitor.page
    visitor.go("/lapor/")
    page.route("**/lapor/baca/", lambda route: route.fulfill(status=status, content_type=kind, body=HTML))
    page.locator("#paste summary").click()
    page.locator("#pasted").fill("Hubungi 0812-3456-7890")
    expect(page.locator("#offers")).to_contain_text("belum dapat kami baca")
    page.locator("#evidence-continue button").click()
    expect(page.locator("#id_number")).to_be_visible()
    visitor.faults.clear()


def test_a_picture_whose_reading_is_refused_is_not_read_for_ever(visit: Any, screenshot: Path) -> None:
    """It said for ever that the picture was being read."""
    visitor = visit()
    visitor.offline = True
    page = visitor.page
    visitor.go("/lapor/")
    page.route("**/lapor/baca/", lambda route: route.fulfill(status=429, body=HTML))
    page.locator("#id_evidence").set_input_files(screenshot)
    expect(page.locator("#offers")).to_contain_text("tetap menjadi bukti")
    visitor.faults.clear()
