"""A reviewer's morning, by keyboard, in a real browser: log-in, cases, signatures, a quarrel, a contact."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from aduan.accounts.models import User
from aduan.accounts.roles import Role
from aduan.cases.models import Case
from aduan.core.audit_actions import AuditAction
from aduan.core.models import AuditLogEntry
from tests.browser.staff import scenario
from tests.browser.staff.conftest import shoot
from tests.factories import cases as factory
from tests.factories.accounts import PASSWORD, person
from tests.portal.second_factor import code_now, enrol
from tests.portal.staff.login import log_in_staff

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PLAIN_CASE_AT_MOST = 6
SitDown = Callable[[User], None]


@pytest.fixture
def now() -> dt.datetime:
    return timezone.now()


def keys(page: Page, *pressed: str) -> int:
    """Presses keys once the page listens; how many there were."""
    page.wait_for_selector("html[data-keys]", state="attached")
    for key in pressed:
        page.keyboard.press(key)
    return len(pressed)


def test_logging_in_takes_the_second_factor(desk: Page, live_server: LiveServer, budi, settings):
    settings.STAFF_SECOND_FACTOR = True
    enrol(budi)
    desk.goto(live_server.url + "/kelola/antrean/")
    desk.locator("#id_login").fill(budi.email)
    desk.locator("#id_password").fill(PASSWORD)
    desk.keyboard.press("Enter")
    desk.wait_for_url("**/akun/2fa/authenticate/")
    desk.goto(live_server.url + "/kelola/antrean/")  # skipping the second factor leads back to the log-in
    expect(desk).to_have_url(re.compile("/akun/"))
    desk.goto(live_server.url + "/akun/2fa/authenticate/")
    shoot(desk, "second-factor")
    desk.locator("#id_code").fill(code_now(lasting=20))
    desk.keyboard.press("Enter")
    expect(desk).to_have_url(re.compile("/kelola/antrean/"))
    assert AuditLogEntry.objects.filter(action=AuditAction.USER_LOG_IN, actor=f"user:{budi.pk}").count() == 1


def test_ten_cases_by_keyboard(
    desk: Page, live_server: LiveServer, log_in: SitDown, budi, citra, telkomsel, now
):
    scenario.reasons()
    for turn in range(10):
        scenario.case(f"0811-3000-20{turn:02d}", at=now, complaints_filed=1, pictures=0, story=turn)
    log_in(budi)
    desk.goto(live_server.url + "/kelola/antrean/")
    per_case = keys(desk, "n")
    for _turn in range(10):
        expect(desk.locator("h1")).to_contain_text("+62")
        here = desk.url
        pressed = keys(desk, "p", "1", "Enter")
        desk.wait_for_url(re.compile(f"^(?!{re.escape(here)}$)"))
        assert per_case + pressed <= PLAIN_CASE_AT_MOST
    assert Case.objects.filter(status="proposed").count() == 10
    log_in(citra)
    desk.goto(live_server.url + "/kelola/antrean/")
    keys(desk, "Shift+N")
    expect(desk.locator("h1")).to_contain_text("+62")
    expect(desk.locator("body")).not_to_contain_text("Budi Santoso")
    shoot(desk, "blind")
    here = desk.url
    keys(desk, "s", "Space", "Enter")
    desk.wait_for_url(re.compile(f"^(?!{re.escape(here)}$)"))
    assert Case.objects.filter(status="confirmed").count() == 1


def test_a_row_of_the_queue_and_the_facts_of_a_case_fit_a_phone(
    desk: Page, live_server: LiveServer, log_in: SitDown, budi, telkomsel, now
):
    scenario.reasons()
    scenario.case("0811-3000-2001", at=now, complaints_filed=1, pictures=0)
    log_in(budi)
    desk.set_viewport_size({"width": 360, "height": 740})
    desk.goto(live_server.url + "/kelola/antrean/")
    cut_off = "all => all.filter(one => one.getBoundingClientRect().right > window.innerWidth - 8).length"
    assert desk.locator(".queue-line").count() == 1
    assert (
        desk.eval_on_selector_all(".queue-line :is(p, span, strong, a):not(.visually-hidden)", cut_off) == 0
    )
    desk.locator(".queue-line .case-number").click()
    facts = desk.locator(".facts-tight").first
    narrow = facts.evaluate("one => one.querySelector('dd').clientWidth / one.clientWidth")
    assert narrow > 0.9


def test_a_campaign_of_five_is_ticked_number_by_number(
    desk: Page, live_server: LiveServer, log_in: SitDown, budi, citra, telkomsel, now
):
    scenario.reasons()
    cases = [
        scenario.case(f"0813-7000-30{turn:02d}", at=now, complaints_filed=1, pictures=0) for turn in range(5)
    ]
    found = scenario.campaign(cases, at=now)
    address = f"{live_server.url}/kelola/kampanye/{found.pk}/"
    log_in(budi)
    desk.goto(address)
    expect(desk.locator("input[name=cases]:checked")).to_have_count(0)
    keys(desk, *("j", "x") * 5)
    expect(desk.locator("input[name=cases]:checked")).to_have_count(5)
    desk.get_by_role("radio").first.check()
    desk.locator("form:has([data-walk]) button[type=submit]").click()
    expect(desk.locator("input[name=cases]")).to_have_count(0)
    log_in(citra)
    desk.goto(address)
    for box in desk.locator("input[name=cases]").all()[:4]:
        box.check()
    desk.locator("form button.btn-primary").click()
    expect(desk.locator("input[name=cases]")).to_have_count(1)
    assert Case.objects.filter(status="confirmed").count() == 4


def test_no_one_is_their_own_second_person(
    desk: Page, live_server: LiveServer, log_in: SitDown, budi, telkomsel, now
):
    case = factory.make_case(telkomsel, at=now, evidence_count=0)
    factory.proposed(case, by=budi, at=now, evidence_ids=[])
    log_in(budi)
    desk.goto(f"{live_server.url}/kelola/perkara/{case.pk}/")
    expect(desk.locator("[data-key=s]")).to_have_count(0)
    case.refresh_from_db()
    answer = desk.evaluate(
        """async ([address, seen]) => {
            const csrfmiddlewaretoken = document.querySelector("[name=csrfmiddlewaretoken]").value;
            const body = new URLSearchParams({agrees: "yes", compared: "on", seen, csrfmiddlewaretoken});
            return (await fetch(address, {method: "POST", body})).status;
        }""",
        [f"/kelola/perkara/{case.pk}/tanda-tangan/", case.contents_digest],
    )
    assert answer == 403
    case.refresh_from_db()
    assert case.status == "proposed"


def test_a_quarrel_goes_to_a_third_person(
    desk: Page, live_server: LiveServer, log_in: SitDown, budi, citra, agus, telkomsel, now
):
    case = factory.make_case(telkomsel, at=now, evidence_count=0)
    factory.proposed(case, by=budi, at=now, evidence_ids=[])
    log_in(citra)
    desk.goto(f"{live_server.url}/kelola/perkara/{case.pk}/")
    keys(desk, "x")
    desk.keyboard.type("Nomor tidak terbaca pada bukti")
    keys(desk, "Control+Enter")
    desk.wait_for_url("**/kelola/antrean/")
    log_in(agus)
    desk.goto(f"{live_server.url}/kelola/perkara/{case.pk}/")
    expect(desk.locator(".proposal").first).to_contain_text("Nomor tidak terbaca pada bukti")
    shoot(desk, "third")
    keys(desk, "s", "Space", "Enter")
    desk.wait_for_url("**/kelola/antrean/")
    case.refresh_from_db()
    assert case.status == "confirmed"
    assert case.proposals.get().third_by == agus


def test_a_contact_is_shown_for_a_reason(
    desk: Page, live_server: LiveServer, log_in: SitDown, budi, telkomsel, now
):
    case = scenario.case("0812-9000-0001", at=now, complaints_filed=1)
    log_in(budi)
    desk.goto(f"{live_server.url}/kelola/perkara/{case.pk}/")
    expect(desk.locator("body")).not_to_contain_text("pelapor0@warga.example")
    desk.locator("a[href*='/kontak/']").click()
    desk.locator("textarea").fill("Menelepon balik untuk memastikan nomor")
    keys(desk, "Control+Enter")
    expect(desk.locator("dl")).to_contain_text("pelapor0@warga.example")
    shoot(desk, "reveal")
    assert (
        AuditLogEntry.objects.filter(action=AuditAction.COMPLAINT_REVEAL, actor=f"user:{budi.pk}").count()
        == 1
    )
    log_in(person("lia@aduan.example", "Lia Kurnia", Role.LEAD))
    desk.goto(live_server.url + "/kelola/kontak/")
    expect(desk.locator("main tbody")).to_contain_text("Menelepon balik untuk memastikan nomor")


def test_evidence_opens_in_a_viewer_and_closes_by_key(
    desk: Page, live_server: LiveServer, log_in: SitDown, budi, telkomsel, now
):
    case = scenario.case("0812-9000-0002", at=now, complaints_filed=2, pictures=2)
    log_in(budi)
    desk.goto(f"{live_server.url}/kelola/perkara/{case.pk}/")
    keys(desk, "e")
    picture = desk.locator("#viewer img")
    expect(picture).to_be_visible()
    first = picture.get_attribute("src")
    keys(desk, "ArrowRight")
    assert picture.get_attribute("src") != first
    assert desk.evaluate("document.querySelector('#viewer img').decode().then(() => true)")
    shoot(desk, "viewer")
    keys(desk, "Escape")
    expect(picture).to_be_hidden()


def test_the_desk_works_without_javascript(
    browser, live_server: LiveServer, budi, citra, telkomsel, now, client
):
    """The first person proposes, the second agrees; each opens the case from the queue."""
    factory.reasons()
    case = factory.make_case(telkomsel, at=now, evidence_count=0)
    context = browser.new_context(java_script_enabled=False, locale="id-ID")
    page = context.new_page()
    log_in_staff(client, budi)
    context.add_cookies([{"name": "sid", "value": client.cookies["sid"].value, "url": live_server.url}])
    page.goto(live_server.url + "/kelola/antrean/")
    page.locator(".case-number").click()
    page.locator("details[data-key=p] > summary").click()
    page.locator("details[data-key=p] input[type=radio]").first.check()
    page.locator("details[data-key=p] form button[type=submit]").click()
    page.wait_for_url("**/kelola/antrean/")
    case.refresh_from_db()
    assert case.status == "proposed"
    log_in_staff(client, citra)
    context.add_cookies([{"name": "sid", "value": client.cookies["sid"].value, "url": live_server.url}])
    page.goto(live_server.url + "/kelola/antrean/?view=signature")
    page.locator(".case-number").click()
    page.locator("form.agree input[name=compared]").check()
    page.locator("form.agree button").click()
    page.wait_for_url("**/kelola/antrean/")
    context.close()
    case.refresh_from_db()
    assert case.status == "confirmed"
