"""A team at work in three browsers: a lead assigns, two people meet, one is interrupted, nothing is lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from aduan.accounts.models import User
from aduan.accounts.roles import Role
from aduan.cases.models import Case, Proposal
from aduan.complaints.services import reindex_cases
from aduan.operators.models import Operator
from aduan.teamwork.mentions import Colleague
from aduan.teamwork.models import CaseNote
from portal.common.session_store import stored_key
from tests.browser.sessions import send_form, sit_down
from tests.browser.staff.conftest import shoot
from tests.browser.staff.test_working_day import keys
from tests.factories import cases as factory
from tests.factories.accounts import person
from tests.factories.complaints import complaint
from tests.patience import PATIENCE_MS

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TYPED = "Rekening sama dengan perkara kemarin"


@dataclass(slots=True)
class Seat:
    """One person with a browser of their own."""

    context: BrowserContext
    page: Page
    user: User
    url: str
    session: str = ""

    def log_in(self) -> None:
        self.session = sit_down(self.context, self.user, self.url)

    def open(self, address: str) -> Page:
        self.page.goto(self.url + address)
        return self.page


@pytest.fixture
def seat(
    browser: Browser, browser_context_args: dict[str, Any], live_server: LiveServer
) -> Iterator[Callable[[User], Seat]]:
    contexts: list[BrowserContext] = []

    def of(user: User) -> Seat:
        context = browser.new_context(**browser_context_args)
        contexts.append(context)
        context.set_default_timeout(PATIENCE_MS)
        taken = Seat(context, context.new_page(), user, live_server.url)
        taken.log_in()
        return taken

    yield of
    for context in contexts:
        context.close()


def test_a_teams_morning(seat: Callable[[User], Seat], budi: User, citra: User, telkomsel: Operator) -> None:
    factory.reasons()
    cases = [factory.make_case(telkomsel, at=timezone.now()) for _turn in range(2)]
    lea = seat(person("lea@aduan.example", "Lea Kartika", Role.LEAD))
    first, second = seat(budi), seat(citra)

    # The lead gives both cases to Budi, by keyboard.
    page = lea.open("/kelola/antrean/")
    keys(page, "j", "x", "j", "x", "A")
    page.locator("#id_to").select_option(str(budi.pk))
    page.locator("button[name=confirmed]").click()
    expect(page.locator(".queue-line .holder")).to_have_count(2)
    shoot(page, "morning-assigned")

    # Budi finds them in his inbox and opens one; Citra, who opens it too, sees that he is there.
    page = first.open("/kelola/antrean/")
    keys(page, "I")
    case = cases[0]
    page.locator(f"a[href='/kelola/perkara/{case.pk}/']").first.click()
    expect(page.locator("h1")).to_contain_text("+62")
    met = second.open(f"/kelola/perkara/{case.pk}/")
    expect(met.locator("main")).to_contain_text(budi.name)
    shoot(met, "morning-met")

    # His session ends while he types; after the next log-in the text is there again.
    keys(page, "d", "1")
    with page.expect_response("**/draf/"):
        page.locator("details[data-key=d] textarea[name=note]").fill(TYPED)
    Session.objects.filter(pk=stored_key(first.session)).delete()
    first.open(f"/kelola/perkara/{case.pk}/")
    expect(page.locator("#id_login")).to_be_visible()
    first.log_in()
    first.open(f"/kelola/perkara/{case.pk}/")
    expect(page.locator("details[data-key=d] textarea[name=note]")).to_have_value(TYPED)

    # A note that mentions Citra, and the case handed over to her.
    handle = Colleague(citra.pk, citra.name, citra.email).handle
    page.keyboard.press("Escape")
    keys(page, "m")
    page.locator("details[data-key=m] textarea").fill(f"@{handle} tolong putuskan, saya rapat.")
    keys(page, "Control+Enter")
    expect(page.locator(".history .typed").first).to_contain_text("tolong putuskan")
    assert CaseNote.objects.get().author == budi
    keys(page, "H")
    page.locator("#id_to").select_option(str(citra.pk))
    send_form(page.locator("main form button[type=submit]").last)
    case.refresh_from_db()
    assert case.held_by == citra

    # Citra reads it in her inbox, closes the case, and takes that back within half a minute.
    met = second.open("/kelola/antrean/")
    keys(met, "I")
    line = met.locator(f"a[href='/kelola/perkara/{case.pk}/']")
    expect(line).to_have_count(2)
    shoot(met, "morning-inbox")
    line.first.click()
    expect(met.locator(".history .typed").first).to_contain_text("tolong putuskan")
    keys(met, "d", "1", "Control+Enter")
    expect(met.locator("[data-key=Z]")).to_be_visible()
    assert Case.objects.get(pk=case.pk).status == "dismissed"
    keys(met, "Z")
    expect(met.locator("[data-key=Z]")).to_have_count(0)
    assert Case.objects.get(pk=case.pk).status == "open"


def test_a_wrong_number_is_corrected_by_two(
    seat: Callable[[User], Seat], budi: User, citra: User, telkomsel: Operator
) -> None:
    wrong = complaint(
        timezone.now(), "0812-3456-7890", narrative="Nomornya berakhir nol sembilan, saya keliru."
    )
    first, second = seat(budi), seat(citra)

    page = first.open(f"/kelola/perkara/{wrong.case_id}/")
    keys(page, "M")
    page.locator("#id_number").fill("0812 3456 7809")
    page.locator("#id_reason").fill("Berakhir 09 menurut ceritanya")
    shoot(page, "morning-wrong-number")
    send_form(page.locator("main form button[type=submit]").last)
    wrong.refresh_from_db()
    assert wrong.case.number_text == "+6281234567890", "one person moves nothing"

    page = second.open("/kelola/orang-kedua/")
    page.locator("main a[href^='/kelola/orang-kedua/']").first.click()
    page.locator("form.agree input[name=compared]").check()
    shoot(page, "morning-second-person")
    send_form(page.locator("form.agree button[type=submit]"))
    wrong.refresh_from_db()
    assert wrong.case.number_text == "+6281234567809"


def test_a_campaign_is_decided_from_the_graph(
    seat: Callable[[User], Seat], budi: User, citra: User, telkomsel: Operator
) -> None:
    factory.reasons()
    now, account = timezone.now(), "BCA 604 555 1234 a.n. Contoh"
    stories = {
        "0812-3456-7801": "Kurir berkata paket saya tertahan dan meminta ongkos ke rekening ini.",
        "0812-3456-7802": "Katanya saya menang undian televisi, pajaknya harus dibayar malam itu.",
    }
    cases = [
        complaint(now, number, narrative=story, bank_account=account).case
        for number, story in stories.items()
    ]
    reindex_cases(at=now)
    first, second = seat(budi), seat(citra)

    # From the case to what it shares, and from there to all numbers of the campaign.
    page = first.open(f"/kelola/perkara/{cases[0].pk}/")
    keys(page, "G")
    expect(page.locator("svg.sharing")).to_contain_text("6045551234")
    shoot(page, "morning-graph")
    keys(page, "g")
    for case in cases:
        page.locator(f"#case-{case.pk}").check()
    keys(page, "1")
    send_form(page.locator("form[action$='/usul/'] button[type=submit]"))
    assert Proposal.objects.filter(proposed_by=budi).count() == 2

    page = second.open(f"/kelola/perkara/{cases[1].pk}/berbagi/")
    keys(page, "g")
    for case in cases:
        page.locator(f"#case-{case.pk}").check()
    shoot(page, "morning-campaign")
    send_form(page.locator("form[action$='/tanda-tangan/'] button[type=submit]"))
    assert set(Case.objects.values_list("status", flat=True)) == {"confirmed"}
