"""Two tabs, Back after sending, a cookie that ended, an old draft: nothing is lost, and filed once."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from aduan.complaints.models import Complaint
from tests.browser.public.test_unreliable_network import STORY, fill

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
RECEIPT = re.compile("/tanda-terima/$")


def send(page: Page) -> None:
    page.locator("#summary button").click()
    page.wait_for_url(RECEIPT)


def to_the_end(page: Page) -> None:
    """Through a form that its draft filled in."""
    page.locator("#part-evidence .way[data-step]").click()
    for part in ("number", "what", "story", "contact"):
        page.locator(f"#part-{part} [data-step='1']").click()
    expect(page.locator("#summary button")).to_be_visible()


def fill_without_scripts(page: Page) -> None:
    page.locator("label.choice", has_text="SMS").click()
    page.locator("#id_category").select_option("PETUGAS_BANK")
    page.locator("#id_number").fill("0812-3456-7890")
    page.locator("#id_narrative").fill(STORY)


def test_two_tabs_with_one_draft_file_one_complaint(visit: Any) -> None:
    visitor = visit()
    visitor.go("/lapor/")
    fill(visitor.page)
    second = visitor.page.context.new_page()
    second.goto(visitor.url + "/lapor/")
    to_the_end(second)
    send(visitor.page)
    send(second)
    assert second.url == visitor.page.url
    assert Complaint.objects.count() == 1


def test_another_number_in_the_second_tab_is_said_to_be_another_complaint(visit: Any) -> None:
    """The draft of a form that was sent refused every later form for a week, with no way on."""
    visitor = visit()
    visitor.go("/lapor/")
    fill(visitor.page)
    second = visitor.page.context.new_page()
    second.goto(visitor.url + "/lapor/")
    expect(second.locator("#id_number")).to_have_value("0812-3456-7890")
    send(visitor.page)
    second.locator("#part-evidence .way[data-step]").click()
    second.locator("#id_number").fill("0813-1111-2222")
    for part in ("number", "what", "story", "contact"):
        second.locator(f"#part-{part} [data-step='1']").click()
    second.locator("#summary button").click()
    expect(second.locator("#sending")).to_contain_text("sudah terkirim")
    third = second.context.new_page()
    third.goto(visitor.url + "/lapor/")
    expect(third.locator("#id_number")).to_have_value("0813-1111-2222")
    second.locator("#sending button").click()
    second.wait_for_url(RECEIPT)
    assert Complaint.objects.count() == 2


def test_back_after_sending_says_that_it_was_sent(visit: Any) -> None:
    visitor = visit()
    page = visitor.page
    visitor.go("/lapor/")
    fill(page)
    send(page)
    receipt = page.url
    page.reload()
    expect(page.locator("#ticket")).to_be_visible()
    page.go_back()
    expect(page.locator("#was-sent")).to_be_visible()
    expect(page.locator("#report")).to_be_hidden()
    page.locator("#was-sent [data-receipt]").click()
    page.wait_for_url(RECEIPT)
    assert page.url == receipt
    page.go_back()
    page.locator("#was-sent a").last.click()
    expect(page.locator("#was-sent")).to_be_hidden()
    expect(page.locator("#id_narrative")).to_have_value("")
    assert Complaint.objects.count() == 1


def test_a_cookie_that_ended_while_the_form_was_open_is_not_noticed(visit: Any) -> None:
    visitor = visit()
    page = visitor.page
    visitor.refusals = (400, 403)
    visitor.go("/lapor/")
    fill(page)
    page.context.clear_cookies(name="csrf")
    send(page)
    assert Complaint.objects.count() == 1


def test_without_scripts_a_cookie_that_ended_costs_one_press_and_nothing_typed(visit: Any) -> None:
    """On Back the browser brought all back but the number, which is kept out of its memory on purpose."""
    visitor = visit(scripts=False)
    page = visitor.page
    visitor.refusals = (400, 403)
    visitor.go("/lapor/")
    fill_without_scripts(page)
    page.context.clear_cookies(name="csrf")
    page.locator("button[value=check]").click()
    expect(page.locator("#error-summary")).to_contain_text("Isian Anda masih lengkap")
    expect(page.locator("#id_number")).to_have_value("0812-3456-7890")
    expect(page.locator("#id_narrative")).to_have_value(STORY)
    page.locator("button[value=check]").click()
    page.locator("button[value=send]").click()
    page.wait_for_url(RECEIPT)
    assert Complaint.objects.count() == 1


def test_without_scripts_sending_twice_and_from_the_page_before(visit: Any) -> None:
    visitor = visit(scripts=False)
    page = visitor.page
    visitor.refusals = (400, 409)
    visitor.go("/lapor/")
    fill_without_scripts(page)
    page.locator("button[value=check]").click()
    page.locator("button[value=send]").dblclick()
    page.wait_for_url(RECEIPT)
    page.go_back()
    page.locator("button[value=send]").click()
    page.wait_for_url(RECEIPT)
    assert Complaint.objects.count() == 1
    page.go_back()
    page.locator("#id_number").fill("0813-1111-2222")
    page.locator("button[value=send]").click()
    expect(page.locator("#error-summary")).to_contain_text("kirim sekali lagi")
    page.locator("button[value=check]").click()
    page.locator("button[value=send]").click()
    page.wait_for_url(RECEIPT)
    assert Complaint.objects.count() == 2


@pytest.mark.parametrize(
    "draft",
    [
        {"at": 0, "version": 9},
        {
            "fields": {"number": "0812-3456-7890", "kanal": "sms", "category": "GONE", "zone": "Mars"},
            "files": [],
        },
        {"fields": {"number": "0812-3456-7890"}, "files": "none"},
    ],
)
def test_a_draft_of_another_version_is_taken_where_it_fits(visit: Any, draft: Any) -> None:
    visitor = visit()
    page = visitor.page
    visitor.go("/lapor/")
    page.evaluate(
        "draft => localStorage.setItem('aduan.draft', JSON.stringify({...draft, at: Date.now()}))", draft
    )
    visitor.go("/lapor/")
    fits = draft.get("files") == []
    expect(page.locator("#draft-found")).to_be_visible(visible=fits)
    expect(page.locator("#id_number")).to_have_value("0812-3456-7890" if fits else "")
    expect(page.locator("#id_zone")).to_have_value("Asia/Jakarta")
