"""The answer of the check leads on, and Enter looks up what stands in the field."""

from __future__ import annotations

import re

from django.test import Client
from django.utils import timezone

from tests.factories.blocklists import a_block, published

BUTTON = re.compile(r"<button[^>]*type=\"submit\"[^>]*>")


def test_enter_looks_up_what_was_typed_and_not_the_first_offer(client: Client) -> None:
    """Enter presses the first button of a form: it was the first number on offer."""
    page = client.post("/cek/", {"number": "0812-3456-7890 atau 0813-9999-0000"}).text
    form = page[page.index('class="check-form') :]
    assert 'name="chosen"' in form
    assert 'name="chosen"' not in BUTTON.findall(form)[0]


def test_a_blocked_plate_says_so_and_every_answer_leads_on(client, telkomsel, budi, citra) -> None:
    now = timezone.now()
    a_block(telkomsel, by=(budi, citra), at=now, digits=6281234567890)
    published(telkomsel, at=now)
    blocked = client.post("/cek/", {"number": "0812-3456-7890"}).text
    assert re.search(r"plate-blocked.*<small>diblokir s\.d\. ", blocked)
    unknown = client.post("/cek/", {"number": "0813-9999-0000"}).text
    assert "plate-blocked" not in unknown
    for page, ways in (
        (blocked, ("/lapor/?nomor=", "/uang/", "/keberatan/?nomor=")),
        (unknown, ("/lapor/?nomor=", "/bantuan/")),
    ):
        rows = re.findall(r'class="way" href="([^"]*)"', page)
        assert len(rows) == len(ways)
        assert all(row.startswith(way) for row, way in zip(rows, ways, strict=True))
