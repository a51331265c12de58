"""What was typed and chosen is named and kept, and never mixed into another complaint."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from aduan.complaints.models import Evidence
from tests.browser.public.test_unreliable_network import STORY, fill

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_number_from_the_check_page_is_not_mixed_with_a_draft_about_another(visit: Any) -> None:
    visitor = visit()
    page = visitor.page
    visitor.go("/lapor/")
    fill(page, until="story")
    visitor.go("/lapor/?nomor=0813-1111-2222")
    expect(page.locator("#draft-found")).to_be_visible()
    expect(page.locator("#id_number")).to_have_value("0813-1111-2222")
    expect(page.locator("#id_narrative")).to_have_value("")
    page.locator("[data-draft-open]").click()
    expect(page.locator("#id_number")).to_have_value("0812-3456-7890")
    expect(page.locator("#id_narrative")).to_have_value(STORY)


def test_the_tracking_page_names_the_files_in_its_own_language(visit: Any, chat: Path) -> None:
    visitor = visit()
    page = visitor.page
    visitor.go("/lapor/")
    fill(page)
    page.locator("#summary button").click()
    page.wait_for_url("**/tanda-terima/")
    page.goto(page.url.removesuffix("tanda-terima/"))
    button = page.locator(".upload label.btn")
    expect(button).to_have_text("Pilih berkas")
    box = page.locator("#id_evidence").bounding_box()
    assert box is not None
    assert box["width"] <= 1  # the browser's own control is out of sight, not out of reach
    with page.expect_file_chooser() as chooser:
        button.click()
    chooser.value.set_files(chat)
    expect(page.locator("#chosen li")).to_have_text(chat.name)
    page.locator("button[value=complete]").click()
    expect(page.locator(".files")).to_contain_text(chat.name)
    assert Evidence.objects.count() == 1
