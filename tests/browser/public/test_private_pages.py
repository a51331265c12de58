"""Pages behind a private link are for everybody too: the objection and its answer, and the end of letters."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from aduan.complaints.models import Complaint
from aduan.notifications.services import unsubscribe_token
from tests.browser.public.test_every_page import visit_all
from tests.browser.sessions import send_form
from tests.factories.blocklists import a_block, published
from tests.portal.public.forms import filled

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def objection(portal: str, telkomsel: Any, budi: Any, citra: Any) -> str:
    """The private link of an objection, as its page names it."""
    now = timezone.now()
    a_block(telkomsel, by=(budi, citra), at=now, digits=6281270001234)
    published(telkomsel, at=now)
    client = Client(REMOTE_ADDR="10.1.1.2")
    page = client.post("/keberatan/", {"number": "0812 7000 1234", "statement": "Nomor warung saya."})[
        "Location"
    ]
    return f"{page}{client.cookies['secret'].value}/"


@pytest.fixture
def last_letter(portal: str) -> str:
    """The link at the foot of a letter."""
    Client(REMOTE_ADDR="10.1.1.3").post("/lapor/", filled(contact_email="sari@example.id"))
    return f"/surel/berhenti/{unsubscribe_token(Complaint.objects.latest('pk').topic)}/"


@pytest.mark.parametrize("language", ["id", "en"])
def test_objection_and_unsubscribing_are_for_everybody(
    visit: Any, objection: str, last_letter: str, language: str
) -> None:
    visitor = visit(language=language)
    found = visit_all(visitor, [objection, last_letter])
    page = visitor.page
    send_form(page.locator("main form button").first)
    found += visit_all(visitor, [page.url.removeprefix(visitor.url), "/keberatan/", "/surel/berhenti/"])
    visitor.faults[:] = [fault for fault in visitor.faults if "403" not in fault]
    assert not found, chr(10).join(found)


def test_a_message_is_as_wide_as_the_page_under_it(visit: Any, objection: str) -> None:
    """On a tablet it stood out on both sides of the column."""
    visitor = visit(size={"width": 1024, "height": 900})
    visitor.go(objection)
    page = visitor.page
    page.locator("button[value=send_code]").click()
    message, column = page.locator(".page > .notice").bounding_box(), page.locator(".reading").bounding_box()
    assert message
    assert column
    assert (message["x"], message["width"]) == pytest.approx((column["x"], column["width"]), abs=1)
