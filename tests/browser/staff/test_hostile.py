"""BI20: whatever strangers and colleagues type stays text on every page of the desk, in a real browser."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from urllib.parse import quote

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from aduan.accounts.models import User
from aduan.cases.models import CannedReason
from tests.bounds import proved
from tests.browser.staff.page_inventory import PageInventory
from tests.browser.staff.payloads import ANSWER, PAYLOADS
from tests.factories import complaints as factory
from tests.factories.accounts import past_triggers

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SitDown = Callable[[User], None]
A_PAGE = 20
# What the browser itself made of the page: handlers, addresses that run, elements no one of us writes.
ALIVE = """() => {
  const found = [], addresses = ["href", "src", "action", "data"];
  for (const node of document.querySelectorAll("*")) {
    for (const {name, value} of node.attributes)
      if (name.startsWith("on") || /^\\s*javascript:/i.test(value) && addresses.includes(name))
        found.push(node.outerHTML.slice(0, 80));
    if (["IFRAME", "OBJECT", "EMBED", "BASE", "STYLE", "MATH", "VIDEO", "AUDIO"].includes(node.tagName))
      found.push(node.outerHTML.slice(0, 80));
  }
  return found;
}"""


@pytest.fixture
def guarded(desk: Page) -> Iterator[Page]:
    """A page on which nothing opens a dialog; `desk` already fails at a breach of the CSP."""
    opened: list[str] = []

    def note(dialog):
        opened.append(f"{desk.url}: {dialog.message}")
        dialog.dismiss()

    desk.on("dialog", note)
    yield desk
    assert not opened, opened


def alive(page: Page) -> list[str]:
    """What came to life on the page as it stands."""
    found = list(page.evaluate(ALIVE))
    return [*found, *([f"{ANSWER} was computed"] if ANSWER in page.content() else [])]


def complaints_of(payloads: list[str], now: dt.datetime) -> int:
    """A case with a complaint for each text; its number."""
    for turn, payload in enumerate(payloads):
        reported = factory.complaint(
            now + dt.timedelta(seconds=turn),
            "0812-3456-7890",
            narrative=f"Cerita ke-{turn}: {payload}",
            link=payload[:500],
            bank_account=payload[:80],
        )
    return reported.case_id


def as_text(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def test_the_eye_sees_what_it_is_there_to_see(page: Page, live_server: LiveServer):
    """Without this, a policy that no one enforces would look like a page on which nothing runs."""
    heard: list[str] = []
    page.on("console", lambda said: heard.append(said.text))
    page.goto(live_server.url + "/akun/login/")
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=alert(1)>')")
    expect(page.locator("img[onerror]")).to_have_count(1)
    page.wait_for_timeout(300)
    assert alive(page)
    assert any("Content Security Policy" in text for text in heard)


def test_complaints_stay_text(guarded: Page, live_server: LiveServer, log_in: SitDown, budi, telkomsel):
    wanted = PAYLOADS[:: len(PAYLOADS) // A_PAGE][:A_PAGE]
    case = complaints_of(wanted, timezone.now())
    log_in(budi)
    guarded.goto(f"{live_server.url}/kelola/perkara/{case}/")
    shown = as_text(guarded.locator("main").inner_text())
    assert [text for text in wanted if as_text(text) not in shown] == []
    assert alive(guarded) == []
    for text in wanted[::5]:
        guarded.goto(f"{live_server.url}/kelola/antrean/?q={quote(text)}&region={quote(text)}")
        expect(guarded.locator("#q")).to_have_value(text)
        assert alive(guarded) == []


def test_what_colleagues_type_stays_text_on_every_page(
    guarded: Page, live_server: LiveServer, log_in: SitDown, budi, citra, telkomsel, indosat
):
    with past_triggers():  # another name takes two administrators
        User.objects.filter(pk=budi.pk).update(name="</title><svg onload=alert(1)>" + PAYLOADS[2])
    budi.refresh_from_db()
    words = "Alasan </textarea><img src=x onerror=alert(1)> {{1337*7331}}"
    stops = PageInventory(budi, citra, telkomsel, indosat, words=words).build()
    CannedReason.objects.update(text_id=words, text_en=words)
    shown_on = 0
    for stop in stops:
        if stop.who is None or stop.act is not None:
            continue
        log_in(stop.who)
        guarded.goto(live_server.url + stop.address)
        assert alive(guarded) == [], stop.name
        shown_on += "onerror=alert(1)" in guarded.locator("body").inner_text()
    assert shown_on >= 15, "the words stand on many pages, or this proves nothing"


@pytest.mark.slow
def test_three_hundred_texts_stay_text(
    guarded: Page, live_server: LiveServer, log_in: SitDown, budi, telkomsel
):
    """Each as a story, a link and an account on the case page, and as a search in the queue."""
    case = complaints_of(PAYLOADS, timezone.now())
    log_in(budi)
    guarded.goto(f"{live_server.url}/kelola/perkara/{case}/")
    shown = ""
    for _page in range(len(PAYLOADS) // A_PAGE):
        assert alive(guarded) == []
        shown += as_text(guarded.locator("main").inner_text())
        if guarded.locator("a[rel=next]").count():
            guarded.locator("a[rel=next]").click()
    assert [text for text in PAYLOADS if as_text(text) not in shown] == []
    for text in PAYLOADS:
        guarded.goto(f"{live_server.url}/kelola/antrean/?q={quote(text)}&region={quote(text)}")
        expect(guarded.locator("#q")).to_have_value(text)
        assert alive(guarded) == []
    proved(len(PAYLOADS), "hostile texts on the case page and in the queue")
