"""Every page of the desk: nothing for axe to find, no breach of the CSP, in both schemes and two sizes."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from aduan.accounts.models import User
from aduan.accounts.roles import Role
from tests.browser.review import scene
from tests.browser.review.conftest import barriers, shoot
from tests.factories.accounts import person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ALL_ROLES = (Role.REVIEWER, Role.APPROVER, Role.LEAD, Role.AUDITOR)


def test_every_page_can_be_used_by_everybody(
    desk: Page, live_server: LiveServer, sit_down: Callable[[User], None], telkomsel, indosat, citra
):
    scene.reasons()
    now = timezone.now()
    first = scene.case("0812-3456-7890", at=now, complaints_filed=4, pictures=3)
    for turn in range(6):
        scene.case(f"0811-2000-10{turn:02d}", at=now, story=turn, pictures=turn % 2)
    everything = person("nadia@aduan.example", "Nadia Putri", *ALL_ROLES)
    pages = {
        "queue": "/kelola/antrean/",
        "case": f"/kelola/perkara/{first.pk}/",
        "audit": "/kelola/audit/",
        "keys": "/kelola/tombol/",
        "log-in": "/akun/login/",
    }
    found: dict[str, list[str]] = {}
    for name, address in pages.items():
        if name == "log-in":
            desk.context.clear_cookies()
        else:
            sit_down(everything)
        for scheme in ("light", "dark"):
            desk.emulate_media(color_scheme=scheme)
            for width in (1280, 768):
                desk.set_viewport_size({"width": width, "height": 900})
                desk.goto(live_server.url + address)
                shoot(desk, f"{name}-{width}-{scheme}")
                wide = desk.evaluate("document.documentElement.scrollWidth > window.innerWidth + 1")
                if wide:
                    found[f"{name} {width} {scheme} is wider than the screen"] = []
                if barriers_here := barriers(desk):
                    found[f"{name} {width} {scheme}"] = barriers_here
    assert not found, found
