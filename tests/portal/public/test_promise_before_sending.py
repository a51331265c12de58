"""The summary names the date that the tracking page will name, and none where the 24 hours do not begin."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from tests.portal.public.forms import filled, receipt_of, screenshot, send

pytestmark = pytest.mark.django_db
MINUTES = dt.timedelta(minutes=5)


def promised_on_the_tracking_page(client: Client, answer: Any) -> dt.datetime | None:
    ticket, secret = receipt_of(answer)
    page = client.get(f"/lacak/{ticket}/{secret}/", follow=True)
    return next((step.until for step in page.context["steps"] if step.code == "review"), None)


@pytest.mark.parametrize("more", [{}, {"narrative": "Penipu", "evidence": "screenshot"}])
def test_the_date_of_the_summary_is_that_of_the_tracking_page(
    client: Client, telkomsel: object, more: dict[str, str]
) -> None:
    def given() -> dict[str, Any]:
        return more | ({"evidence": [screenshot()]} if "evidence" in more else {})

    page = client.post("/lapor/", filled(action="check", **given()))
    promised = page.context["checked"].promised_at
    assert "keputusan paling lambat" in page.content.decode()
    shown = promised_on_the_tracking_page(client, send(client, **given()))
    assert shown is not None
    assert dt.timedelta(0) <= shown - promised < MINUTES


def test_no_date_where_nothing_can_be_reviewed_yet(client: Client, telkomsel: object) -> None:
    page = client.post("/lapor/", filled(action="check", narrative="Penipu"))
    assert page.context["checked"].promised_at is None
    assert "Waktu 24 jam" in page.content.decode()
    assert promised_on_the_tracking_page(client, send(client, narrative="Penipu")) is None
