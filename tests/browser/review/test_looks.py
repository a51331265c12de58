"""Every page of the desk: nothing for axe to find, no breach of the CSP, in both schemes and two sizes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from aduan.accounts.models import User
from aduan.accounts.roles import Role
from aduan.cases import services
from tests.browser.review import scene
from tests.browser.review.conftest import SHOTS, barriers, shoot
from tests.factories import cases as factory
from tests.factories.accounts import person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

COMBINATIONS = [(1280, "light"), (768, "dark")]
if SHOTS:  # the eye wants all four
    COMBINATIONS += [(1280, "dark"), (768, "light")]
ALL_ROLES = (Role.REVIEWER, Role.APPROVER, Role.LEAD, Role.AUDITOR)


@pytest.fixture
def pages(telkomsel, indosat, budi, citra) -> dict[str, str]:
    """A desk with something on every page: open and decided cases, a quarrel, a campaign, an alarm."""
    scene.reasons()
    now = timezone.now()
    first = scene.case("0812-3456-7890", at=now, complaints_filed=4, pictures=2)
    alike = [
        scene.case(f"0815-2000-10{turn:02d}", at=now, pictures=0, complaints_filed=1) for turn in range(4)
    ]
    campaign = scene.campaign([first, *alike], at=now)
    for days in range(6, 0, -1):
        at = now - dt.timedelta(days=days)
        for _turn in range(days % 3 + 1):
            factory.confirmed(telkomsel, first=budi, second=citra, at=at, category="HADIAH")
    factory.a_case(indosat, at=now - dt.timedelta(days=2), suspected_spoofing=True, category="PEJABAT")
    factory.proposed(factory.a_case(telkomsel, at=now), by=budi, at=now)
    services.raise_alarm("rubber_stamp", person=budi, at=now, detail={"signatures": 10})
    return {
        "queue": "/kelola/antrean/",
        "case": f"/kelola/perkara/{first.pk}/",
        "campaign": f"/kelola/kampanye/{campaign.pk}/",
        "campaigns": "/kelola/kampanye/",
        "dashboard": "/kelola/dasbor/",
        "calibration": "/kelola/kalibrasi/",
        "audit": "/kelola/audit/",
        "keys": "/kelola/tombol/",
        "reasons": "/kelola/cases/cannedreason/",
        "reason": "/kelola/cases/cannedreason/add/",
        "log-in": "/akun/login/",
    }


def test_every_page_can_be_used_by_everybody(
    desk: Page, live_server: LiveServer, sit_down: Callable[[User], None], pages: dict[str, str]
):
    sit_down(person("nadia@aduan.example", "Nadia Putri", *ALL_ROLES))
    found: dict[str, list[str]] = {}
    for name, address in pages.items():
        if name == "log-in":
            desk.context.clear_cookies()
        for width, scheme in COMBINATIONS:
            desk.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
            desk.set_viewport_size({"width": width, "height": 900})
            desk.goto(live_server.url + address)
            if name == "case":
                desk.locator("details[data-key=p] > summary").click()
            shoot(desk, f"{name}-{width}-{scheme}")
            if desk.evaluate("document.documentElement.scrollWidth > window.innerWidth + 1"):
                found[f"{name} {width} {scheme} is wider than the screen"] = []
            if barriers_here := barriers(desk):
                found[f"{name} {width} {scheme}"] = barriers_here
    assert not found, found
