"""The summary before sending: what was entered, small pictures, and one way back to it from each change."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def at_the_summary(page: Page, chat: Path) -> None:
    page.locator("#id_evidence").set_input_files(chat)
    expect(page.locator("#files [name=staged]")).to_be_attached()
    page.locator("#part-evidence #evidence-continue button").click()
    page.locator("#id_number").fill("0812-3456-7890")
    page.locator("#part-number .btn[data-step='1']").click()
    page.locator("label.choice", has_text="SMS").click()
    page.locator("#id_category").select_option("HADIAH")
    for part in ("what", "story", "contact"):
        page.locator(f"#part-{part} .btn[data-step='1']").click()
    expect(page.locator("#summary .sum")).to_be_visible()


def row(page: Page, name: str) -> Any:
    return page.locator("#summary .sum > div", has=page.locator("dt", has_text=name))


def test_each_row_is_changed_and_one_is_back_at_it(visit: Any, chat: Path) -> None:
    visitor = visit()
    page = visitor.page
    visitor.go("/lapor/")
    at_the_summary(page, chat)
    expect(row(page, "Bukti").locator("canvas")).to_have_count(1)
    expect(row(page, "Lewat")).to_contain_text("SMS")
    assert page.locator("#summary .sum > div").count() == page.locator("#summary .sum .do a").count()
    row(page, "Jenis penipuan").locator("a").click()
    expect(page.locator("#id_category")).to_be_focused()
    page.locator("#id_category").select_option(index=3)
    page.get_by_role("button", name="Kembali ke ringkasan").click()  # past story and contact
    expect(row(page, "Jenis penipuan")).to_contain_text("kerja atau tugas")
    expect(row(page, "Jenis penipuan").locator("a")).to_be_focused()
    row(page, "Lewat").locator("a").click()
    page.locator("label.choice", has_text="WhatsApp").click()
    page.get_by_role("button", name="Kembali ke ringkasan").click()
    expect(row(page, "Lewat")).to_contain_text("WhatsApp")
    page.go_back()
    expect(page.get_by_role("button", name="Lanjutkan")).to_be_visible()  # the change is over


def test_an_error_of_the_server_leads_to_its_field_and_back(visit: Any, chat: Path) -> None:
    visitor = visit()
    page = visitor.page
    visitor.go("/lapor/")
    at_the_summary(page, chat)
    row(page, "Nomor yang diadukan").locator("a").click()
    page.locator("#id_contact_email").evaluate("field => { field.value = 'sari tanpa at'; }")
    page.get_by_role("button", name="Kembali ke ringkasan").click()
    error = page.locator(".error-summary li")
    expect(error).to_have_count(1)
    expect(page.locator("#id_contact_email")).to_be_visible()
    page.locator("#id_contact_email").fill("sari@contoh.id")
    expect(error).to_have_count(0)
    page.get_by_role("button", name="Kembali ke ringkasan").click()
    expect(row(page, "Email")).to_contain_text("sari@contoh.id")


def test_without_scripts_each_row_leads_to_its_field(visit: Any, chat: Path) -> None:
    visitor = visit(scripts=False)
    page = visitor.page
    visitor.go("/lapor/")
    page.locator("#id_number").fill("0812-3456-7890")
    page.locator("label.choice", has_text="SMS").click()
    page.locator("#id_category").select_option("HADIAH")
    page.locator("#id_evidence").set_input_files(chat)
    page.get_by_role("button", name="Periksa isian saya").click()
    page.locator("#checked").wait_for()
    targets = [link.get_attribute("href") or "" for link in page.locator("#checked .sum .do a").all()]
    assert targets[:2] == ["#id_number", "#id_evidence"]
    for target in targets:
        expect(page.locator(target)).to_have_count(1)


@pytest.mark.parametrize("scripts", [True, False])
def test_another_language_keeps_what_was_typed_and_chosen(visit: Any, chat: Path, scripts: bool) -> None:
    visitor = visit(scripts=scripts)
    page = visitor.page
    visitor.go("/lapor/")
    page.locator("#id_evidence").set_input_files(chat)
    if scripts:
        expect(page.locator("#files [name=staged]")).to_be_attached()
        page.locator("#evidence-continue button").click()
    page.locator("#id_number").fill("0812-3456-7890")
    page.get_by_role("button", name="EN, English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("#id_number")).to_have_value("0812-3456-7890")
    expect(page.locator("#files li")).to_have_count(1)
    expect(page.locator("#files")).to_contain_text("tangkapan-layar.jpg")
