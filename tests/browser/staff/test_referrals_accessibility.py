"""The ministry's pages about platforms, wide and on a phone: no barrier, nothing cut off."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from aduan.accounts.models import User
from aduan.accounts.roles import Role
from aduan.operators.actors import actor_for
from aduan.operators.models import Operator
from aduan.referrals import services
from aduan.referrals.codes import AnswerWay
from tests.browser.staff.conftest import barriers, shoot
from tests.factories import referrals as make
from tests.factories.accounts import person
from tests.factories.operators import operator, person_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_pages_about_platforms_have_no_barriers(
    desk: Page,
    live_server: LiveServer,
    log_in: Callable[[User], None],
    telkomsel: Operator,
    budi: User,
    citra: User,
) -> None:
    now, platform = timezone.now(), make.platform()
    rudi = person_of(platform, "rudi@whatsapp.example", "Rudi Hartono")
    long_ago = now - dt.timedelta(days=20)
    asked = [make.referred(f"0812-3456-789{turn}", at=long_ago, by=budi, second=citra) for turn in range(3)]
    services.answer_by_link(asked[0], answer="no_violation", note="Tidak melanggar. " * 40, at=now)
    services.answer_referral(
        asked[1], answer="need_more", note="Pesan mana?", way=AnswerWay.API, actor=actor_for(rudi), at=now
    )
    services.store_mail(
        f"From: a@platform.example\r\nIn-Reply-To: {asked[2].mail_id}\r\n\r\n{'panjang' * 60}\r\n".encode(),
        at=now,
    )
    services.draft_letters(at=now)
    lone = operator("smartfren", "Smartfren")
    log_in(person("lina@aduan.example", "Lina", Role.REVIEWER, Role.LIST_MANAGER, Role.ADMINISTRATOR))
    for name, address in {
        "referral-desk": "rujukan/",
        "platform-letters": "penyelenggara-ott/",
        "organisations": "organisasi/",
        "organisation-platform": f"organisasi/{platform.pk}/",
        "organisation-operator": f"organisasi/{lone.pk}/",
        "platform-new": "organisasi/baru/",
    }.items():
        for width in (1280, 360):
            desk.set_viewport_size({"width": width, "height": 900})
            answer = desk.goto(f"{live_server.url}/kelola/{address}")
            assert answer is not None
            assert answer.status == 200, name
            shoot(desk, f"{name}-{width}")
            assert desk.evaluate("document.documentElement.scrollWidth") <= width, (name, width)
            assert barriers(desk) == [], name
