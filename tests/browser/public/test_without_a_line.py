"""The form without a line: it opens, keeps what was typed, and takes what another app shares."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from aduan.complaints.models import Complaint
from tests.browser.public.test_screenshot_first import SHARE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def installed(visit: Any) -> Any:
    """A visitor whose browser has kept the form."""
    visitor = visit(workers="allow")
    visitor.offline = True
    visitor.go("/lapor/")
    visitor.page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
    return visitor


def cut(page: Page) -> None:
    page.context.set_offline(True)


def test_the_form_opens_with_its_draft(installed: Any) -> None:
    page = installed.page
    page.locator(".way[data-step='1']").click()
    page.locator("#id_number").fill("0812-3456-7890")
    first = page.locator("[name=key]").input_value()
    cut(page)
    installed.go("/lapor/")
    expect(page.locator("#draft-found")).to_be_visible()
    expect(page.locator("#id_number")).to_have_value("0812-3456-7890")
    expect(page.locator("[name=key]")).to_have_value(first)  # the same complaint, filed once
    page.locator("[data-draft-delete]").click()
    expect(page.locator("#id_number")).to_have_value("")
    fresh = page.locator("[name=key]").input_value()
    assert fresh != first
    installed.go("/lapor/")
    assert page.locator("[name=key]").input_value() not in {fresh, first}


def test_what_is_shared_waits_on_the_phone_and_is_filed_when_the_line_is_back(
    installed: Any, chat: Path
) -> None:
    page = installed.page
    cut(page)
    page.evaluate(SHARE, [chat.name, list(chat.read_bytes())])
    page.wait_for_url(re.compile("/lapor/$"))
    item = page.locator(f"#files [data-name='{chat.name}']")
    expect(item).to_contain_text("menunggu sambungan")
    installed.go("/lapor/")  # opened again before it was sent
    expect(item).to_be_visible()
    page.context.set_offline(False)
    expect(item.locator("[name=staged]")).to_be_attached(timeout=60_000)
    page.wait_for_function(
        "() => caches.open('aduan.shared').then((kept) => kept.keys()).then((all) => !all.length)"
    )
    assert not Complaint.objects.exists()


def test_with_a_line_sharing_is_the_servers_as_before_and_another_site_cannot(
    installed: Any, chat: Path
) -> None:
    page = installed.page
    installed.go("/lapor/")  # in the worker's hands from now on
    page.evaluate(SHARE, [chat.name, list(chat.read_bytes())])
    page.wait_for_url(re.compile("/lapor/bagikan/$"))
    expect(page.locator(f"#files [data-name='{chat.name}'] [name=staged]")).to_be_attached()
    elsewhere = installed.url.replace("localhost", "127.0.0.1")
    elsewhere = elsewhere if elsewhere != installed.url else installed.url.replace("127.0.0.1", "localhost")
    page.route(f"{elsewhere}/**", lambda route: route.fulfill(body="<p>elsewhere", content_type="text/html"))
    page.goto(f"{elsewhere}/x")
    with page.expect_navigation() as answer:
        page.evaluate(
            """(action) => { const form = document.createElement("form"); form.method = "post";
               form.action = action; document.body.append(form); form.submit(); }""",
            f"{installed.url}/lapor/bagikan/",
        )
    assert answer.value.status == 403
    installed.faults.clear()  # the page of the other site, and the refusal
