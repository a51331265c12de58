"""Typing into a decision, in a real browser: a closed page and an ended session lose nothing."""

from __future__ import annotations

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from aduan.cases.models import DecisionDraft
from tests.browser.staff.conftest import barriers
from tests.browser.staff.test_working_day import SitDown, keys
from tests.factories import cases as factory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TEXT = "Dua pelapor menyebut rekening yang sama"


@pytest.fixture
def address(live_server: LiveServer, telkomsel) -> str:
    factory.reasons()
    case = factory.make_case(telkomsel, at=timezone.now(), evidence_count=0)
    return f"{live_server.url}/kelola/perkara/{case.pk}/"


def write(desk: Page, text: str) -> None:
    keys(desk, "d", "1")
    desk.locator("details[data-key=d] textarea[name=note]").fill(text)


def test_a_page_that_is_left_offers_the_text_again(desk: Page, address: str, log_in: SitDown, budi):
    log_in(budi)
    desk.goto(address)
    with desk.expect_response("**/draf/"):  # a second after the last key, by itself
        write(desk, TEXT)
    desk.goto(address.replace("/perkara/", "/antrean/?x="))
    desk.goto(address)
    panel = desk.locator("details[data-key=d]")
    expect(panel).to_have_attribute("open", "")
    expect(panel.locator("textarea[name=note]")).to_have_value(TEXT)
    expect(panel.locator("input[type=radio]").first).to_be_checked()
    assert barriers(desk) == []


def test_text_typed_after_the_session_ended_is_kept_after_the_next_log_in(
    desk: Page, address: str, log_in: SitDown, budi
):
    log_in(budi)
    desk.goto(address)
    Session.objects.all().delete()
    write(desk, TEXT)
    warning = desk.locator("[data-draft-address]")
    expect(warning).to_be_visible()
    log_in(budi)  # in another tab of the same browser
    with desk.expect_response(lambda answer: answer.url.endswith("/draf/") and answer.status == 204):
        desk.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(warning).to_be_hidden()
    assert DecisionDraft.objects.get().fields["note"] == [TEXT]
    keys(desk, "Control+Enter")
    expect(desk).not_to_have_url(address)
    assert not DecisionDraft.objects.exclude(fields={}).exists()


def test_a_draft_that_takes_the_longer_way_does_not_come_back(
    desk: Page, address: str, log_in: SitDown, budi
):
    """Each draft and form says which page it is of, and its turn there: the server puts them in order."""
    log_in(budi)
    desk.goto(address)
    with desk.expect_request("**/draf/") as on_its_way:
        write(desk, TEXT)
    late = on_its_way.value
    keys(desk, "Control+Enter")
    expect(desk).not_to_have_url(address)
    kind = {"content-type": late.headers["content-type"], "referer": address}
    answer = desk.request.post(late.url, data=late.post_data_buffer, headers=kind)
    assert answer.status == 204
    assert not DecisionDraft.objects.exclude(fields={}).exists()
