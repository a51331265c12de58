"""Pictures of the running portal: `make up` in one terminal, `make screens` in another.

A few small ones go to docs/screens (they are committed); `make screens ARGS=--all` puts every page at
its widths, light and dark, in both languages, into build/screens, for looking at.
"""

from __future__ import annotations

import io
import os
import random
import re
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, FilePayload, Page, sync_playwright
from playwright.sync_api import TimeoutError as PlaywrightTimeoutError

from devserver.greeting import DEMO_PASSWORD
from sample import pictures

ROOT = Path(__file__).resolve().parent.parent
KEPT, ALL = ROOT / "docs" / "screens", ROOT / "build" / "screens"
URL = f"http://127.0.0.1:{os.environ.get('ADUAN_PORT', '8000')}"
HEIGHTS = {360: 740, 768: 1024, 1280: 860}
PUBLIC = {
    "home": "/",
    "form": "/lapor/",
    "check": "/cek/",
    "track": "/lacak/",
    "help": "/bantuan/",
    "privacy": "/privasi/",
    "accessibility": "/aksesibilitas/",
    "missing": "/tidak-ada/",
}
CHAT = "Selamat! Nomor Anda menang undian. Bayar pajak Rp500.000 ke BCA 1234567890 atau buka https://undian-fiktif.com/77"
READ_WITHIN = 600_000  # milliseconds
PATIENCE = 120_000  # for everything else on a busy machine
DESK = {
    "reviewer1": {"queue": "/kelola/antrean/", "case": "/kelola/antrean/", "campaign": "/kelola/kampanye/"},
    "lead": {"dashboard": "/kelola/dasbor/"},
    "auditor": {"audit": "/kelola/audit/"},
}
# Pages behind a list: the first row worth a picture.
DESK_FIRST = {
    "case": ".queue-line:has(td.n:nth-of-type(6):not(.bad-word)) .case-number",
    "campaign": "tbody tr:has(td:nth-of-type(2):text-is('2')) a",
}
STAFF_VARIANTS = [(1280, "light", "id"), (768, "dark", "en"), (1280, "dark", "id"), (768, "light", "en")]


@dataclass(frozen=True)
class Shot:
    """One picture: `form-360-light-id.png`."""

    name: str
    width: int
    scheme: str
    language: str

    def save(self, page: Page, folder: Path, *, whole: bool) -> None:
        picture = Image.open(io.BytesIO(page.screenshot(full_page=whole))).convert("RGB")
        folder.mkdir(parents=True, exist_ok=True)
        name = f"{self.name}-{self.width}-{self.scheme}-{self.language}.png"
        picture.quantize(96).save(folder / name, optimize=True)


def page_of(browser: Browser, shot: Shot) -> Page:
    context = browser.new_context(
        viewport={"width": shot.width, "height": HEIGHTS[shot.width]},
        color_scheme="dark" if shot.scheme == "dark" else "light",
        reduced_motion="reduce",
        locale="id-ID",
        timezone_id="Asia/Jakarta",
    )
    context.add_cookies([{"name": "django_language", "value": shot.language, "url": URL}])
    context.set_default_timeout(PATIENCE)
    return context.new_page()


def every_shot(names: list[str]) -> Iterator[Shot]:
    for name in names:
        for width in HEIGHTS:
            for scheme in ("light", "dark"):
                for language in ("id", "en"):
                    yield Shot(name, width, scheme, language)


def wait_for_offers(page: Page, *, needed: bool) -> None:
    """A busy machine reads pictures last: pictures for looking at go on without, and say so."""
    try:
        page.locator("#offers .find").first.wait_for(timeout=READ_WITHIN)
    except PlaywrightTimeoutError:
        if needed:
            raise
        print("the screenshot was not read in time: this form has no offers", file=sys.stderr)


def form_in_steps(page: Page, shot: Shot, *, must_be_read: bool) -> str:
    """Fills the form in, a picture of each step into ALL; returns the address of the tracking page."""

    def step(name: str) -> None:
        # As high as the page, so that the bar at its foot does not stand in the middle of the picture.
        page.set_viewport_size({"width": shot.width, "height": page.evaluate("document.body.scrollHeight")})
        Shot(name, shot.width, shot.scheme, shot.language).save(page, ALL, whole=True)
        page.set_viewport_size({"width": shot.width, "height": HEIGHTS[shot.width]})
        page.locator(f"#part-{name.removeprefix('form-')} .btn[data-step='1']").click()

    chat: FilePayload = {
        "name": "tangkapan-layar.jpg",
        "mimeType": "image/jpeg",
        "buffer": pictures.chat("0812-3456-7890", CHAT, random.Random(1), status="online"),  # noqa: S311
    }
    page.goto(URL + "/lapor/")
    page.locator("#id_evidence").set_input_files([chat])
    wait_for_offers(page, needed=must_be_read)
    step("form-evidence")
    page.locator("#id_number").fill("0812-3456-7890")
    page.locator("#understood .number-chip").wait_for()
    step("form-number")
    page.locator("label.choice", has_text="SMS").click()
    page.locator("#id_category").select_option("HADIAH")
    step("form-what")
    page.locator("#id_narrative").fill(
        "Katanya saya menang undian, pajaknya ditransfer dulu ke BCA 1234567890."
    )
    step("form-story")
    step("form-contact")
    page.locator("#summary button").wait_for()
    # One screenful: in a picture of the whole page the send bar would stand in its middle.
    Shot("form-send", shot.width, shot.scheme, shot.language).save(page, ALL, whole=False)
    page.locator("#summary button").click()
    page.wait_for_url(re.compile("/tanda-terima/$"))
    Shot("receipt", shot.width, shot.scheme, shot.language).save(page, ALL, whole=True)
    return page.url.removesuffix("tanda-terima/")


