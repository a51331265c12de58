"""Every page of operators' people in a real browser.

No breach of the CSP, no fault of access, nothing cut off.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from aduan.accounts.models import User
from aduan.blocklists.models import BlockList
from aduan.blocklists.queries import name_of
from aduan.cases import services
from aduan.cases.models import TraceRequest
from aduan.cases.workflow import ProposalType
from aduan.operators.models import AccessKey, Operator
from tests.browser.sessions import send_form, sit_down
from tests.factories import cases as make
from tests.portal.api.conftest import key_of
from tests.portal.conftest import A_NUMBERS, a_list  # noqa: F401 - a fixture

SHOTS = os.environ.get("ADUAN_SHOTS", "")
VARIANTS = [("phone", 360, "light", "id-ID"), ("desktop", 1280, "dark", "en-GB")]


@pytest.fixture
def asked(telkomsel: Operator, budi: User, citra: User) -> TraceRequest:
    """A question about forged calls."""
    at = timezone.now()
    number = make.number(telkomsel, at=at, digits=6281255500001)  # none of the list's
    case = services.open_or_join(number, report=make.report(), at=at)
    make.proposed(case, by=budi, at=at, proposal_type=ProposalType.SPOOFED)
    make.signed(case, by=citra, at=at)
    return TraceRequest.objects.get(case=case)


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("variant", "width", "scheme", "locale"), VARIANTS, ids=[row[0] for row in VARIANTS])
def test_every_page_is_whole(
    browser: Browser,
    live_server: LiveServer,
    dewi: User,
    a_list: BlockList,  # noqa: F811
    asked: TraceRequest,
    variant,
    width,
    scheme,
    locale,
):
    key_of(dewi)
    name, prefix = name_of(a_list), AccessKey.objects.get().prefix
    pages = {
        "home": "",
        "list": f"daftar/{name}/",
        "outcomes": f"daftar/{name}/hasil/",
        "clocks": "tenggat/",
        "watch": "jaga/",
        "in_force": "berlaku/",
        "performance": "kinerja/",
        "own_row": "angka/",
        "differences": "kinerja/selisih/?selisih=missing",
        "traces": "telusur/",
        "trace": f"telusur/{asked.pk}/",
        "in_use_since": "nomor/",
        "keys": "kunci/",
        "key_new": "kunci/baru/",
        "key_rotate": f"kunci/{prefix}/ganti/",
        "key_revoke": f"kunci/{prefix}/cabut/",
        "people": "orang/",
        "person_new": "orang/baru/",
        "webhooks": "webhook/",
        "webhook_new": "webhook/baru/",
    }
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, locale=locale, java_script_enabled=True
    )
    sit_down(context, dewi, live_server.url, methods=("password",))
    if locale == "en-GB":
        context.add_cookies([{"name": settings.LANGUAGE_COOKIE_NAME, "value": "en", "url": live_server.url}])
    page = context.new_page()
    broken: list[str] = []
    page.on("pageerror", lambda error: broken.append(str(error)))
    page.on("console", lambda message: broken.append(message.text) if is_breach(message.text) else None)
    axe = Axe()
    for title, address in pages.items():
        answer = page.goto(f"{live_server.url}/operator/{address}")
        assert answer is not None
        assert answer.status == 200, title
        judge(page, axe, title, width, variant)
    page.goto(f"{live_server.url}/operator/daftar/{name}/hasil/")
    damaged = f"number,answer\n6.28123E+12,blocked\n{A_NUMBERS[1]},blokir\n'{A_NUMBERS[2]},blocked\n"
    page.set_input_files(
        "input[type=file]", {"name": "hasil.csv", "mimeType": "text/csv", "buffer": damaged.encode()}
    )
    send_form(page.locator("section[aria-labelledby=by-file] form button"))
    assert page.locator("tbody tr").count() == 3
    judge(page, axe, "outcomes_wrong", width, variant)
    page.goto(f"{live_server.url}/operator/kunci/baru/")
    page.fill("#id_name", "HLR Surabaya")
    send_form(page.locator("main form button"))
    assert re.search(r"an_[0-9a-f]{8}_", page.locator(".secret").inner_text())
    judge(page, axe, "key_once", width, variant)
    page.goto(f"{live_server.url}/api/docs/")
    judge(page, axe, "docs", width, variant)
    context.close()
    assert not broken, broken


def judge(page, axe: Axe, title: str, width: int, variant: str) -> None:
    if SHOTS:
        page.screenshot(path=str(Path(SHOTS) / f"operators-{title}-{variant}.png"), full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{title} is wider than the screen"
    faults = axe.run(page).response["violations"]
    assert not faults, (title, [(fault["id"], fault["nodes"][0]["html"][:200]) for fault in faults])


def is_breach(text: str) -> bool:
    return bool(re.search("Content.Security.Policy|violates|Refused to", text, re.IGNORECASE))
