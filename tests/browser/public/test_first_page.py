"""The first page leads into the form by three ways, each to its own beginning."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_paste_and_type_open_the_form_where_they_say(visit: Any) -> None:
    visitor = visit()
    page = visitor.page
    visitor.go("/")
    page.locator(".start-two a").first.click()
    expect(page.locator("#pasted")).to_be_in_viewport()
    visitor.go("/")
    page.locator(".start-two a").last.click()
    expect(page.locator("#part-number")).to_be_visible()
    expect(page.locator("#part-evidence")).to_be_hidden()
    page.go_back()
    expect(page.locator("#part-evidence")).to_be_visible()  # the screenshot is one step before
    page.go_back()
    expect(page.locator(".shot-tile")).to_be_visible()


def test_without_scripts_they_lead_to_the_place_on_the_one_page(visit: Any) -> None:
    visitor = visit(scripts=False)
    visitor.go("/")
    visitor.page.locator(".start-two a").last.click()
    expect(visitor.page.locator("#id_number")).to_be_in_viewport()