def log_in(page: Page, email: str) -> None:
    page.goto(URL + "/akun/login/")
    page.locator("#id_login").fill(email)
    page.locator("#id_password").fill(DEMO_PASSWORD)
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_load_state("networkidle")


def take_kept(browser: Browser) -> None:
    """The pictures of the README and of docs/screens: few, small, one screenful each."""
    for shot in (
        Shot("home", 1280, "light", "id"),
        Shot("home", 360, "dark", "en"),
        Shot("form", 1280, "dark", "id"),
        Shot("check", 360, "light", "id"),
    ):
        page = page_of(browser, shot)
        page.goto(URL + PUBLIC[shot.name])
        page.wait_for_load_state("networkidle")
        shot.save(page, KEPT, whole=False)
    shot = Shot("form", 360, "light", "id")
    page = page_of(browser, shot)
    page.goto(URL + PUBLIC["form"])
    Shot("first-step", 360, "light", "id").save(page, KEPT, whole=True)
    address = form_in_steps(page, shot, must_be_read=True)
    shutil.copyfile(ALL / "form-evidence-360-light-id.png", KEPT / "offers-360-light-id.png")
    shutil.copyfile(ALL / "form-send-360-light-id.png", KEPT / "form-360-light-id.png")
    shutil.copyfile(ALL / "receipt-360-light-id.png", KEPT / "receipt-360-light-id.png")
    page.goto(address)
    Shot("progress", 360, "light", "id").save(page, KEPT, whole=True)
    take_operators(browser)
    take_staff(browser, STAFF_VARIANTS[:2], KEPT)


OPERATORS = {
    "operator": "/operator/",
    "operator-clocks": "/operator/tenggat/",
    "operator-performance": "/operator/kinerja/?hari=90",
    "operator-traces": "/operator/telusur/",
    "operator-key": "/operator/kunci/baru/",
}


def take_operators(browser: Browser) -> None:
    """Operators' pages on a desk and on a phone, and the first one in the dark."""
    for width, scheme, language in ((1280, "light", "id"), (360, "light", "id"), (1280, "dark", "en")):
        page = page_of(browser, Shot("operator", width, scheme, language))
        log_in(page, "operator@telkomsel.example")
        for name, address in OPERATORS.items():
            if scheme == "light" or name == "operator":
                page.goto(URL + address)
                Shot(name, width, scheme, language).save(page, KEPT, whole=width == 360)
        if scheme == "light":
            lists_of_operator(page, width, language)
        page.context.close()


def lists_of_operator(page: Page, width: int, language: str) -> None:
    """The newest list, and a report with rows to mend."""
    page.goto(URL + "/operator/")
    newest = URL + str(page.locator("main a[href*='/operator/daftar/']").first.get_attribute("href"))
    page.goto(newest)
    Shot("operator-list", width, "light", language).save(page, KEPT, whole=width == 360)
    page.goto(newest + "hasil/")
    damaged: FilePayload = {
        "name": "hasil.csv",
        "mimeType": "text/csv",
        "buffer": b"number,answer\n6.28123E+12,blocked\n6281200000001,blokir\n",
    }
    page.locator("input[type=file]").set_input_files([damaged])
    page.locator("section[aria-labelledby=by-file] form button").click()
    Shot("operator-rows", width, "light", language).save(page, KEPT, whole=width == 360)


def take_staff(browser: Browser, variants: list[tuple[int, str, str]], folder: Path) -> None:
    """The pages of the ministry, each as one of the people who work there; one log-in a person and look."""
    for width, scheme, language in variants:
        for who, names in DESK.items():
            page = page_of(browser, Shot(who, width, scheme, language))
            log_in(page, f"{who}@aduan.example")
            for name, address in names.items():
                page.goto(URL + address)
                if link := DESK_FIRST.get(name):
                    page.goto(URL + str(page.locator(link).first.get_attribute("href")))
                page.wait_for_load_state("networkidle")
                Shot(name, width, scheme, language).save(page, folder, whole=folder == ALL)
            page.context.close()


def take_all(browser: Browser) -> None:
    for shot in every_shot(list(PUBLIC)):
        page = page_of(browser, shot)
        page.goto(URL + PUBLIC[shot.name])
        page.wait_for_load_state("networkidle")
        shot.save(page, ALL, whole=True)
        page.context.close()
    for shot in (
        Shot("form", 1280, "dark", "en"),
        Shot("form", 768, "light", "id"),
        Shot("form", 360, "dark", "id"),
    ):
        page = page_of(browser, shot)
        page.goto(form_in_steps(page, shot, must_be_read=False))
        Shot("progress", shot.width, shot.scheme, shot.language).save(page, ALL, whole=True)


def main(arguments: list[str]) -> int:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        if "--all" in arguments:
            take_all(browser)
            take_staff(browser, STAFF_VARIANTS, ALL)
        else:
            take_kept(browser)
        browser.close()
    print(f"pictures in {ALL if '--all' in arguments else KEPT}")
    return 0
