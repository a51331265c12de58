"""From the first page to the receipt and on to the tracking page, as people do it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from aduan.complaints.models import Complaint, Evidence
from tests.browser.public.conftest import DESKTOP, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WORDS = {
    "id": {
        "report": "Kirim tangkapan layar",
        "send": "Kirim aduan",
        "check": "Periksa isian saya",
        "thanks": "Terima kasih",
    },
    "en": {
        "report": "Send a screenshot",
        "send": "Send the complaint",
        "check": "Check what I entered",
        "thanks": "Thank",
    },
}
STORY = "Katanya saya menang undian dua ratus juta, pajaknya ditransfer dulu ke rekening BCA 1234567890."


class Counter:
    """Counts what a practised person does: taps, and fields filled in."""

    def __init__(self, page: Page) -> None:
        self.page, self.taps, self.fields = page, 0, 0

    def tap(self, where: Any) -> None:
        where.click()
        self.taps += 1

    def fill(self, where: str, text: str) -> None:
        self.page.locator(where).fill(text)
        self.fields += 1

    def forward(self, part: str) -> None:
        self.tap(self.page.locator(f"#part-{part} .btn[data-step='1']"))


@pytest.mark.parametrize(("size", "language"), [(PHONE, "id"), (DESKTOP, "en")], ids=["phone", "desktop"])
def test_step_by_step(visit: Any, chat: Path, size: Any, language: str) -> None:
    words = WORDS[language]
    visitor = visit(size=size, language=language)
    page, did = visitor.page, Counter(visitor.page)
    visitor.go("/")
    did.tap(page.get_by_role("link", name=words["report"]).first)
    page.locator("#id_evidence").set_input_files(chat)
    did.fields += 1
    expect(page.locator("#files [name=staged]")).to_be_attached()
    did.forward("evidence")
    did.fill("#id_number", "0812-3456-7890")
    expect(page.locator("#understood")).to_contain_text("Telkomsel")
    did.forward("number")
    did.tap(page.locator("label.choice", has_text="SMS"))
    page.locator("#id_category").select_option("HADIAH")
    did.fields += 2
    did.forward("what")
    did.fill("#id_narrative", STORY)
    did.forward("story")
    did.forward("contact")
    expect(page.locator("#summary")).to_contain_text("+62 812-3456-7890")
    did.tap(page.get_by_role("button", name=words["send"]))
    page.wait_for_url(re.compile("/tanda-terima/$"))
    expect(page.locator("h1")).to_contain_text(words["thanks"])
    assert did.taps <= 10
    assert did.fields <= 6
    assert Complaint.objects.get().narrative == STORY
    assert Evidence.objects.get().name == "tangkapan-layar.jpg"
    page.locator(".receipt a[href^='/lacak/'][href$='/']").click()
    expect(page.locator(".timeline .now")).to_be_visible()
    visitor.go("/lapor/")
    assert page.locator("#draft-found").is_hidden()


@pytest.mark.parametrize(("size", "language"), [(PHONE, "en"), (DESKTOP, "id")], ids=["phone", "desktop"])
def test_without_scripts(visit: Any, chat: Path, size: Any, language: str) -> None:
    words = WORDS[language]
    visitor = visit(scripts=False, size=size, language=language)
    page = visitor.page
    visitor.go("/")
    page.get_by_role("link", name=words["report"]).first.click()
    page.get_by_role("button", name=words["check"]).click()  # empty: everything is named
    expect(page.locator("#error-summary a")).to_have_count(3)
    page.locator("label.choice", has_text="WhatsApp").click()
    page.locator("#id_category").select_option("HADIAH")
    page.locator("#id_narrative").fill(f"{STORY}\nHubungi WA 0812-3456-7890")
    page.locator("#id_evidence").set_input_files(chat)
    page.get_by_role("button", name=words["check"]).click()
    page.locator("#offered label").first.click()  # the number was found in the story
    page.get_by_role("button", name=words["check"]).click()
    expect(page.locator("#checked")).to_contain_text("+62 812-3456-7890")
    expect(page.locator("#checked")).to_contain_text("tangkapan-layar.jpg")
    page.get_by_role("button", name=words["send"]).click()
    page.wait_for_url(re.compile("/tanda-terima/$"))
    assert Evidence.objects.count() == 1
    page.locator(".receipt a[href^='/lacak/'][href$='/']").click()
    page.locator("#id_text").fill("Tadi malam menelepon lagi.")
    page.locator("#complete button").click()
    expect(page.locator(".notice.tone-good")).to_be_visible()


def test_with_the_keyboard_alone(visit: Any) -> None:
    visitor = visit(size=DESKTOP)
    page = visitor.page
    visitor.go("/lapor/")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    press(page, "#part-evidence .way[data-step]")
    reach(page, "#id_number")
    page.keyboard.type("081234567890")
    page.keyboard.press("Enter")
    expect(page.locator("#part-what")).to_be_visible()
    reach(page, "input[name=channel]")
    page.keyboard.press("Space")
    reach(page, "#id_category")
    page.keyboard.type("Dibilang")
    press(page, "#part-what [data-step='1']")
    expect(page.locator("#part-story")).to_be_visible()
    reach(page, "#id_narrative")
    page.keyboard.type(STORY)
    for part in ("story", "contact"):
        press(page, f"#part-{part} [data-step='1']")
    expect(page.locator("#summary button")).to_be_visible()
    press(page, "#summary button")
    page.wait_for_url(re.compile("/tanda-terima/$"))


def reach(page: Page, where: str) -> None:
    """Tab on until the focus is there, and see that it shows."""
    for _turn in range(40):
        page.keyboard.press("Tab")
        here = page.evaluate("where => document.activeElement.matches(where)", where)
        if here:
            outline = page.evaluate(
                "() => { const one = document.activeElement;"
                " return [one, one.closest('.choice') || one]"
                ".some((box) => getComputedStyle(box).outlineStyle !== 'none') }"
            )
            assert outline, f"the focus on {where} cannot be seen"
            return
    raise AssertionError(f"{where} cannot be reached by Tab")


def press(page: Page, where: str) -> None:
    reach(page, where)
    page.keyboard.press("Enter")


def test_the_language_stays(visit: Any) -> None:
    visitor = visit()
    visitor.go("/bantuan/")
    visitor.page.get_by_role("button", name="English").click()
    expect(visitor.page.locator("html")).to_have_attribute("lang", "en")
    visitor.go("/privasi/")
    expect(visitor.page.locator("html")).to_have_attribute("lang", "en")
