"""An operator's work without a mouse and without scripts: log in, make a key, answer for one number."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from aduan.accounts.models import User
from aduan.blocklists.models import BlockList, Outcome
from aduan.blocklists.queries import name_of
from aduan.operators.models import AccessKey
from tests.factories.accounts import PASSWORD
from tests.portal.conftest import A_NUMBERS, a_list  # noqa: F401 - a fixture


def tab_to(page: Page, selector: str) -> None:
    """Presses Tab until the element has the focus; fails when it is never reached."""
    for _turn in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("wanted => document.activeElement?.matches(wanted)", selector):
            return
    pytest.fail(f"Tab never reaches {selector} on {page.url}")


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_dewi_works_with_keys_alone_and_no_scripts(
    browser: Browser,
    live_server: LiveServer,
    dewi: User,
    a_list: BlockList,  # noqa: F811
) -> None:
    context = browser.new_context(locale="id-ID")
    context.route("**/*.js", lambda route: route.abort())
    page = context.new_page()
    page.goto(f"{live_server.url}/operator/")
    tab_to(page, "#id_login")
    page.keyboard.type(dewi.email)
    tab_to(page, "#id_password")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{live_server.url}/operator/")

    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip", "the first stop leads to the content"
    tab_to(page, "main h3 a")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/daftar/{name_of(a_list)}/")
    tab_to(page, "a[href$='/hasil/']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/hasil/")
    tab_to(page, "#id_number")
    page.keyboard.type(str(A_NUMBERS[0]))
    tab_to(page, "input[name=answer]")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/daftar/{name_of(a_list)}/")
    assert Outcome.objects.get().answer == "blocked"

    page.goto(f"{live_server.url}/operator/kunci/baru/")
    tab_to(page, "#id_name")
    page.keyboard.type("HLR Surabaya")
    page.keyboard.press("Enter")
    page.locator(".secret").wait_for()
    assert AccessKey.objects.get().name == "HLR Surabaya"
    context.close()
