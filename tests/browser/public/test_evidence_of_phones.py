"""A long screenshot, HEIC, MPO, a screen recording and a voice note, from a 360-px phone to the reviewer."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from aduan.accounts.roles import Role
from aduan.complaints.models import Evidence
from aduan.complaints.services import process_evidence
from tests.browser.public.test_unreliable_network import fill
from tests.browser.sessions import sit_down
from tests.factories import files
from tests.factories.accounts import person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SHOTS = os.environ.get("ADUAN_SHOTS", "")
# One step of the form in the place of another, as the buttons do.
SHOWN = """id => document.querySelectorAll(".part").forEach(
    one => one.classList.toggle("current", one.id === id))"""


@pytest.fixture
def phone(tmp_path: Path) -> list[Path]:
    made = {
        "panjang.png": files.png(files.chat(width=1080, height=12000)),
        "IMG_0001.HEIC": files.heic(files.chat(3, width=3024, height=4032)),
        "ganda.jpg": files.mpo(),
        "rekam-layar.mp4": files.video(20, size=(720, 1280), scene=4),
        "PTT-20260512.ogg": files.ogg(),
    }
    for name, data in made.items():
        (tmp_path / name).write_bytes(data)
    return [tmp_path / name for name in made]


def test_what_a_phone_makes_arrives_as_it_is_and_can_be_read(visit: Any, phone: list[Path]) -> None:
    """1080 × 12000 arrived as 216 × 2400; HEIC, MPO and video were refused."""
    visitor = visit(size={"width": 360, "height": 740})
    page: Page = visitor.page
    visitor.go("/lapor/")
    fill(page, until="contact")
    page.locator("#id_evidence").set_input_files(phone)
    expect(page.locator("#files [name=staged]")).to_have_count(5, timeout=60_000)
    page.evaluate(SHOWN, "part-evidence")
    expect(page.locator("#files li")).to_have_count(5)
    assert page.locator("#files [data-refused]").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    picture(page, "phone")
    page.evaluate(SHOWN, "part-contact")
    page.locator("#part-contact [data-step='1']").click()
    page.locator("#summary button").click()
    page.wait_for_url(re.compile("/tanda-terima/$"))
    rows = list(Evidence.objects.order_by("id"))
    assert {row.name: row.size for row in rows} == {path.name: path.stat().st_size for path in phone}
    assert {process_evidence(row.pk, at=timezone.now()) for row in rows} == {"clean"}
    sit_down(page.context, person("budi@aduan.example", "Budi Santoso", Role.REVIEWER), visitor.url)
    page.set_viewport_size({"width": 1280, "height": 900})
    visitor.go(f"/kelola/perkara/{rows[0].case_id}/")
    picture(page, "case")
    for row in rows:
        visitor.go(f"/kelola/perkara/{row.case_id}/bukti/{row.uid}/")
        shown_whole(page)
        picture(page, row.name)
    long = Evidence.objects.get(name="panjang.png")
    assert (long.width, long.height) == (1080, 12000)
    assert Evidence.objects.get(name="rekam-layar.mp4").parts.filter(role="still").count() == 5


def shown_whole(page: Page) -> None:
    """Every picture on the page loads, and every sound has a length."""
    for image in page.locator("#content img, main img").all():
        image.scroll_into_view_if_needed()
        image.evaluate("image => image.decode()")
        assert image.evaluate("image => image.naturalWidth") > 300
    for sound in page.locator("audio").all():
        page.wait_for_function("sound => sound.duration > 0", arg=sound.element_handle())


def picture(page: Page, name: str) -> None:
    """Kept for a person to look at, when asked for."""
    if SHOTS:
        page.screenshot(path=str(Path(SHOTS) / f"evidence-{name}.png"), full_page=True)
