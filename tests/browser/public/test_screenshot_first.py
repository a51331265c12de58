"""From a screenshot to the receipt: what was read is offered, tapped, sent."""

from __future__ import annotations

import random
import re
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from playwright.sync_api import Page, expect

from aduan.complaints.models import Complaint, Evidence
from aduan.complaints.services import read_waiting
from sample import pictures

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TEXT = "Paket Anda tertahan di gudang. Bayar Rp 25.000 ke rekening BCA 1234567890 atau buka https://paket-ulang.com/77"


@pytest.fixture
def screenshot(tmp_path: Path) -> Path:
    path = tmp_path / "chat.jpg"
    path.write_bytes(pictures.chat("0812-3456-7890", TEXT, random.Random(1), status="online"))
    return path


@pytest.fixture
def worker(portal: str) -> Iterator[None]:
    """Reads pictures as the worker of its queue does."""
    over = threading.Event()

    def work() -> None:
        while not over.wait(0.3):
            read_waiting()
        connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    yield
    over.set()
    thread.join()


class Taps:
    """Every tap of a person, by name: the file chooser and each scroll count too."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.made: list[str] = []

    def tap(self, name: str, where: Any) -> None:
        box = where.bounding_box()
        assert self.page.viewport_size is not None
        height = self.page.viewport_size["height"]
        if box is None or box["y"] < 0 or box["y"] + min(box["height"], 44) > height:
            self.made.append(f"scroll to {name}")
        where.click()
        self.made.append(name)


def test_a_screenshot_becomes_a_complaint(visit: Any, screenshot: Path, worker: None) -> None:
    visitor = visit()
    page, did = visitor.page, Taps(visitor.page)
    visitor.go("/lapor/")
    page.locator("#id_evidence").set_input_files(screenshot)
    number = page.locator(".find:has([value='number:+62 812-3456-7890'])")
    number.wait_for(timeout=30_000)
    expect(page.locator("#id_number")).to_have_value("")  # nothing is filled unseen
    expect(number.locator("svg image")).to_have_attribute("href", re.compile("^/lapor/gambar/"))
    did.tap("number", number)
    page.locator(".find:has([data-for=narrative])").click()
    did.tap("continue", page.locator("#evidence-continue button"))
    did.tap("channel", page.locator("label.choice", has_text="WhatsApp"))
    page.locator("#id_category").select_option("KURIR")
    did.made += ["category", "its choice"]
    did.tap("continue", page.locator("#part-what .btn[data-step='1']"))
    did.tap("continue", page.locator("#part-contact .btn[data-step='1']"))
    page.locator("#summary button").wait_for()
    expect(page.locator("#summary")).to_contain_text("+62 812-3456-7890")
    page.locator("#summary button").click()
    page.wait_for_url(re.compile("/tanda-terima/$"))
    complaint = Complaint.objects.get()
    assert complaint.number.canonical == "+6281234567890"
    assert "Paket Anda tertahan" in complaint.narrative
    assert complaint.bank_account == ""  # offered, never tapped
    assert "1234567890" in Evidence.objects.get().text_read


def test_without_scripts_the_next_page_shows_the_offers(visit: Any, screenshot: Path, worker: None) -> None:
    visitor = visit(scripts=False)
    page = visitor.page
    visitor.go("/lapor/")
    page.locator("#id_evidence").set_input_files(screenshot)
    page.locator("button[value=read]").click()
    for _turn in range(20):
        if page.locator("#offers .find").count():
            break
        page.wait_for_timeout(500)
        page.locator("button[value=read]").click()
    page.locator(".find:has([value='number:+62 812-3456-7890'])").click()
    page.locator("label.choice", has_text="WhatsApp").click()
    page.locator("#id_category").select_option("KURIR")
    page.locator("button[value=check]").click()
    expect(page.locator("#checked")).to_contain_text("+62 812-3456-7890")
    page.locator("#checked button[value=send]").click()
    page.wait_for_url(re.compile("/tanda-terima/$"))
    assert Complaint.objects.get().number.canonical == "+6281234567890"


def test_the_form_does_not_wait_for_the_reading(visit: Any, screenshot: Path) -> None:
    """No worker at all."""
    visitor = visit()
    page = visitor.page
    visitor.go("/lapor/")
    page.locator("#id_evidence").set_input_files(screenshot)
    page.locator("#evidence-continue button").click()
    page.locator("#id_number").fill("0812-3456-7890")
    page.locator("#part-number [data-step='1']").click()
    page.locator("label.choice", has_text="SMS").click()
    page.locator("#id_category").select_option("KURIR")
    for part in ("what", "story", "contact"):
        page.locator(f"#part-{part} [data-step='1']").click()
    page.locator("#summary button").click()
    page.wait_for_url(re.compile("/tanda-terima/$"))


SHARE = """([name, bytes]) => {
    const form = document.createElement("form");
    form.method = "post"; form.enctype = "multipart/form-data"; form.action = "/lapor/bagikan/";
    const input = document.createElement("input");
    input.type = "file"; input.name = "evidence";
    const carrier = new DataTransfer();
    carrier.items.add(new File([new Uint8Array(bytes)], name, {type: "image/jpeg"}));
    input.files = carrier.files;
    form.append(input); document.body.append(form); form.submit();
}"""


def test_a_shared_screenshot_takes_at_most_eight_taps(visit: Any, screenshot: Path, worker: None) -> None:
    """From the system's share sheet on: each tap by name, scrolls too."""
    visitor = visit()
    page, did = visitor.page, Taps(visitor.page)
    visitor.go("/")
    page.evaluate(SHARE, [screenshot.name, list(screenshot.read_bytes())])
    page.wait_for_url(re.compile("/lapor/bagikan/$"))
    number = page.locator(".find:has([value='number:+62 812-3456-7890'])")
    number.wait_for(timeout=30_000)
    did.tap("the number", number)
    did.tap("continue", page.locator("#evidence-continue button"))
    expect(page.locator("label.choice", has_text="WhatsApp").locator("input")).to_be_checked()
    page.locator("#id_category").select_option("KURIR")
    did.made += ["open the kinds", "choose one"]
    did.tap("continue", page.locator("#part-what .btn[data-step='1']"))
    if page.locator("#part-story").is_visible():
        did.tap("continue", page.locator("#part-story .btn[data-step='1']"))
    did.tap("continue", page.locator("#part-contact .btn[data-step='1']"))
    page.locator("#summary button").wait_for()
    did.tap("send", page.locator("#summary button"))
    page.wait_for_url(re.compile("/tanda-terima/$"))
    assert Complaint.objects.count() == 1
    assert len(did.made) <= 8, did.made
