"""Every public page, in both languages, light and dark, on phone and desktop.

No fault of accessibility, nothing beside the page, nothing from elsewhere, nothing that jumps, and little
to download.
"""

from __future__ import annotations

import gzip
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import Page, Response

from tests.browser.public.conftest import PHONE, Visit
from tests.browser.sessions import send_form
from tests.portal.public.forms import filled, receipt_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAGES = (
    "/", "/lapor/", "/cek/", "/lacak/", "/keberatan/", "/bantuan/", "/uang/", "/pesan-kami/", "/privasi/",
    "/aksesibilitas/", "/n", "/statistik/", "/statistik/data/", "/peringatan/",
    "/tidak-ada/",
)  # fmt: skip
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
FIRST_VISIT = 100 * 1024
SHIFTS = """() => new Promise((done) => {
  let total = 0;
  new PerformanceObserver((list) => {
    for (const one of list.getEntries()) if (!one.hadRecentInput) total += one.value;
  }).observe({ type: "layout-shift", buffered: true });
  setTimeout(() => done(total), 300);
})"""
BESIDE = """() => document.documentElement.scrollWidth <= window.innerWidth ? "" :
  [...document.querySelectorAll("main *, header *, footer *")]
    .filter((one) => one.getBoundingClientRect().right > window.innerWidth + 1 && one.offsetParent)
    .map((one) => one.className || one.tagName).join(", ") || 'something'"""
# Text that is cut off because its box hides what does not fit. What a box holds of a field scrolls.
CUT = """() => [...document.querySelectorAll("body :not(input, select, textarea, svg, svg *)")]
  .filter((one) => one.offsetParent && one.clientWidth > 1 && one.clientHeight > 1)
  .filter((one) => getComputedStyle(one).overflowX === "hidden" && one.scrollWidth > one.clientWidth + 1)
  .map((one) => one.className || one.tagName)"""
# Text that is wider than the plate, button or row it stands in.
SPILT = """() => [...document.querySelectorAll(".plate, .btn, .choice, .notice, .find, .way, .sum > div")]
  .filter((one) => one.offsetParent && one.scrollWidth > one.clientWidth + 1)
  .map((one) => one.className || one.parentElement.className)"""
# Entries of the menu that look like the one of the page where one is.
ALIKE = """() => {
  const edge = (one) => getComputedStyle(one).borderBottomColor;
  const here = document.querySelector(".site-nav [aria-current]");
  return here ? [...document.querySelectorAll(".site-nav a:not([aria-current])")]
    .filter((one) => edge(one) === edge(here)).map((one) => one.textContent) : [];
}"""
# What one can press, fill in or must see as one thing, without an edge in the colours of the system.
BARE = """() => [...document.querySelectorAll(
    "main :is(.btn, .form-control, .form-select, .choice, .find, .way, .plate, .notice, .shot-tile)")]
  .filter((one) => one.offsetParent && !one.classList.contains("visually-hidden"))
  .filter((one) => !["Top", "Left"].some((side) => {
    const style = getComputedStyle(one);
    return parseFloat(style[`border${side}Width`]) > 0 && style[`border${side}Style`] !== "none";
  })).map((one) => one.className)"""
REFUSED = """() => { window.refused = [];
  document.addEventListener("securitypolicyviolation",
    (event) => window.refused.push(event.violatedDirective)); }"""


@pytest.fixture
def personal(portal: str) -> list[str]:
    """Receipt and tracking page of a complaint that is in review."""
    client = Client(REMOTE_ADDR="10.1.1.1")
    ticket, secret = receipt_of(client.post("/lapor/", filled(contact_email="sari@example.id")))
    return [f"/lacak/{ticket}/{secret}/", f"/lacak/{ticket}/{secret}/tanda-terima/"]


def faults_of(page: Page, where: str) -> list[str]:
    answer = Axe().run(page, options=RULES).response
    return [
        f"{where}: {fault['id']} {[node['target'] for node in fault['nodes']]}"
        for fault in answer["violations"]
    ]


def check_page(page: Page, where: str) -> list[str]:
    """Four looks at one loaded page, in the colours of the system, and with large text."""
    found = []
    page.emulate_media(reduced_motion="reduce")  # no button is half way between two colours
    for width, scheme in ((360, "light"), (360, "dark"), (1280, "dark"), (1280, "light")):
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        found += faults_of(page, f"{where} {width} {scheme}")
    page.emulate_media(forced_colors="active")
    found += [f"{where}: {bare} has no edge in forced colours" for bare in page.evaluate(BARE)]
    found += [f"{where}: {other} looks like the page where one is" for other in page.evaluate(ALIKE)]
    page.emulate_media(forced_colors="none")
    return found + faults_of_large_text(page, where)


