"""A platform's pages in a real browser, and the one behind the link of a mail; an answer without a mouse."""

from __future__ import annotations

import datetime as dt

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext
from pytest_django.live_server_helper import LiveServer

from aduan.accounts.models import User
from aduan.operators.actors import actor_for
from aduan.operators.models import Operator
from aduan.referrals.codes import AnswerWay
from aduan.referrals.models import Referral, ReferralAnswer
from aduan.referrals.services import answer_referral, link_token, reply_to_question
from tests.browser.operators.test_every_page import VARIANTS, is_breach, judge
from tests.browser.sessions import send_form, sit_down
from tests.factories import referrals as make
from tests.factories.operators import person_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
BANNED = "number,category,banned_on\n0812-3456-7801,HADIAH,2026-11-01\nbukan nomor,HADIAH,\n"


@pytest.fixture
def rudi(telkomsel: Operator) -> User:
    return person_of(make.platform(), "rudi@whatsapp.example", "Rudi Hartono")


@pytest.fixture
def asked(rudi: User, budi: User, citra: User) -> list[Referral]:
    """One that waits, one that asked back and got a reply."""
    at = timezone.now() - dt.timedelta(days=16)
    waiting, answered = (
        make.referred(f"0812-3456-789{turn}", at=at, by=budi, second=citra) for turn in range(2)
    )
    question = answer_referral(
        answered, answer="need_more", note="Which messages?", way=AnswerWay.API, actor=actor_for(rudi),
        at=timezone.now(),
    )  # fmt: skip
    reply_to_question(question, "Pesan hadiah palsu.", by=budi, at=timezone.now())
    return [waiting, answered]


def _opened(browser: Browser, url: str, user: User, width: int, scheme: str, locale: str) -> BrowserContext:
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme=scheme,  # type: ignore[arg-type]  # light or dark
        locale=locale,
    )
    sit_down(context, user, url, methods=("password",))
    if locale == "en-GB":
        context.add_cookies([{"name": settings.LANGUAGE_COOKIE_NAME, "value": "en", "url": url}])
    return context


@pytest.mark.parametrize(("variant", "width", "scheme", "locale"), VARIANTS, ids=[row[0] for row in VARIANTS])
def test_every_page_of_a_platform_is_whole(
    browser: Browser,
    live_server: LiveServer,
    rudi: User,
    asked: list[Referral],
    variant,
    width,
    scheme,
    locale,
):
    waiting, answered = asked
    context = _opened(browser, live_server.url, rudi, width, scheme, locale)
    page, axe = context.new_page(), Axe()
    broken: list[str] = []
    page.on("console", lambda message: broken.append(message.text) if is_breach(message.text) else None)
    pages = {
        "platform_home": "",
        "referrals": "rujukan/",
        "referrals_answered": "rujukan/?jawaban=ada",
        "referral": f"rujukan/{waiting.uid}/",
        "referral_answered": f"rujukan/{answered.uid}/",
        "referral_upload": "rujukan/unggah/",
        "report_numbers": "nomor-diblokir/",
        "platform_clocks": "tenggat/",
        "platform_watch": "jaga/",
        "platform_performance": "kinerja/",
    }
    for title, address in pages.items():
        answer = page.goto(f"{live_server.url}/operator/{address}")
        assert answer is not None
        assert answer.status == 200, title
        judge(page, axe, title, width, variant)
    page.goto(f"{live_server.url}/operator/rujukan/{waiting.uid}/")
    send_form(page.locator("main form button"))
    judge(page, axe, "referral_wrong", width, variant)
    for title, address, text in (
        ("upload_wrong", "rujukan/unggah/", f"referral,answer\n{waiting.uid},no_violation\n"),
        ("reported", "nomor-diblokir/", BANNED),
    ):
        page.goto(f"{live_server.url}/operator/{address}")
        file = {"name": "isi.csv", "mimeType": "text/csv", "buffer": text.encode()}
        page.set_input_files("input[type=file]", file)  # type: ignore[arg-type]  # a FilePayload
        send_form(page.locator("main form button"))
        judge(page, axe, title, width, variant)
    page.goto(f"{live_server.url}/rujukan/{waiting.uid}/{link_token(waiting.uid)}/")
    judge(page, axe, "referral_link", width, variant)
    send_form(page.locator("main form button"))
    judge(page, axe, "referral_link_wrong", width, variant)
    context.close()
    assert not broken, broken


def test_a_platform_answers_with_the_keyboard_alone(
    browser: Browser, live_server: LiveServer, rudi: User, asked: list[Referral]
):
    context = _opened(browser, live_server.url, rudi, 360, "light", "en-GB")
    page = context.new_page()
    page.goto(f"{live_server.url}/operator/")
    page.get_by_role("link", name="Read and answer").press("Enter")
    page.get_by_role("link", name=asked[0].account).press("Enter")
    page.get_by_label("Account suspended").focus()
    page.keyboard.press("ArrowDown")  # the radio buttons are one stop; arrows choose
    page.keyboard.press("Tab")
    page.keyboard.type("Closed last week")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_text("Thank you.").wait_for()
    context.close()
    given = ReferralAnswer.objects.latest("pk")
    assert (given.referral, given.answer) == (asked[0], "already_suspended")
