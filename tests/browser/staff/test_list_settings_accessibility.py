"""The list manager's settings and the comparison, wide and on a phone: no barrier, nothing cut off."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from aduan.accounts.models import User
from aduan.accounts.roles import Role
from aduan.blocklists.services import propose_rules
from aduan.blocklists.stop_rules import USUAL
from aduan.operators.models import Operator
from tests.browser.staff.conftest import barriers, shoot
from tests.factories.accounts import person, step_up
from tests.factories.approvals import canary_added, canary_asked
from tests.factories.blocklists import a_block, published

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_settings_and_comparison_have_no_barriers(
    desk: Page,
    live_server: LiveServer,
    log_in: Callable[[User], None],
    telkomsel: Operator,
    budi: User,
    citra: User,
    lina: User,
) -> None:
    now = timezone.now()
    a_block(telkomsel, by=(budi, citra), at=now)
    published(telkomsel, at=now)
    mira = person("mira@aduan.example", "Mira", Role.LIST_MANAGER)
    canary_added(telkomsel, by=(lina, mira), at=now)
    asked = canary_asked(telkomsel, number="084000000002", by=mira, at=now + dt.timedelta(seconds=1))
    propose_rules(
        USUAL, cooling_off=dt.timedelta(hours=4), reason="uji", by=lina, step_up=step_up(lina, now), at=now
    )
    log_in(lina)
    for name, address in {
        "list-settings": "daftar/pengaturan/",
        "reconciliation": "daftar/selisih/?operator=telkomsel&selisih=missing",
        "approval": f"orang-kedua/persetujuan/{asked.pk}/",
        "approvals": "orang-kedua/",
    }.items():
        for width in (1280, 360):
            desk.set_viewport_size({"width": width, "height": 900})
            desk.goto(f"{live_server.url}/kelola/{address}")
            for fold in desk.locator("main details").all():
                fold.evaluate("one => one.open = true")
            shoot(desk, f"{name}-{width}")
            assert desk.evaluate("document.documentElement.scrollWidth") <= width, (name, width)
            assert barriers(desk) == []