def faults_of_large_text(page: Page, where: str) -> list[str]:
    """On phones and a tablet, at the usual size and at twice that: nothing beside the page, nothing cut."""
    usual, found = page.viewport_size, []
    for width, size in ((320, "100%"), (320, "200%"), (360, "200%"), (768, "200%")):
        page.set_viewport_size({"width": width, "height": 800})
        page.evaluate("size => { document.documentElement.style.fontSize = size }", size)
        if beside := page.evaluate(BESIDE):
            found.append(f"{where}: {beside} beside the page at {width} px and {size}")
        found += [f"{where}: {cut} is cut at {width} px and {size}" for cut in page.evaluate(CUT)]
        found += [f"{where}: {box} is too narrow at {width} px and {size}" for box in page.evaluate(SPILT)]
    page.evaluate("() => { document.documentElement.style.fontSize = '' }")
    page.set_viewport_size(usual or PHONE)
    return found


def visit_all(visitor: Visit, paths: list[str]) -> list[str]:
    page, found = visitor.page, []
    page.add_init_script(f"({REFUSED})()")
    for path in paths:
        page.set_viewport_size(PHONE)
        visitor.go(path)
        shift = page.evaluate(SHIFTS)
        found += [f"{path}: content jumps by {shift}"] if shift > 0.001 else []
        if path == "/lapor/":  # all parts at once, as without scripts
            page.evaluate("() => document.documentElement.classList.remove('scripts')")
        found += check_page(page, path)
        found += [f"{path}: refused {what}" for what in page.evaluate("() => window.refused")]
    return found


@pytest.mark.parametrize("language", ["id", "en"])
def test_every_page_is_for_everybody(visit: Any, register: None, personal: list[str], language: str) -> None:
    visitor = visit(language=language)
    found = visit_all(visitor, [*PAGES, *personal])
    page = visitor.page
    visitor.go("/cek/")
    page.locator("#id_number").fill("0812-3456-7890")
    send_form(page.locator("main form button"))
    found += check_page(page, "answer of the check")
    page.locator("#id_number").fill("0812345xxxx")
    send_form(page.locator("main form button"))
    found += check_page(page, "refusal of the check")
    visitor.faults[:] = [fault for fault in visitor.faults if "404" not in fault]
    assert not found, chr(10).join(found)


def test_every_part_of_the_form_in_its_turn(visit: Any) -> None:
    visitor = visit()
    page = visitor.page
    visitor.go("/lapor/")
    found = []
    page.locator("#paste summary").click()
    page.locator("#pasted").fill("WA 0812-3456-7890, bayar Rp 50.000 ke BCA 1234567890")
    page.locator("#offers .find").first.click()
    found += faults_of(page, "offers") + faults_of_large_text(page, "offers")
    assert not page.evaluate(BESIDE)
    page.locator("#offers .find").first.click()
    page.locator("#part-evidence .way[data-step]").click()
    page.locator("#part-number [data-step='1']").click()  # shows an error
    found += faults_of(page, "errors") + faults_of_large_text(page, "errors")
    page.locator("#id_number").fill("0812-3456-7890")
    page.locator("#understood .number-chip").wait_for()
    found += faults_of(page, "number")
    page.locator("#part-number [data-step='1']").click()
    page.locator("label.choice", has_text="SMS").click()
    page.locator("#id_category").select_option("HADIAH")
    for part in ("what", "story", "contact"):
        found += faults_of(page, part) + faults_of_large_text(page, part)
        page.locator(f"#part-{part} [data-step='1']").click()
    page.locator("#summary button").wait_for()
    page.evaluate("() => window.scrollTo(0, document.body.scrollHeight)")  # no row is under the send bar
    found += faults_of(page, "summary") + faults_of_large_text(page, "summary")
    assert not page.evaluate(BESIDE)
    assert page.evaluate(SHIFTS) < 0.1
    page.locator("#summary .sum .do a").first.click()
    page.locator("#id_number").fill("1500888")
    page.locator("#understood .notice").wait_for()
    found += faults_of(page, "protected number")
    assert not found, chr(10).join(found)


def test_the_first_visit_of_the_form_is_light(visit: Any) -> None:
    visitor = visit()
    weights: dict[str, int] = {}

    def weigh(response: Response) -> None:
        body = response.body()
        kind = response.headers.get("content-type", "")
        packed = "text" in kind or "javascript" in kind or "svg" in kind
        weights[response.url.removeprefix(visitor.url)] = len(gzip.compress(body)) if packed else len(body)

    visitor.page.on("response", weigh)
    visitor.go("/lapor/")
    visitor.page.wait_for_load_state("networkidle")
    assert sum(weights.values()) <= FIRST_VISIT, weights
    assert sum(weights.values()) <= 0.6 * FIRST_VISIT, weights  # package that we keep
